//! What `explain` says of options and keys.

use caps_core::command_line::CommandLine;

use crate::shipped;

/// A command line with one option, the key in question, its values in words, and what the description has.
const KEYS: &[(&str, &str, Option<&str>, &str)] = &[
    ("-machine q35,smm=on", "type", Some("the name of a machine type"), "short for pc-q35-11.1"),
    ("-machine q35,smm=on", "smm", Some("one of on, off, auto"), "SMM"),
    ("-machine q35,nosuch=on", "nosuch", None, ""),
    ("-device nvme,serial=s", "driver", Some("the name of a device type"), "Non-Volatile"),
    (
        "-device virtio-net,mac=52:54:00:12:34:56",
        "driver",
        Some("the name of a device type"),
        "short for virtio-net-pci",
    ),
    ("-device virtio-net,mac=52:54:00:12:34:56", "mac", Some("an Ethernet address"), "MAC"),
    ("-device nvme,addr=5", "addr", Some("a PCI address, as in 06.0"), "Slot"),
    ("-device virtio-rng-pci,rng=r", "rng", Some("the id of a rng-backend"), ""),
    ("-device {\"driver\":\"nvme\",\"id\":\"n\"}", "id", Some("text"), "refer"),
    ("-netdev user,id=n,hostfwd=tcp::1-:2", "hostfwd", Some("a list: repeat the key"), ""),
    ("-cpu max,+avx", "avx", Some("on or off"), ""),
    ("-accel tcg,thread=multi", "accel", Some("the name of an accelerator"), ""),
    ("-boot menu=on", "menu", Some("on or off"), ""),
    ("-smp 2,cores=2", "cores", Some("a number"), ""),
    ("-display gtk,gl=on", "gl", Some("one of off, on, core, es"), ""),
    ("-audiodev none,id=a", "driver", Some("the name of a backend"), ""),
    ("-chardev socket,id=c,reconnect=1", "reconnect", None, ""),
];

#[test]
fn keys_are_explained() {
    let validator = shipped("11.1.3", "x86_64");
    for (line, key, values, description) in KEYS {
        let words: Vec<&str> = line.split(' ').collect();
        let explanations = validator.explain(&CommandLine::parse(&words).expect("UTF-8"));
        let [explanation] = explanations.as_slice() else { panic!("{line}: {explanations:?}") };
        assert_eq!(explanation.is_known, Some(true), "{line}");
        let found = explanation.keys.iter().find(|one| one.key == *key).expect(line);
        assert_eq!(found.values().as_deref(), *values, "{line}: {key}");
        let text = found.description.as_deref().unwrap_or_default();
        assert!(text.contains(description), "{line}: {key}: {text}");
    }
}

#[test]
fn removals_are_told() {
    let validator = shipped("11.1.3", "x86_64");
    let words = ["-soundhw", "hda", "-chardev", "socket,id=c,reconnect=1", "-S"];
    let explanations = validator.explain(&CommandLine::parse(&words).expect("UTF-8"));
    let removed = |at: usize| explanations[at].removed.map(|removed| removed.to_string());
    assert_eq!(removed(0).as_deref(), Some("removed in QEMU 7.1, use `-device` or `-audio`"));
    assert_eq!(explanations[0].is_known, Some(false));
    assert_eq!(removed(1), None);
    let key = explanations[1].keys.iter().find(|key| key.key == "reconnect").expect("the key");
    let removal = key.removed.map(|removed| removed.to_string());
    assert_eq!(removal.as_deref(), Some("removed in QEMU 10.2, use `reconnect-ms=`"));
    assert_eq!(removed(2), None);
}
