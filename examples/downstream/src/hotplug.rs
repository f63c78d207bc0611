use serde_json::{Value, json};

use crate::command_line::{blockdev, disk_device, thread_id};
use crate::{Disk, Emulator, Unsupported};

/// The commands that add a disk to a running machine with `index` disks.
///
/// # Errors
///
/// Fails if the QEMU lacks a device for the disk.
pub fn attach_disk(
    index: usize,
    disk: &Disk,
    emulator: &Emulator,
) -> Result<Vec<Value>, Unsupported> {
    let device = disk_device(index, disk, emulator)?;
    let mut commands: Vec<Value> = (0..disk.threads)
        .map(|thread| {
            let object = json!({"qom-type": "iothread", "id": thread_id(index, thread)});
            json!({"execute": "object-add", "arguments": object})
        })
        .collect();
    commands.push(json!({"execute": "blockdev-add", "arguments": blockdev(index, disk)}));
    commands.push(json!({"execute": "device_add", "arguments": device}));
    Ok(commands)
}

/// The commands that remove it. The second one works once the guest has released the disk, as the
/// event `DEVICE_DELETED` reports.
pub fn detach_disk(index: usize) -> [Value; 2] {
    [
        json!({"execute": "device_del", "arguments": {"id": format!("disk{index}")}}),
        json!({"execute": "blockdev-del", "arguments": {"node-name": format!("node{index}")}}),
    ]
}
