//! Locating the first difference between a capability XML and the derived one.

use std::fmt;

use serde_json::{Value, json};

/// The first element that differs.
pub(super) struct Difference {
    /// The line in the file, from 1.
    line: usize,
    /// The path to the element: names with the attributes that distinguish them from siblings.
    element: String,
    /// The line of the derived XML; `None` at the end.
    expected: Option<String>,
    /// The line in the file; `None` at the end.
    found: Option<String>,
}

impl Difference {
    /// Compares the text of a file with the derived one.
    pub(super) fn first(file: &str, derived: &str) -> Option<Self> {
        let (mut found, mut expected) = (file.split_inclusive('\n'), derived.split_inclusive('\n'));
        let mut open = Open::default();
        let mut line = 0;
        loop {
            line += 1;
            match (found.next(), expected.next()) {
                (None, None) => return None,
                (Some(found), Some(expected)) if found == expected => open.pass(expected),
                (found, expected) => {
                    // Name the element that continues rather than the one that ends.
                    let tag = [expected, found].into_iter().flatten().find_map(Tag::beginning);
                    let text = |line: Option<&str>| line.map(|line| line.trim().to_owned());
                    return Some(Self {
                        line,
                        element: open.path(tag),
                        expected: text(expected),
                        found: text(found),
                    });
                }
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        let Self { line, element, expected, found } = self;
        json!({"line": line, "element": element, "expected": expected, "found": found})
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |line: &Option<String>| match line.as_deref() {
            None => "the end".to_owned(),
            Some("") => "a blank line".to_owned(),
            Some(line) => format!("`{line}`"),
        };
        let (expected, found) = (quoted(&self.expected), quoted(&self.found));
        write!(f, "line {}, {}: ", self.line, self.element)?;
        if expected == found {
            return write!(f, "other blanks around {expected}");
        }
        write!(f, "expected {expected}, found {found}")
    }
}

/// The open elements. libvirt writes one element per line.
#[derive(Default)]
struct Open<'x>(Vec<Tag<'x>>);

impl<'x> Open<'x> {
    fn pass(&mut self, line: &'x str) {
        let line = line.trim();
        // A text, such as a package, may have several lines.
        if self.0.last().is_some_and(|tag| tag.ends(line)) {
            self.0.pop();
        } else if let Some(tag) =
            Tag::beginning(line).filter(|tag| !line.ends_with("/>") && !tag.ends(line))
        {
            self.0.push(tag);
        }
    }

    fn path(&self, last: Option<Tag<'x>>) -> String {
        let tags = self.0.iter().chain(last.as_ref());
        tags.flat_map(|tag| ["/".to_owned(), tag.to_string()]).collect()
    }
}

/// The beginning of an element.
#[derive(Clone, Copy)]
struct Tag<'x> {
    name: &'x str,
    attributes: &'x str,
}

impl<'x> Tag<'x> {
    fn beginning(line: &'x str) -> Option<Self> {
        let rest = line.trim_start().strip_prefix('<').filter(|rest| !rest.starts_with('/'))?;
        let inside = rest.split('>').next()?;
        let end = inside.find([' ', '/']).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        Some(Self { name, attributes })
    }

    fn ends(self, line: &str) -> bool {
        line.ends_with(&format!("</{}>", self.name))
    }
}

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        for attribute in ["type", "name"] {
            let value = self.attributes.split_once(&format!(" {attribute}='"));
            // The type of a CPU property can differ, so it does not identify the property.
            let is_key = attribute != "type" || self.name != "property";
            if let Some((value, _)) =
                value.and_then(|(_, rest)| rest.split_once('\'')).filter(|_| is_key)
            {
                write!(f, "[@{attribute}='{value}']")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Difference;

    const XML: &str = "\
<qemuCaps>
  <flag name='kvm'/>
  <package>a
b</package>
  <hostCPU type='kvm' model='base' migratability='yes'>
    <property name='avx' type='boolean' value='true'/>
  </hostCPU>
  <cpu type='tcg' name='max' usable='no'>
    <blocker name='b'/>
  </cpu>
  <machine type='tcg' name='pc'/>
</qemuCaps>
";

    #[test]
    fn the_first_element_that_differs_is_named() {
        assert!(Difference::first(XML, XML).is_none());
        let machine = "/qemuCaps/machine[@type='tcg'][@name='pc']";
        let cases = [
            (
                "'kvm'/>",
                "'kvm-x'/>",
                "line 2, /qemuCaps/flag[@name='kvm']: expected `<flag name='kvm'/>`, found `<flag name='kvm-x'/>`",
            ),
            ("<package>a", "<package>b", "line 3, /qemuCaps/package: "),
            ("model='base'", "model='max'", "line 5, /qemuCaps/hostCPU[@type='kvm']: "),
            ("'true'", "'false'", "line 6, /qemuCaps/hostCPU[@type='kvm']/property[@name='avx']: "),
            ("boolean", "number", "line 6, /qemuCaps/hostCPU[@type='kvm']/property[@name='avx']: "),
            // One too few, one too many, at the end of its parent.
            (
                "    <blocker name='b'/>\n",
                "",
                "line 9, /qemuCaps/cpu[@type='tcg'][@name='max']/blocker[@name='b']: expected `<blocker name='b'/>`, found `</cpu>`",
            ),
            (
                "  </cpu>",
                "    <blocker name='c'/>\n  </cpu>",
                "line 10, /qemuCaps/cpu[@type='tcg'][@name='max']/blocker[@name='c']: expected `</cpu>`, found `<blocker name='c'/>`",
            ),
            (
                "'pc'/>",
                "'pc'/>\n",
                "line 12, /qemuCaps: expected `</qemuCaps>`, found a blank line",
            ),
            (
                "  <machine",
                "<machine",
                &format!(
                    "line 11, {machine}: other blanks around `<machine type='tcg' name='pc'/>`"
                ),
            ),
            ("</qemuCaps>\n", "", "line 12, /qemuCaps: expected `</qemuCaps>`, found the end"),
            (
                "</qemuCaps>\n",
                "</qemuCaps>",
                "line 12, /qemuCaps: other blanks around `</qemuCaps>`",
            ),
        ];
        for (from, to, message) in cases {
            assert!(XML.contains(from), "nothing to change: {from}");
            let file = XML.replacen(from, to, 1);
            let text = Difference::first(&file, XML).expect(from).to_string();
            assert!(text.starts_with(message), "{text}\n{message}");
        }
    }
}
