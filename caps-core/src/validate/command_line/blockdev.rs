//! Block device nodes.

use super::backends::Typed;
use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::Tree;
use crate::json::Node;
use crate::validate::{Stage, ViolationKind};

impl Judge<'_> {
    pub(super) fn check_blockdevs(&mut self) {
        for argument in self.options(&["blockdev"]) {
            self.at(argument);
            let Some(value) = self.keyval(argument) else { continue };
            let type_name = self.argument_type("blockdev-add");
            self.check_type(type_name, &value, "driver");
            if value.get("node-name").is_none() {
                self.missing(
                    "node-name",
                    "a name for the node",
                    "'node-name' must be specified for the root node",
                );
            }
            self.check_format(&value);
            self.check_raw_size(&value);
            self.check_nodes(&value);
        }
    }

    /// Checks for drivers that the schema lists but this build lacks, or has in a module.
    fn check_format(&mut self, value: &Typed<'_>) {
        const MODULES: &[&str] =
            &["ftp", "ftps", "gluster", "http", "https", "iscsi", "nfs", "rbd", "ssh"];
        if let Some(driver) =
            value.get("driver").filter(|driver| MODULES.contains(&driver.as_str()))
        {
            self.unchecked(
                "driver",
                format!("whether the module of the driver `{driver}` is installed is not known"),
            );
        }
        let (Some(driver), Some(formats)) = (value.get("driver"), self.know.lists.get("drive"))
        else {
            return;
        };
        let type_name = self.argument_type("blockdev-add").unwrap_or_default();
        let known = self.has_case(&type_name, "driver", &driver);
        if known && !formats.contains(&driver) {
            let words = format!("Unknown driver '{driver}'");
            let formats: Vec<&str> = formats.iter().map(String::as_str).collect();
            self.not_among(
                "driver",
                &driver,
                (ViolationKind::NotBuilt, Stage::Type),
                formats,
                words,
            );
        }
    }

    /// Checks that a part of an image consists of whole sectors.
    fn check_raw_size(&mut self, value: &Typed<'_>) {
        if value.get("driver").as_deref() != Some("raw") {
            return;
        }
        let size = match value {
            Typed::Json(node) => node.get("size").and_then(Node::as_u64),
            Typed::Tree(tree) => tree
                .get("size")
                .and_then(Tree::as_text)
                .and_then(|text| crate::command_line::scalar::size(text, 1).ok()),
        };
        if let Some(size) = size.filter(|size| size % 512 != 0) {
            let words = "Specified size is not multiple of 512";
            self.wrong_value("size", &size.to_string(), "a multiple of 512", words);
        }
    }

    fn check_nodes(&mut self, value: &Typed<'_>) {
        for key in ["file", "backing"] {
            if let Some(node) = value.get(key).filter(|node| !node.is_empty()) {
                let known = self.find(Space::Node, &node).is_some()
                    || self.find(Space::Drive, &node).is_some();
                if !known {
                    self.refer_node(key, &node);
                }
            }
        }
        if let Some(name) = value.get("node-name") {
            if crate::command_line::scalar::is_identifier(&name) && name.len() < 32 {
                let kind = value.get("driver").unwrap_or_default();
                self.name(Space::Node, &name, Named { kind, shared: false, uses: 0 });
            } else {
                let words = format!("Invalid node-name: '{name}'");
                self.wrong_value(
                    "node-name",
                    &name,
                    "an identifier of at most 31 characters",
                    words,
                );
            }
        }
    }

    pub(super) fn refer_node(&mut self, key: &str, node: &str) {
        let words = format!("Cannot find device='' nor node-name='{node}'");
        self.dangling(Space::Node, key, node, words);
    }
}
