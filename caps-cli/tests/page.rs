//! The report page in a browser: showing, searching, filtering and linking entries, without
//! requests, and with names from captures as text only.

#[path = "support/browser.rs"]
mod browser;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use browser::Browser;
use serde_json::Value;
use support::{data, run, text};

const SURVEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../qemucapabilitiesdata");

/// A command that is valid everywhere, one that some QEMUs reject, and a command line for another
/// architecture.
const COMMANDS: &str = r#"{"execute": "query-status"}
{"execute": "device_add", "arguments": {"driver": "virtio-net-pci", "mq": "on"}}
{"argv": ["qemu-system-aarch64", "-no-hpet"]}
{"execute": "query-block"}
"#;

/// The path of axe-core's `axe.min.js`.
const AXE: &str = "QEMU_CAPS_AXE";

/// A page in a browser.
struct Page {
    browser: Browser,
    file: PathBuf,
}

/// Makes the page of some captures.
fn make(file: &Path, arguments: &[&str]) {
    let output = ["report", "-o", text(file)];
    let (exit, out, errors) = run(output.iter().chain(arguments).copied());
    assert_eq!((exit, out.as_str(), errors.as_str()), (0, "", ""));
}

impl Page {
    /// A page in a file; `None` without a browser.
    fn of(file: PathBuf, arguments: &[&str]) -> Option<Self> {
        let program = browser::find()?;
        make(&file, arguments);
        Some(Self { browser: Browser::start(&program), file })
    }

    /// The page of some surveys, shared by all tests.
    fn of_surveys() -> Option<Self> {
        static FILE: OnceLock<PathBuf> = OnceLock::new();
        let program = browser::find()?;
        let file = FILE.get_or_init(|| {
            let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html");
            let commands = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.jsonl");
            fs::write(&commands, COMMANDS).expect("a file");
            let commands = ["--data", SURVEYS, "--commands", text(&commands)];
            let names = ["7.2.22_x86_64", "10.0.13_x86_64", "11.1.3_x86_64", "11.1.3_aarch64"];
            make(&file, &[commands.as_slice(), &names].concat());
            file
        });
        Some(Self { browser: Browser::start(&program), file: file.clone() })
    }

    fn open(&mut self, fragment: &str) {
        self.browser.open(&self.file, fragment);
    }

    fn eval(&mut self, expression: &str) -> Value {
        self.browser.eval(expression)
    }

    fn text(&mut self, selector: &str) -> String {
        let expression =
            format!("document.querySelector({})?.innerText ?? ''", Value::from(selector));
        self.eval(&expression).as_str().unwrap_or_default().to_owned()
    }

    /// Types into the search.
    fn search(&mut self, words: &str) {
        let expression = format!(
            "{{ const box = document.getElementById('query'); box.value = {}; \
             box.dispatchEvent(new Event('input', {{bubbles: true}})); }}",
            Value::from(words)
        );
        self.eval(&expression);
    }

    /// The visible names in the list.
    fn names(&mut self) -> Vec<String> {
        let names =
            self.eval("[...document.querySelectorAll('.matrix th > a')].map((a) => a.innerText)");
        serde_json::from_value(names).expect("names")
    }

    fn assert_no_complaints(&self) {
        assert_eq!(self.browser.complaints, [""; 0]);
    }
}

#[test]
fn it_shows_each_kind_without_a_word_in_the_console_and_without_a_request() {
    let Some(mut page) = Page::of_surveys() else { return };
    page.open("");
    assert!(page.text("main").contains("4 captures of QEMU on 2 architectures"));
    let views =
        page.eval("[...document.querySelectorAll('#kinds a')].map((a) => a.getAttribute('href'))");
    let views: Vec<String> = serde_json::from_value(views).expect("links");
    assert_eq!(views.len(), 14, "{views:?}");
    for view in views {
        page.open(&view[1..]);
        assert!(!page.text("h1").is_empty(), "{view}");
        let lines = page.eval("document.querySelectorAll('main tbody tr').length");
        assert!(lines.as_u64() > Some(3), "{view} has {lines} lines");
        assert!(!page.text("body").contains("[object"), "{view}");
    }
    page.open("/flag");
    let head = page.text(".matrix thead");
    assert!(
        head.contains("x86_64") && head.contains("7.2.22") && head.contains("11.1.3"),
        "{head}"
    );
    page.assert_no_complaints();
    let policy = page.eval("document.querySelector('meta[http-equiv]').content");
    let policy = policy.as_str().expect("a policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn it_finds_entries_with_all_words_and_lists_matches_elsewhere() {
    let Some(mut page) = Page::of_surveys() else { return };
    page.open("/device");
    page.search("virtio-net-p mq");
    assert!(page.names().contains(&"virtio-net-pci/mq".to_owned()), "{:?}", page.names());
    assert!(
        page.eval("location.hash").as_str().is_some_and(|hash| hash.contains("q=virtio-net-p+mq"))
    );
    page.search("io_uring");
    let options = page.eval("[...document.querySelectorAll('#kinds a')].map((a) => a.innerText)");
    assert!(options.to_string().contains("Flags"), "{options}");
    page.open("/command?q=io_uring");
    let names = page.names();
    assert!(names.iter().any(|name| name.ends_with("aio/^io_uring")), "{names:?}");
    page.search("no such thing");
    assert!(page.text("main").contains("Nothing here passes the filters"));
    page.assert_no_complaints();
}

#[test]
fn filters_leave_what_changed_and_what_is_deprecated() {
    let Some(mut page) = Page::of_surveys() else { return };
    page.open("/flag?a=10.0.13_x86_64&b=11.1.3_x86_64");
    let names = page.names();
    let survey = |version: &str| format!("{SURVEYS}/caps_{version}_x86_64.survey");
    let (old, new) = (survey("10.0.13"), survey("11.1.3"));
    let (_, out, _) =
        run(["diff", "--baseline", "12.8", &old, &new, "--only", "flag", "--format", "json"]);
    let diff: Value = serde_json::from_str(&out).expect("JSON");
    for difference in diff["differences"].as_array().expect("differences") {
        let name = difference["name"].as_str().expect("a name");
        assert!(names.iter().any(|found| found == name), "{name} is not in {names:?}");
    }
    page.open("/command?marks=deprecated&arch=x86_64");
    let names = page.names();
    assert!(names.contains(&"block-job-pause".to_owned()), "{names:?}");
    assert!(!names.contains(&"query-status".to_owned()));
    assert!(!page.text(".matrix thead").contains("aarch64"));
    page.open("/diff?a=10.0.13_x86_64&b=11.1.3_x86_64");
    assert!(page.text("main").contains("netdev.stream.reconnect"));
    page.assert_no_complaints();
}

#[test]
fn each_entry_has_a_link() {
    let Some(mut page) = Page::of_surveys() else { return };
    for (link, title, content) in [
        ("blockdev-add/arg-type/+nvme", "blockdev-add/arg-type/+nvme", "namespace"),
        (
            "blockdev-add/arg-type/+file/aio/^io_uring",
            "blockdev-add/arg-type/+file/aio/^io_uring",
            "first seen 7.2.22",
        ),
        ("device/virtio-net-pci/mq", "virtio-net-pci/mq", "bool"),
        ("option/-no-hpet", "-no-hpet", "last seen 7.2.22 (not in 10.0.13)"),
        (
            "flag/netdev.stream.reconnect",
            "netdev.stream.reconnect",
            "netdev_add/arg-type/+stream/reconnect",
        ),
        ("machine/q35", "q35", "pc-q35-11.1"),
        ("cpu/EPYC", "EPYC", "usable"),
        ("domcaps/kvm%20q35/disk/bus/sata", "kvm q35/disk/bus/sata", "11.1.3"),
        ("validation/0002", "device_add virtio-net-pci", "mq is bool, got string"),
        ("device/no-such-thing", "No such entry", "device/no-such-thing"),
        ("%00%ff/%3Cimg%3E", "No such entry", "No capture here has"),
    ] {
        page.open(link);
        assert_eq!(page.text("#entry"), title, "{link}");
        assert!(!page.text("#details").contains("[object"), "{link}");
        assert!(page.text("#details").contains(content), "{link}: {}", page.text("#details"));
    }
    // The list begins where the link leads.
    page.open("device/virtio-net-pci");
    assert!(page.text("tr.current").starts_with("virtio-net-pci"), "{}", page.text("tr.current"));
    let before = page.names().len();
    page.eval("document.querySelector('.earlier').click()");
    assert!(page.names().len() > before && page.names()[0].as_str() < "b");
    // Links within the page work as well, and so does going back.
    page.open("netdev_add");
    page.eval("document.querySelector('.tree a').click()");
    page.browser
        .wait_for("document.getElementById('entry').innerText.startsWith('netdev_add/arg-type/')");
    page.eval("history.back()");
    page.browser.wait_for("document.getElementById('entry').innerText === 'netdev_add'");
    page.assert_no_complaints();
}

#[test]
fn the_keyboard_suffices() {
    let Some(mut page) = Page::of_surveys() else { return };
    page.open("/flag");
    page.browser.press("/");
    assert_eq!(page.eval("document.activeElement.id"), "query");
    for letter in ["v", "n", "c"] {
        page.browser.press(letter);
    }
    assert_eq!(page.eval("document.getElementById('query').value"), "vnc");
    assert_eq!(page.eval("document.activeElement.id"), "query", "the search keeps the focus");
    page.browser.press("ArrowDown");
    let first = page.names()[0].clone();
    assert_eq!(page.eval("document.activeElement.innerText"), first.as_str());
    page.browser.press("ArrowDown");
    page.browser.press("ArrowUp");
    assert_eq!(page.eval("document.activeElement.innerText"), first.as_str());
    page.browser.press("Enter");
    page.browser.wait_for("document.activeElement.id === 'entry'");
    page.browser.press("Escape");
    page.browser.wait_for("document.getElementById('details').hidden");
    assert_eq!(page.eval("document.activeElement.innerText"), first.as_str());
    page.assert_no_complaints();
}

#[test]
fn it_fits_a_phone() {
    let Some(mut page) = Page::of_surveys() else { return };
    page.browser.resize(360, 740);
    for view in ["", "/flag", "/diff", "device/virtio-net-pci", "blockdev-add"] {
        page.open(view);
        let overflow = page.eval("document.documentElement.scrollWidth - innerWidth");
        assert!(overflow.as_i64() <= Some(0), "{view} is {overflow} pixels too wide");
        let is_longer = page.eval("document.documentElement.scrollHeight > innerHeight");
        assert_eq!(is_longer, false, "{view}");
        let tab = "document.querySelector('#kinds [aria-current]').getBoundingClientRect()";
        let is_visible = format!("{tab}.left >= 0 && {tab}.right <= innerWidth + 1");
        assert_eq!(page.eval(&is_visible), true, "{view}: the tab is out of sight");
    }
    page.assert_no_complaints();
}

#[test]
fn the_columns_stay_beside_an_entry() {
    let Some(mut page) = Page::of_surveys() else { return };
    page.browser.resize(1280, 800);
    page.open("device/virtio-net-pci");
    let right =
        |what: &str| format!("document.querySelector('{what}').getBoundingClientRect().right");
    let last = right(".matrix .versions th:last-child");
    assert_eq!(page.eval(&format!("{last} <= {} + 1", right("main"))), true);
    page.assert_no_complaints();
}

#[test]
fn it_prints() {
    let Some(mut page) = Page::of_surveys() else { return };
    // A4 at 96 dots an inch.
    page.browser.resize(794, 1123);
    page.browser.call("Emulation.setEmulatedMedia", &serde_json::json!({"media": "print"}));
    for (view, place) in
        [("/flag", "main .matrix"), ("device/virtio-net-pci", "#details .properties")]
    {
        page.open(view);
        page.eval(&format!("document.querySelector('{place}').scrollIntoView()"));
        let covering = page.eval(&format!(
            "(() => {{ const table = document.querySelector('{place}'); \
             const {{left, top}} = table.getBoundingClientRect(); \
             const there = document.elementFromPoint(left + 20, Math.max(top, 0) + 60); \
             return table.contains(there) ? null : there?.outerHTML ?? 'nothing'; }})()"
        ));
        assert_eq!(covering, Value::Null, "{view}: the table is covered");
        let height = page.eval("document.documentElement.scrollHeight");
        assert!(height.as_i64() > Some(1500), "{view} has only {height} pixels");
    }
    page.assert_no_complaints();
}

#[test]
fn assistive_technology_can_read_it() {
    let Some(mut page) = Page::of_surveys() else { return };
    let Some(axe) = std::env::var_os(AXE) else {
        let what = format!("{AXE} does not name axe.min.js");
        assert!(std::env::var_os("QEMU_CAPS_REQUIRE_BROWSER").is_none(), "{what}");
        eprintln!("{what}: the report page was not tested with it");
        return;
    };
    let axe = fs::read_to_string(Path::new(&axe)).expect("axe-core");
    // While a color changes, its contrast is none of the page's.
    let still = serde_json::json!({"name": "prefers-reduced-motion", "value": "reduce"});
    page.browser.call("Emulation.setEmulatedMedia", &serde_json::json!({"features": [still]}));
    let all = [
        "/overview",
        "/flag",
        "/cpu?arch=x86_64",
        "/command?marks=deprecated",
        "/diff?a=10.0.13_x86_64&b=11.1.3_x86_64&q=virtio-net",
        "flag/netdev.stream.reconnect",
        "blockdev-add",
        "device/nvme",
        "validation/0002",
    ];
    for (width, theme, views) in
        [(1400, "light", &all[..]), (1400, "dark", &all[3..7]), (360, "light", &all[5..8])]
    {
        page.browser.resize(width, 900);
        for view in views {
            page.open(view);
            page.eval(&format!("document.documentElement.dataset.theme = '{theme}'"));
            page.eval(&axe);
            let found = page.eval(
                "axe.run().then(({violations}) => violations.map((one) =>
                   `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html + node.failureSummary).join(' | ')}`))",
            );
            assert_eq!(found, Value::Array(Vec::new()), "{view} {width} {theme}");
        }
    }
}

#[test]
fn names_in_captures_are_text() {
    let dir = tempfile::tempdir().expect("a directory");
    let capture = fs::read_to_string(data().join("caps_11.1.3_riscv64.replies")).expect("it");
    let evil =
        r#"</script><script>hacked=1</script><img src=x onerror=hacked=1>{data}\u202e\u0000'\""#;
    let doctored = capture
        .replacen("\"package\": \"", &format!("\"package\": \"{evil}"), 1)
        .replacen("\"name\": \"virt\"", &format!("\"name\": \"virt{evil}\""), 1)
        .replacen("\"name\": \"stop\"", &format!("\"name\": \"stop{evil}\""), 1)
        .replacen("\"name\": \"nvme\",", "\"name\": \"__proto__\",", 1)
        .replacen("\"name\": \"e1000\"", &format!("\"name\": \"nvme{evil}\""), 1);
    assert!(doctored.matches("onerror").count() == 4 && doctored.contains("__proto__"));
    let file = dir.path().join("caps_11.1.3_riscv64+<b>evil.replies");
    fs::write(&file, doctored).expect("a file");
    let other = data().join("caps_10.0.13_riscv64.replies");
    let page = dir.path().join("report.html");
    let Some(mut page) = Page::of(page, &[text(&file), text(&other)]) else { return };
    for view in [
        "/overview",
        "/command?q=stop",
        "/machine",
        "/type?q=nvme",
        "/type?q=proto",
        "/device?q=nvme",
        "/diff?a=10.0.13_riscv64&b=11.1.3_riscv64%2B%3Cb%3Eevil",
        "type/__proto__",
        "flag/__proto__",
    ] {
        page.open(view);
        assert_eq!(page.eval("typeof hacked"), "undefined", "{view}");
        assert_eq!(
            page.eval("document.querySelectorAll('img, iframe, b:not(.availability b)').length"),
            0
        );
        assert_eq!(page.eval("document.scripts.length"), 2);
    }
    page.open("/machine");
    assert!(page.text("main").contains("onerror"), "{}", page.text("main"));
    page.open("type/__proto__");
    assert_eq!(page.text("#entry"), "__proto__");
    page.open("/command?q=stop");
    page.eval("[...document.querySelectorAll('.matrix a')].find((a) => a.innerText.includes('onerror')).click()");
    page.browser.wait_for("document.getElementById('entry')?.innerText.includes('onerror')");
    page.assert_no_complaints();
}

#[test]
fn it_is_small_and_there_at_once() {
    let Some(mut page) = Page::of_surveys() else { return };
    let size = fs::metadata(&page.file).expect("the page").len();
    // Most of it is there with the first capture of an architecture: sixty captures are less than 3 MB.
    assert!(size < 450_000, "{size} bytes");
    page.open("/flag");
    let time = page.eval("performance.getEntriesByName('interactive')[0].startTime");
    eprintln!("{size} bytes, interactive after {time} ms");
    // A second on a machine that does nothing else; tests run side by side.
    assert!(time.as_f64() < Some(5000.0), "{time} ms");
    page.assert_no_complaints();
}
