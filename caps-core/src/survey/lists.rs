use super::mark::Printed;

/// An entry in the output of `-OPTION help`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The name.
    pub name: String,
    /// The text beside the name; may be empty.
    pub description: String,
}

/// Parses the output of `-OPTION help`. For every option, each line up to the first empty one is an
/// entry, except for an optional heading; later lines are something else.
pub(super) fn read(option: &str, printed: &Printed) -> Vec<Listed> {
    let lines = if printed.stdout.is_empty() { &printed.stderr } else { &printed.stdout };
    if option == "drive" {
        return formats(lines);
    }
    let lines = lines.iter().map(String::as_str).skip_while(|line| line.is_empty());
    // Device types are grouped into paragraphs.
    let body = lines.take_while(|line| !line.is_empty() || option == "device");
    body.filter(|line| !is_heading(line)).filter_map(|line| entry(option, line)).collect()
}

/// Headings end with a colon and start in the first column.
fn is_heading(line: &str) -> bool {
    let text = line.trim_end();
    !text.starts_with(' ') && (text.ends_with(':') || text == "Supported machines are")
}

fn entry(option: &str, line: &str) -> Option<Listed> {
    let text = line.trim();
    if option == "device" {
        let (name, rest) = text.strip_prefix("name \"")?.split_once('"')?;
        let description = rest.trim_start_matches(", ").to_owned();
        return Some(Listed { name: name.to_owned(), description });
    }
    let text = match option {
        // QEMU before 9.0 prefixes each model with the target.
        "cpu" => ["x86 ", "s390 ", "PowerPC "]
            .iter()
            .find_map(|target| text.strip_prefix(target))
            .unwrap_or(text),
        _ => text,
    };
    // Keys, such as those of `-smp`, are followed by an equals sign and their type.
    let end = text.find([' ', '\t', '=']).unwrap_or(text.len());
    let description = text[end..].trim_start_matches([' ', '\t', '=']);
    (end > 0).then(|| Listed { name: text[..end].to_owned(), description: description.to_owned() })
}

/// `-drive format=help` prints all formats on two lines, the second for read-only formats.
fn formats(lines: &[String]) -> Vec<Listed> {
    let mut formats: Vec<Listed> = Vec::new();
    for line in lines {
        let Some((heading, names)) = line.split_once(':') else { continue };
        let description = if heading.ends_with("(read-only)") { "read-only" } else { "" };
        for name in names.split_whitespace() {
            if formats.iter().all(|format| format.name != name) {
                formats.push(Listed { name: name.to_owned(), description: description.to_owned() });
            }
        }
    }
    formats
}
