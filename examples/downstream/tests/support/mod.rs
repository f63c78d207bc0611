//! Extracts what the orchestrator needs to know from a capture.

use orchestrator::Emulator;
use qemu_caps::prelude::*;
use qemu_caps::testing::CaseError;

/// The orchestrator's view of a captured QEMU, as an argument of tests. It is a separate type
/// because neither the trait nor `Emulator` belongs to these tests.
pub struct Captured(pub Emulator);

impl FromCase<'_> for Captured {
    fn from_case(case: &Case) -> Result<Self, CaseError> {
        let caps = case.capabilities()?;
        let machines = if caps.has(Flag::Kvm) { &caps.kvm.machines } else { &caps.tcg.machines };
        let machine = machines.first().ok_or("the capture has no machine type")?;
        let flag = |name: &str| -> Result<bool, CaseError> { Ok(caps.has(name.parse::<Flag>()?)) };
        Ok(Self(Emulator {
            binary: caps.emulator.clone(),
            machine: machine.name.clone(),
            kvm: caps.has(Flag::Kvm),
            channel_subsystem: caps.arch.is_s390(),
            many_iothreads: flag("virtio-blk.iothread-mapping")?,
            stream: flag("netdev.stream")?,
            stream_milliseconds: flag("netdev-stream-reconnect-miliseconds")?,
            sound: flag("virtio-sound")?,
        }))
    }
}
