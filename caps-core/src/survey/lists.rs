use super::mark::Printed;

/// An entry of what `-OPTION help` lists.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The name.
    pub name: String,
    /// What stands beside it; empty where there is nothing.
    pub description: String,
}

/// Reads what `-OPTION help` prints. Whatever the option, there is one entry a line, after at most one
/// heading, up to an empty line; what comes after that is of another kind.
pub(super) fn read(option: &str, printed: &Printed) -> Vec<Listed> {
    let lines = if printed.stdout.is_empty() { &printed.stderr } else { &printed.stdout };
    if option == "drive" {
        return formats(lines);
    }
    let lines = lines.iter().map(String::as_str).skip_while(|line| line.is_empty());
    // Device types are listed in paragraphs.
    let body = lines.take_while(|line| !line.is_empty() || option == "device");
    body.filter(|line| !is_heading(line)).filter_map(|line| entry(option, line)).collect()
}

/// Headings end with a colon and begin in the first column.
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
        // QEMU before 9.0 puts the target before each model.
        "cpu" if !line.starts_with(' ') => ["x86 ", "s390 ", "PowerPC "]
            .iter()
            .find_map(|target| text.strip_prefix(target))
            .unwrap_or(text),
        _ => text,
    };
    // The keys of `-smp` and its like have their types behind an equals sign.
    let end = text.find([' ', '\t', '=']).unwrap_or(text.len());
    let description = text[end..].trim_start_matches([' ', '\t', '=']);
    (end > 0).then(|| Listed { name: text[..end].to_owned(), description: description.to_owned() })
}

/// `-drive format=help` puts all formats on two lines, those that can only be read on the second.
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
