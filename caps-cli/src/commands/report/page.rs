//! The page: a self-contained HTML file.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::document::Document;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/style.css");
/// The parts of the script, one file per topic.
const SCRIPT: &[&str] = &[
    include_str!("page/data.js"),
    include_str!("page/search.js"),
    include_str!("page/dom.js"),
    include_str!("page/table.js"),
    include_str!("page/differences.js"),
    include_str!("page/details.js"),
    include_str!("page/plots.js"),
    include_str!("page/main.js"),
];

/// Generates the page for a document. Text from captures appears only in the packed data.
pub(crate) fn write(document: &Document) -> std::io::Result<String> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    serde_json::to_writer(&mut packed, document)?;
    packed.flush()?;
    let data = base64(&packed.finish()?);
    let script = SCRIPT.concat();
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(&script),
        hash(STYLE)
    );
    let parts = [
        ("{policy}", policy.as_str()),
        ("{style}", STYLE),
        ("{data}", &data),
        ("{script}", &script),
    ];
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + data.len() + script.len());
    let mut rest = PAGE;
    for (place, part) in parts {
        let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(part);
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

/// The hash that identifies a script or style in a Content-Security-Policy.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| chunk.get(index).copied().unwrap_or_default();
        let bits = u32::from_be_bytes([0, byte(0), byte(1), byte(2)]);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            let is_padding = digit > chunk.len();
            text.push(if is_padding { '=' } else { char::from(DIGITS[index as usize]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::report::build::Builder;

    #[test]
    fn the_page_has_its_parts_and_the_packed_document() {
        let document = Builder::new(0, Vec::new()).finish();
        let page = write(&document).expect("memory");
        assert!(page.starts_with("<!doctype html>"), "{}", &page[..100]);
        let script = SCRIPT.concat();
        for part in [hash(&script).as_str(), hash(STYLE).as_str(), script.as_str(), STYLE] {
            assert!(page.contains(part), "{part}");
        }
        let text = serde_json::to_vec(&document).expect("memory");
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&text).expect("memory");
        packed.flush().expect("memory");
        assert!(page.contains(&base64(&packed.finish().expect("memory"))));
        assert!(["{policy}", "{style}", "{data}"].iter().all(|place| !page.contains(place)));
    }

    #[test]
    fn scripts_are_identified_by_their_hash() {
        // The digest of nothing is well known.
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_ne!(hash("a"), hash("b"));
    }

    #[test]
    fn base64_has_padding() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
