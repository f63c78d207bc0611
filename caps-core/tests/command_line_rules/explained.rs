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
    ("-device nosuch,x=1", "driver", None, ""),
    ("-device nvme,discard_granularity=512", "discard_granularity", Some(U32), ""),
    ("-device vmgenid,guid=x", "guid", Some("a UUID"), "random"),
    ("-device {\"driver\":\"nvme\",\"serial\":5}", "serial", Some("text"), ""),
    ("-device nvme,bus=pcie.0", "bus", Some("text"), "the bus to plug it into"),
    ("-device virtio-blk-pci,logical_block_size=1k", "logical_block_size", Some(BLOCKS), "2 MiB"),
    ("-device pcie-root-port,mem-reserve=1M", "mem-reserve", Some("a size, as in 64k"), ""),
    ("-cpu Haswell,-avx", "model", Some("the name of a CPU model"), "the type Haswell-x86_64-cpu"),
    ("-cpu nosuch", "model", None, ""),
    ("-machine q35,accel=kvm", "accel", Some("text"), "separated by colons"),
    ("-machine q35,kernel_irqchip=on", "kernel_irqchip", Some("one of on, off, split"), "KVM"),
    ("-M pc,hpet=on", "hpet", Some("on or off"), "high precision"),
    ("-M pc-q35-11.1", "type", Some("the name of a machine type"), ""),
    ("-M nosuch", "type", None, ""),
    ("-accel tcg,tb-size=1", "tb-size", Some("an integer"), "block cache"),
    ("-accel nosuch", "accel", None, ""),
    ("-chardev socket,id=c", "backend", Some("the name of a backend"), ""),
    ("-chardev socket,id=c", "id", Some("text"), "the name by which other options refer to it"),
    ("-chardev nosuch,id=c", "backend", Some("text"), ""),
    ("-fsdev local,id=f,path=x", "fsdriver", Some("the name of a backend"), ""),
    ("-tpmdev emulator,id=t,chardev=c", "type", Some("the name of a backend"), ""),
    ("-audiodev none,id=a", "id", Some("text"), "the name by which"),
    ("-audiodev none,id=a,in.frequency=1", "in.frequency", Some("an integer"), ""),
    ("-audiodev none,id=a,in.nosuch=1", "in.nosuch", None, ""),
    ("-display nosuch", "type", Some(DISPLAYS), ""),
    ("-netdev user,id=n,nosuch=1", "nosuch", None, ""),
    ("-nic user,hostname=x", "hostname", Some("text"), ""),
    ("-net user,restrict=on", "restrict", Some("on or off"), ""),
    ("-object memory-backend-ram,id=m,host-nodes=0", "host-nodes", Some(LIST), ""),
    ("-blockdev raw,node-name=n,offset=1", "offset", Some("an integer"), ""),
    ("-blockdev raw,node-name=n,cache.direct=on", "cache.direct", Some("on or off"), ""),
    ("-blockdev raw,node-name=n,cache.direct=on", "node-name", Some("text"), ""),
    ("-blockdev raw,file.driver=file,file.locking=on", "file.locking", Some(AUTO), ""),
    ("-blockdev raw,file.driver=file,file.nosuch=on", "file.nosuch", None, ""),
    ("-blockdev raw,file=f", "file", Some("members, as in file.MEMBER=VALUE"), ""),
    ("-numa node,nodeid=0", "nodeid", Some("an integer"), ""),
    ("-boot c", "order", Some("text"), ""),
    ("-smp 2,nosuch=1", "nosuch", None, ""),
    ("-drive file=x,id=d", "file", Some("text"), "file name"),
    ("-fw_cfg name=x,string=y", "name", Some("text"), "Sets the fw_cfg name"),
];

const AUTO: &str = "one of auto, on, off";
const BLOCKS: &str = "a power of two between 512 and 2M";
const DISPLAYS: &str = "one of default, none, gtk, sdl, egl-headless, curses, spice-app, dbus";
const LIST: &str = "a list: repeat the key";
const U32: &str = "uint32 (0 to 4294967295)";

/// A command line with one option, the key in question, its value and the default.
const DEFAULTS: &[(&str, &str, &str, Option<&str>)] = &[
    ("-device nvme,num_queues=2", "num_queues", "2", Some("0")),
    ("-device vmgenid,guid=x", "guid", "x", Some("\"auto\"")),
    ("-device {\"driver\":\"nvme\",\"mdts\":5}", "mdts", "5", Some("7")),
    ("-device {\"driver\":\"nvme\",\"serial\":\"s\"}", "serial", "s", None),
    ("-chardev socket,id=c,tight=off", "tight", "off", Some("on")),
    ("-cpu max,-avx", "avx", "off", None),
    ("-cpu max,,avx", "avx", "on", None),
    ("-cpu max,avx=off", "avx", "off", None),
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

#[test]
fn values_and_defaults_are_told() {
    let validator = shipped("11.1.3", "x86_64");
    for (line, key, value, default) in DEFAULTS {
        let words: Vec<&str> = line.split(' ').collect();
        let explanations = validator.explain(&CommandLine::parse(&words).expect("UTF-8"));
        let found = explanations[0].keys.iter().find(|one| one.key == *key).expect(line);
        assert_eq!((found.value.as_str(), found.default.as_deref()), (*value, *default), "{line}");
    }
}
