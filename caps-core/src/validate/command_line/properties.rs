use std::sync::OnceLock;

use crate::json::Node;
use crate::qmp::Reply;
use crate::validate::Property;
use crate::validate::allowed::Allowed;

/// The properties of a type. Each is read when it is first asked for: a type has a hundred, and a
/// command line sets a few.
#[derive(Debug)]
pub(super) struct Properties {
    owner: String,
    reply: Reply,
    /// Sorted by name.
    list: Vec<Listed>,
    names: OnceLock<Allowed>,
}

#[derive(Debug)]
struct Listed {
    name: Box<str>,
    /// Where the reply has it.
    position: u32,
    property: OnceLock<Option<Property>>,
}

impl Properties {
    /// The properties of the type `owner`; `None` if QEMU did not list them.
    pub(super) fn of(owner: &str, reply: Reply) -> Option<Self> {
        let is_property = |node: &Node<'_>| node.get_str("type").is_some();
        let listed = |node: Node<'_>| {
            let name = node.get_str("name")?.into();
            Some(Listed { name, position: node.position(), property: OnceLock::new() })
        };
        let elements = reply.result().ok()?.elements();
        let mut list: Vec<Listed> = elements.filter(is_property).filter_map(listed).collect();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        // Of several properties with one name, the last counts.
        list.dedup_by(|next, first| {
            let same = next.name == first.name;
            if same {
                first.position = next.position;
            }
            same
        });
        Some(Self { owner: owner.to_owned(), reply, list, names: OnceLock::new() })
    }

    /// The property with this name.
    pub(super) fn get(&self, name: &str) -> Option<&Property> {
        let listed = &self.list[self.find(name)?];
        let property = listed.property.get_or_init(|| {
            let answer = self.reply.result().ok()?;
            Property::read(&self.owner, answer.node_at(listed.position))
        });
        property.as_ref()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.list.binary_search_by(|listed| (*listed.name).cmp(name)).ok()
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> &Allowed {
        self.names.get_or_init(|| Allowed::new(self.list.iter().map(|one| &*one.name)))
    }
}
