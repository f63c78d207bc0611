//! Where the captures of the project come from, as the README beside them says.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use qemu_caps::capture::Captures;
use qemu_caps::survey::{Provenance, Survey};
use qemu_caps::testing::Golden;

const BEGIN: &str =
    "<!-- Made from the surveys by tests/provenance.rs; CONTRIBUTING.md says how. -->\n";

/// The columns after the name of the capture.
const COLUMNS: [&str; 6] = ["package", "accelerator", "host-cpu", "kernel", "recorded", "program"];

#[test]
fn the_readme_has_the_origin_of_each_survey() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("qemucapabilitiesdata/README.md");
    let text = fs::read_to_string(&readme).expect("a README");
    let (prose, _) = text.split_once(BEGIN).expect("a line that begins the table");
    let captures = Captures::discover(qemu_caps::data::DIR).expect("captures");
    let mut table = format!("{prose}{BEGIN}\n| capture | files | {} |\n", COLUMNS.join(" | "));
    table.push_str(&"|---".repeat(COLUMNS.len() + 2));
    table.push_str("|\n");
    for capture in &captures {
        let path = capture.survey.as_ref().expect("each capture has a survey");
        let survey = Survey::from_bytes(&fs::read(path).expect("a file")).expect("a survey");
        let origin = survey.provenance().expect("the origin of a survey");
        let files = if capture.is_survey_alone() { "survey" } else { "survey, replies, xml" };
        let cells = COLUMNS.map(|column| cell(&origin, column));
        writeln!(table, "| {} | {files} | {} |", capture.id, cells.join(" | ")).expect("memory");
    }
    Golden::at(readme).assert(&table);
}

fn cell(origin: &Provenance, column: &str) -> String {
    let members = origin.members();
    let (_, value) = members.iter().find(|(name, _)| *name == column).expect("a column");
    value.unwrap_or("left out").replace('|', "\\|")
}
