use serde_json::{Value, json};

use crate::command_line::{blockdev, disk_device, thread_id};
use crate::{Disk, Emulator, Unsupported};

/// The commands that give a disk to a running machine, which has `index` disks so far.
///
/// # Errors
///
/// When the QEMU has no device for the disk.
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

/// The commands that take it away. The second one works when the guest has let go of the disk, which the
/// event `DEVICE_DELETED` tells.
pub fn detach_disk(index: usize) -> [Value; 2] {
    [
        json!({"execute": "device_del", "arguments": {"id": format!("disk{index}")}}),
        json!({"execute": "blockdev-del", "arguments": {"node-name": format!("node{index}")}}),
    ]
}
