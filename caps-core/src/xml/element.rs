use std::borrow::Cow;

use quick_xml::events::Event;

use super::attributes::{Attributes, Index};
use super::document::{Document, resolve};
use super::error::{XmlError, XmlErrorKind};
use super::node::Node;

impl Document<'_> {
    /// The root element.
    pub(crate) fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }
}

/// An element with its content and position; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) index: usize,
}

/// An element whose attributes have been looked for at once.
#[derive(Debug)]
pub(crate) struct Indexed<'d> {
    pub(super) element: Element<'d>,
    attributes: Index<'d>,
}

/// Something with attributes.
pub(crate) trait Attributed<'d>: Copy {
    /// The element.
    fn element(self) -> Element<'d>;

    /// The value of an attribute.
    fn attribute(self, name: &str) -> Option<Cow<'d, str>>;
}

impl<'d> Attributed<'d> for Element<'d> {
    fn element(self) -> Element<'d> {
        self
    }

    fn attribute(self, name: &str) -> Option<Cow<'d, str>> {
        Element::attribute(self, name)
    }
}

impl<'d> Attributed<'d> for &Indexed<'d> {
    fn element(self) -> Element<'d> {
        self.element
    }

    fn attribute(self, name: &str) -> Option<Cow<'d, str>> {
        self.attributes.value_of(name)
    }
}

impl<'d> Element<'d> {
    #[inline]
    fn node(self) -> Node {
        self.document.nodes[self.index]
    }

    /// The name.
    pub(crate) fn name(self) -> &'d str {
        self.document.name(self.node())
    }

    /// Returns whether the element has this name.
    #[inline]
    pub(crate) fn is(self, name: &str) -> bool {
        let Node { start, name_end, .. } = self.node();
        let (bytes, start, end) = (self.document.xml.as_bytes(), start as usize, name_end as usize);
        // Most differ in length.
        end - start == 1 + name.len() && bytes[start + 1..end] == *name.as_bytes()
    }

    /// The child elements, in order.
    pub(crate) fn children(self) -> Children<'d> {
        let end = self.node().next as usize;
        Children { document: self.document, at: self.index + 1, end }
    }

    /// How many elements are in this one, at any depth.
    pub(super) fn count(self) -> usize {
        self.node().next as usize - self.index - 1
    }

    /// The child elements with this name, in order.
    pub(crate) fn all<'n>(self, name: &'n str) -> Named<'d, 'n> {
        Named { children: self.children(), name }
    }

    /// The first child element with this name.
    pub(crate) fn first(self, name: &str) -> Option<Element<'d>> {
        self.all(name).next()
    }

    fn own_attributes(self) -> Attributes<'d> {
        Attributes::new(self.document.xml, self.node().name_end as usize)
    }

    /// The attributes in order, as pairs of name and value.
    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'d str, Cow<'d, str>)> {
        self.own_attributes().map(|attribute| (attribute.name(), attribute.value()))
    }

    /// The value of an attribute.
    #[inline]
    pub(crate) fn attribute(self, name: &str) -> Option<Cow<'d, str>> {
        self.own_attributes().value_of(name)
    }

    /// The element with its attributes at hand, for whoever asks for many of them.
    pub(crate) fn indexed(self) -> Indexed<'d> {
        Indexed { element: self, attributes: self.own_attributes().index() }
    }

    /// The character data, including that of nested elements.
    pub(crate) fn text(self) -> Cow<'d, str> {
        let Some(start) = self.own_attributes().content() else { return Cow::Borrowed("") };
        let content = &self.document.xml[start..];
        let (text, rest) = content.split_at(content.find('<').unwrap_or(content.len()));
        if rest.starts_with("</") && !text.contains(['&', '\r']) {
            return Cow::Borrowed(text);
        }
        let (mut text, mut depth) = (String::new(), 0_usize);
        let mut reader =
            quick_xml::Reader::from_str(&self.document.xml[self.node().start as usize..]);
        // The document has been checked.
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Text(more) => text.push_str(&more.xml10_content()),
                Event::CData(more) => text.push_str(&more.xml10_content()),
                Event::GeneralRef(reference) => {
                    text.push_str(&resolve(&reference).unwrap_or_default());
                }
                Event::Start(_) => depth += 1,
                Event::End(_) if depth > 1 => depth -= 1,
                Event::End(_) | Event::Eof => break,
                _ => {}
            }
        }
        Cow::Owned(text)
    }

    /// Creates an error at the start of this element.
    pub(crate) fn error(self, kind: XmlErrorKind) -> XmlError {
        XmlError::at(self.document.xml, self.node().start as usize, kind)
    }
}

/// The children of an element.
pub(crate) struct Children<'d> {
    document: &'d Document<'d>,
    at: usize,
    end: usize,
}

impl<'d> Iterator for Children<'d> {
    type Item = Element<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at == self.end {
            return None;
        }
        let child = Element { document: self.document, index: self.at };
        self.at = self.document.nodes[self.at].next as usize;
        Some(child)
    }
}

/// The children of an element that have a name.
pub(crate) struct Named<'d, 'n> {
    children: Children<'d>,
    name: &'n str,
}

impl<'d> Iterator for Named<'d, '_> {
    type Item = Element<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let child = self.children.next()?;
            if child.is(self.name) {
                return Some(child);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attributed as _;
    use crate::xml::document::Document;

    #[test]
    fn attributes_are_those_of_the_tag() {
        let document = Document::parse(r#"<r><b x=""><a version="q"/></b></r>"#).expect("XML");
        let b = document.root().first("b").expect("an element");
        let a = b.first("a").expect("an element");
        assert_eq!(a.attribute("version").as_deref(), Some("q"));
        for name in ["x", "versio", "ersion", "version=", &"x".repeat(100)] {
            assert_eq!(a.attribute(name), None, "{name}");
        }
        for twice in ["<a bbbb='1' bbbb='2'/>", "<a x='1' bbbb='1' bbbb='2'/>"] {
            assert!(Document::parse(twice).is_err(), "{twice}");
        }
    }

    #[test]
    fn blanks_around_an_equals_sign_are_no_part_of_the_value() {
        for blanks in ["", " ", "  ", "\t", "\t\t", "\n\n", "\r\r", "\r\n", "\n \n"] {
            for (before, behind) in [(blanks, ""), ("", blanks), (blanks, blanks)] {
                let text = format!("<e a{before}={behind}'x' b{before}={behind}\"y\"/>");
                let document = Document::parse(&text).expect(&text);
                let root = document.root();
                for (name, value) in [("a", "x"), ("b", "y")] {
                    assert_eq!(root.attribute(name).as_deref(), Some(value), "{text:?}");
                    assert_eq!(root.indexed().attribute(name).as_deref(), Some(value), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn each_of_many_attributes_is_found() {
        for count in [1, 11, 12, 13, 14, 40] {
            let attributes: Vec<String> = (0..count).map(|n| format!(" a{n}='{n}'")).collect();
            let text = format!("<a{}/>", attributes.concat());
            let document = Document::parse(&text).expect("a document");
            let root = document.root();
            for n in 0..count {
                let (name, value) = (format!("a{n}"), n.to_string());
                assert_eq!(root.attribute(&name).as_deref(), Some(&*value), "{text}");
                assert_eq!(root.indexed().attribute(&name).as_deref(), Some(&*value), "{text}");
            }
            // As long as the first, and with the same value behind it.
            for name in ["b0", &format!("a{count}")] {
                assert_eq!((root.attribute(name), root.indexed().attribute(name)), (None, None));
            }
        }
    }

    #[test]
    fn text_is_that_of_an_element_and_of_those_in_it() {
        let xml = "<a><b>1<c>2<d/>3</c>4<c/>&lt;<!-- no --><![CDATA[5]]></b>6<b>7</b></a>";
        let document = Document::parse(xml).expect("a document");
        let texts: Vec<_> = document.root().all("b").map(|b| b.text().into_owned()).collect();
        assert_eq!(texts, ["1234<5", "7"]);
        assert_eq!(document.root().text(), "1234<567");
        let counts: Vec<_> = document.root().all("b").map(super::Element::count).collect();
        assert_eq!((document.root().count(), counts), (5, vec![3, 0]));
    }
}
