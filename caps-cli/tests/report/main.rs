//! The data of the report agrees with the other subcommands.

mod differing;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use support::{data, run, text};

const SURVEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../qemucapabilitiesdata");

/// The document, decoded as docs/report.md describes.
struct Document(Value);

/// The value of an entry in a capture: absent (null), unknown (false), present (true), or details.
type Cells = Vec<Value>;

impl Document {
    fn of(arguments: &[&str]) -> Self {
        let (exit, out, errors) = run(["report", "--json"].iter().chain(arguments).copied());
        assert_eq!((exit, errors.as_str()), (0, ""));
        Self(serde_json::from_str(&out).expect("JSON"))
    }

    fn cells(&self, pattern: &Value) -> Cells {
        let index =
            |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("small");
        let runs = self.0["patterns"][index(pattern)].as_array().expect("a pattern");
        let cells = runs.chunks(2).flat_map(|run| {
            std::iter::repeat_n(self.0["records"][index(&run[0])].clone(), index(&run[1]))
        });
        cells.collect()
    }

    fn rows(&self, rows: &Value) -> BTreeMap<String, Cells> {
        let rows = rows.as_array().expect("rows").iter();
        rows.map(|row| (row[0].as_str().expect("a name").to_owned(), self.cells(&row[1]))).collect()
    }

    fn kind(&self, kind: &str, baseline: Option<&str>) -> &Value {
        let kinds = self.0["kinds"].as_array().expect("kinds").iter();
        let is_it = |one: &&Value| one["kind"] == kind && one["baseline"].as_str() == baseline;
        kinds.clone().find(is_it).unwrap_or_else(|| panic!("{kind}"))
    }

    fn table(&self, kind: &str) -> BTreeMap<String, Cells> {
        self.rows(&self.kind(kind, None)["rows"])
    }

    /// The parts of an entry, such as the properties of a device.
    fn parts(&self, kind: &str, name: &str) -> BTreeMap<String, Cells> {
        let rows = self.kind(kind, None)["rows"].as_array().expect("rows");
        let row = rows.iter().find(|row| row[0] == name).expect(name);
        let number = usize::try_from(row[2].as_u64().expect("a group")).expect("small");
        match kind {
            "command" | "event" => self.rows(&self.0["types"][number]["rows"]),
            _ => self.rows(&self.0["groups"][number]),
        }
    }
}

/// The document of three surveys, shared by several tests.
fn shared() -> &'static Document {
    static SHARED: OnceLock<Document> = OnceLock::new();
    SHARED.get_or_init(|| {
        Document::of(&["--data", SURVEYS, "7.2.22_x86_64", "10.0.13_x86_64", "11.1.3_x86_64"])
    })
}

fn is_there(cell: &Value) -> bool {
    !cell.is_null() && *cell != Value::Bool(false)
}

/// The names that only the first or only the second of two captures has.
fn one_sided(table: &BTreeMap<String, Cells>) -> BTreeSet<(String, bool)> {
    let sided = |(name, cells): (&String, &Cells)| {
        let both_tell = cells.iter().all(|cell| *cell != Value::Bool(false));
        let added = is_there(&cells[1]);
        (both_tell && is_there(&cells[0]) != added).then(|| (name.clone(), added))
    };
    table.iter().filter_map(sided).collect()
}

#[test]
fn flags_are_those_of_show_for_each_release_of_libvirt() {
    for baseline in ["11.3", "12.8"] {
        let document = shared();
        let flags = document.rows(&document.kind("flag", Some(baseline))["rows"]);
        for (capture, name) in [(0, "7.2.22_x86_64"), (2, "11.1.3_x86_64")] {
            let path = format!("{SURVEYS}/caps_{name}.survey");
            let (exit, out, _) = run(["show", "--baseline", baseline, &path, "--format", "json"]);
            assert_eq!(exit, 0);
            let shown: Value = serde_json::from_str(&out).expect("JSON");
            let reported: BTreeSet<&str> = flags
                .iter()
                .filter(|(_, cells)| is_there(&cells[capture]))
                .map(|(name, _)| name.as_str())
                .collect();
            let expected: BTreeSet<&str> = shown["flags"]
                .as_array()
                .expect("flags")
                .iter()
                .filter_map(Value::as_str)
                .collect();
            assert_eq!(reported, expected, "{name} {baseline}");
        }
    }
}

#[test]
fn what_only_one_of_two_captures_has_is_what_diff_says() {
    let names = ["10.0.13_x86_64", "11.1.3_x86_64"];
    let data = data();
    let document = Document::of(&["--data", text(&data), names[0], names[1]]);
    let (exit, out, _) =
        run(["diff", "--data", text(&data), names[0], names[1], "--format", "json"]);
    assert_eq!(exit, 0);
    let diff: Value = serde_json::from_str(&out).expect("JSON");
    let differences = diff["differences"].as_array().expect("differences");
    let of = |kind: &str| -> BTreeSet<(String, bool)> {
        let own =
            differences.iter().filter(|one| one["kind"] == kind && one["change"] != "changed");
        own.map(|one| (one["name"].as_str().expect("a name").to_owned(), one["change"] == "added"))
            .collect()
    };
    for (kind, table) in [("command", "command"), ("event", "event"), ("qom-type", "type")] {
        let expected = of(kind);
        assert!(!expected.is_empty(), "{kind}");
        assert_eq!(one_sided(&document.table(table)), expected, "{kind}");
    }
    // The parts of types that both have, by the shortest query that leads to each.
    let mut found = BTreeSet::new();
    for one in document.0["types"].as_array().expect("types") {
        if document.cells(&one["values"]).iter().all(is_there) {
            let path = one["path"].as_str().expect("a path");
            let parts = one_sided(&document.rows(&one["rows"]));
            found.extend(parts.into_iter().map(|(part, added)| (format!("{path}/{part}"), added)));
        }
    }
    let mut expected = BTreeSet::new();
    for kind in ["member", "variant", "enum-value", "feature"] {
        expected.extend(of(kind));
    }
    // The features of members and values are in their records.
    let is_of_part = |name: &str| {
        let (owner, last) = name.rsplit_once('/').unwrap_or(("", name));
        last.starts_with('$') && owner.contains('/')
    };
    expected.retain(|(name, _)| !is_of_part(name));
    found.retain(|(name, _)| !is_of_part(name) && !name.contains('!'));
    assert!(expected.len() > 50, "{expected:?}");
    let differing: Vec<_> = found.symmetric_difference(&expected).collect();
    assert!(differing.is_empty(), "only one of the two says {differing:?}");
}

#[test]
fn surveys_contain_devices_options_and_machine_types() {
    let document = shared();
    let device = &document.table("device")["virtio-net-pci"];
    assert_eq!(device[2]["alias"], "virtio-net");
    assert_eq!(device[2]["bus"], "PCI");
    let mq = &document.parts("device", "virtio-net-pci")["mq"];
    assert_eq!((&mq[0]["type"], &mq[0]["default"]), (&"bool".into(), &"false".into()));
    let no_hpet = &document.table("option")["-no-hpet"];
    assert_eq!(no_hpet.iter().map(is_there).collect::<Vec<_>>(), [true, false, false]);
    assert!(document.parts("option", "-netdev").contains_key("^vhost-user"));
    assert!(document.parts("option", "-drive").contains_key("if"));
    let machines = document.table("machine");
    assert_eq!(machines["pc-q35-11.1"][2]["alias"], "q35");
    assert_eq!(machines["q35"][0]["alias_of"], "pc-q35-7.2");
    assert_eq!(machines["pc-q35-7.2"][1]["max_cpus"], 288);
    assert!(document.table("cpu")["qemu64"][0]["usable"]["tcg"].is_boolean());
    assert!(document.parts("cpu", "qemu64").contains_key("avx2"));
    let domcaps = document.table("domcaps");
    assert!(is_there(&domcaps["kvm q35/disk/bus/sata"][0]));
    assert_eq!(domcaps["kvm/video/modelType/qxl"][2], Value::Null);
    let reconnect = &document.parts("command", "block-job-pause");
    assert_eq!(
        reconnect["$deprecated"].iter().map(is_there).collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn what_a_capture_does_not_contain_is_not_absent() {
    let data = data();
    let path = data.join("caps_11.1.3_s390x.replies");
    let document = Document::of(&["--data", SURVEYS, text(&path), "11.1.3_x86_64"]);
    let not_asked = Value::Bool(false);
    assert_eq!(document.0["captures"][0]["survey"], false);
    assert_eq!(document.table("option")["-no-reboot"][0], not_asked);
    let devices = document.table("device");
    assert_eq!(devices["virtio-net-pci"][0], Value::Bool(true), "a plain capture lists types");
    assert_eq!(devices["isa-serial"][0], Value::Null, "and what is not in the list is not there");
    assert_eq!(document.parts("device", "nvme")["addr"][0], not_asked);
    let asked = &document.parts("device", "virtio-net-pci")["host_mtu"];
    assert_eq!(asked[0]["type"], "uint16", "its properties are in the recording");
    let flags = document.rows(&document.kind("flag", Some("12.8"))["rows"]);
    assert_eq!(flags["amd-iommu.xtsup"], [not_asked, Value::Bool(true)], "asked only on x86");
    assert_eq!(flags["amd-iommu"], [Value::Null, Value::Bool(true)]);
}

#[test]
fn verdicts_are_those_of_validate() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("commands.jsonl");
    let commands = r#"{"execute": "query-status"}
{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "mq": "on"}}
{"argv": ["qemu-system-x86_64", "-no-hpet"]}
"#;
    fs::write(&file, commands).expect("a file");
    let document = Document::of(&[
        "--data",
        SURVEYS,
        "--commands",
        text(&file),
        "11.1.3_aarch64",
        "7.2.22_x86_64",
        "11.1.3_x86_64",
    ]);
    let table = document.table("validation");
    let verdicts = |name: &str| -> Vec<&str> {
        table[name].iter().map(|cell| cell["verdict"].as_str().unwrap_or("-")).collect()
    };
    assert_eq!(verdicts("0001"), ["valid", "valid", "valid"]);
    assert_eq!(verdicts("0002"), ["invalid", "valid", "invalid"]);
    assert_eq!(verdicts("0003"), ["-", "valid", "invalid"], "another architecture");
    assert!(table["0002"][1]["warnings"][0].as_str().is_some_and(|text| text.contains("`mq`")));
    let about = &document.kind("validation", None)["about"]["0002"];
    assert_eq!(about["title"], "device_add virtio-net-pci");
}

#[test]
fn captures_of_one_name_stay_apart() {
    let copy = tempfile::tempdir().expect("a directory");
    let path = copy.path().join("caps_11.1.3_riscv64.replies");
    fs::copy(data().join("caps_11.1.3_riscv64.replies"), &path).expect("a copy");
    let document = Document::of(&["--data", text(&data()), "11.1.3_riscv64", text(&path)]);
    let names: Vec<&Value> =
        document.0["captures"].as_array().expect("captures").iter().map(|c| &c["name"]).collect();
    assert_eq!(names[0], "11.1.3_riscv64");
    assert_eq!(names[1], &Value::from(format!("11.1.3_riscv64 ({})", path.display())));
}

#[test]
fn its_form_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/report.md");
    let documentation = fs::read_to_string(path).expect("docs/report.md");
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("commands.jsonl");
    fs::write(&file, "{\"execute\": \"query-status\"}\n{\"execute\": \"query-block\", \"arguments\": {\"flat\": 1}}\n").expect("a file");
    let document = Document::of(&[
        "--data",
        SURVEYS,
        "--commands",
        text(&file),
        "7.2.22_x86_64",
        "11.1.3_x86_64",
    ]);
    let mut words: BTreeSet<String> = BTreeSet::new();
    let objects = [&document.0, &document.0["captures"][0], &document.0["types"][0]];
    let kinds = document.0["kinds"].as_array().expect("kinds");
    let about = kinds.iter().filter_map(|kind| kind["about"].as_object()?.values().next());
    let records = document.0["records"].as_array().expect("records");
    for object in objects.into_iter().chain(kinds).chain(about).chain(records) {
        words.extend(object.as_object().into_iter().flat_map(|object| object.keys().cloned()));
    }
    words.extend(kinds.iter().filter_map(|kind| kind["kind"].as_str().map(str::to_owned)));
    let missing: Vec<&String> =
        words.iter().filter(|word| !documentation.contains(&format!("`{word}`"))).collect();
    assert_eq!(missing, [""; 0], "docs/report.md does not tell of these");
}
