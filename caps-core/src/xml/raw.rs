use std::borrow::Cow;

use super::document::Document;
use super::well_formed::is_character;
use crate::caps::Capabilities;

/// Text that libvirt does not escape in capability XML, and that XML readers therefore misinterpret
/// or reject.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawText {
    /// The kind of text: `package`, `CPU blocker` and so on.
    pub place: &'static str,
    /// The text.
    pub text: String,
}

/// Finds the texts that appear unescaped in the XML although they contain markup characters or
/// characters that XML does not allow.
///
/// ```
/// use caps_core::{Arch, Capabilities, xml};
///
/// let mut caps = Capabilities::new(Arch::X86_64);
/// caps.package = Some("Debian <local>".to_owned());
/// let raw = xml::raw_texts(&caps, &xml::write(&caps));
/// assert_eq!((raw[0].place, raw[0].text.as_str()), ("package", "Debian <local>"));
/// ```
pub fn raw_texts(caps: &Capabilities, xml: &str) -> Vec<RawText> {
    let mut found: Vec<RawText> = Vec::new();
    let mut add = |place, text: &str, in_attribute: bool| {
        let is_raw = text.contains(['<', '&'])
            || text.contains('\r')
            || (in_attribute && text.contains(['\'', '\t', '\n']))
            || text.contains(|c| !is_character(c));
        let known = found.iter().any(|raw| raw.place == place && raw.text == text);
        if is_raw && !known && stands_in(xml, text, in_attribute) {
            found.push(RawText { place, text: text.to_owned() });
        }
    };
    add("emulator", &caps.emulator, false);
    for (place, text) in [
        ("package", &caps.package),
        ("kernel version", &caps.kernel_version),
        ("host CPU signature", &caps.host_cpu_signature),
    ] {
        add(place, text.as_deref().unwrap_or_default(), false);
    }
    for accel in caps.blocks() {
        let data = caps.acceleration(accel);
        if let Some(cpu) = &data.host_cpu {
            add("host CPU model", &cpu.model, true);
            for property in &cpu.properties {
                add("host CPU property", &property.name, true);
            }
            for name in cpu.deprecated_features.iter().flatten() {
                add("deprecated CPU feature", name, true);
            }
        }
        for model in data.cpus.iter().flatten() {
            add("CPU model", &model.name, true);
            for blocker in &model.blockers {
                add("CPU blocker", blocker, true);
            }
        }
        for machine in &data.machines {
            add("machine type", &machine.name, true);
        }
    }
    found
}

/// Returns whether the XML contains the text unescaped.
fn stands_in(xml: &str, text: &str, in_attribute: bool) -> bool {
    let whole = if in_attribute { format!("='{text}'") } else { format!(">{text}</") };
    xml.contains(&whole)
}

/// Takes the package out of the XML if it makes the XML malformed, since libvirt writes it unescaped.
/// Whatever it contains, the package ends with its line.
pub(super) fn split_raw_package(xml: &str) -> (Cow<'_, str>, Option<&str>) {
    const OPEN: &str = "<package>";
    const CLOSE: &str = "</package>";
    let whole = (Cow::Borrowed(xml), None);
    let Some(start) = xml.find(OPEN).map(|at| at + OPEN.len()) else { return whole };
    let line_end = xml[start..].find('\n').map_or(xml.len(), |length| start + length);
    let Some(length) = xml[start..line_end].rfind(CLOSE) else { return whole };
    let (package, rest) = xml[start..].split_at(length);
    if is_well_formed(package) {
        return whole;
    }
    (Cow::Owned([&xml[..start], rest].concat()), Some(package))
}

/// Returns whether a text is the content of an element without nested elements.
fn is_well_formed(text: &str) -> bool {
    !text.contains('<') && Document::parse(&format!("<package>{text}</package>")).is_ok()
}

#[cfg(test)]
mod tests {
    use super::raw_texts;
    use crate::arch::Arch;
    use crate::caps::Capabilities;
    use crate::version::Version;
    use crate::xml::{read, write};

    #[test]
    fn a_package_with_any_content_reads_back() {
        let mut caps = Capabilities::new(Arch::X86_64);
        caps.version = Version::from_number(10_000_000);
        for package in [
            "",
            "v9",
            "a <b> & c",
            "a&b;c <",
            "R&D;",
            "&#1;",
            "</x>",
            "]]>",
            "<!--",
            "<![CDATA[",
            "a</package>b",
            "\u{1}",
            "\0<",
            "\u{ffff}",
        ] {
            caps.package = Some(package.to_owned());
            let xml = write(&caps);
            assert_eq!(read(&xml).expect(package).package.as_deref(), Some(package));
            let raw = raw_texts(&caps, &xml);
            let is_plain = package.chars().all(|c| c.is_ascii_graphic() && !"<&".contains(c));
            assert_eq!(raw.is_empty(), is_plain, "{package}");
        }
    }
}
