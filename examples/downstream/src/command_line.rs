use serde_json::{Value, json};

use crate::{Channel, Disk, Emulator, Unsupported, Vm};

/// The command line that starts a virtual machine, paused, with QMP on standard input and output.
///
/// # Errors
///
/// Fails if the QEMU lacks a device that the machine needs.
pub fn command_line(vm: &Vm, emulator: &Emulator) -> Result<Vec<String>, Unsupported> {
    let mut line = vec![emulator.binary.clone()];
    let mut add = |option: &str, value: String| {
        line.push(option.to_owned());
        line.push(value);
    };
    add("-name", format!("guest={}", vm.name));
    add("-machine", format!("type={}", emulator.machine));
    if emulator.kvm {
        add("-accel", "kvm".to_owned());
    }
    add("-accel", "tcg".to_owned());
    add("-m", format!("size={}M", vm.memory));
    add("-smp", vm.cpus.to_string());
    for (index, disk) in vm.disks.iter().enumerate() {
        for thread in 0..disk.threads {
            add(
                "-object",
                json!({"qom-type": "iothread", "id": thread_id(index, thread)}).to_string(),
            );
        }
        add("-blockdev", blockdev(index, disk).to_string());
        add("-device", disk_device(index, disk, emulator)?.to_string());
    }
    if let Some(channel) = &vm.network {
        add("-netdev", netdev(channel, emulator)?.to_string());
        let device = json!({"driver": emulator.virtio("net"), "netdev": "net0", "id": "nic0"});
        add("-device", device.to_string());
    }
    if vm.sound {
        emulator.need(emulator.sound, "sound card")?;
        add("-audiodev", json!({"driver": "none", "id": "audio0"}).to_string());
        let device = json!({"driver": "virtio-sound-pci", "audiodev": "audio0", "id": "sound0"});
        add("-device", device.to_string());
    }
    add("-display", "none".to_owned());
    add("-qmp", "stdio".to_owned());
    line.extend(["-nodefaults", "-no-user-config", "-S"].map(str::to_owned));
    Ok(line)
}

/// The arguments of `blockdev-add`, or of the option.
pub(crate) fn blockdev(index: usize, disk: &Disk) -> Value {
    let node = format!("node{index}");
    match &disk.image {
        Some(image) => json!({
            "driver": "qcow2",
            "node-name": node,
            "file": {"driver": "file", "filename": image},
        }),
        None => json!({"driver": "null-co", "node-name": node, "size": 1 << 30}),
    }
}

/// The arguments of `device_add`, or of the option.
pub(crate) fn disk_device(
    index: usize,
    disk: &Disk,
    emulator: &Emulator,
) -> Result<Value, Unsupported> {
    let mut device = json!({
        "driver": emulator.virtio("blk"),
        "drive": format!("node{index}"),
        "id": format!("disk{index}"),
    });
    match disk.threads {
        0 => {}
        1 => device["iothread"] = json!(thread_id(index, 0)),
        threads => {
            emulator.need(emulator.many_iothreads, "disk with several threads")?;
            let mapping: Vec<Value> =
                (0..threads).map(|thread| json!({"iothread": thread_id(index, thread)})).collect();
            device["iothread-vq-mapping"] = json!(mapping);
        }
    }
    Ok(device)
}

pub(crate) fn thread_id(disk: usize, thread: u32) -> String {
    format!("disk{disk}-thread{thread}")
}

fn netdev(channel: &Channel, emulator: &Emulator) -> Result<Value, Unsupported> {
    emulator.need(emulator.stream, "network backend for a stream socket")?;
    let mut backend = json!({
        "type": "stream",
        "id": "net0",
        "addr": {"type": "unix", "path": channel.socket},
    });
    if emulator.stream_milliseconds {
        backend["reconnect-ms"] = json!(channel.reconnect);
    }
    Ok(backend)
}

/// A command line as a person would type it, with one option per line.
pub fn shell(line: &[String]) -> String {
    let mut text = String::new();
    for (index, word) in line.iter().enumerate() {
        let starts = index > 0 && word.starts_with('-');
        text.push_str(if starts {
            " \\\n"
        } else if index > 0 {
            " "
        } else {
            ""
        });
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:+".contains(c);
        if word.chars().all(plain) {
            text.push_str(word);
        } else {
            text.push_str(&format!("'{}'", word.replace('\'', "'\\''")));
        }
    }
    text.push('\n');
    text
}
