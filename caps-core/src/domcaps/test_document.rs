use super::document::DomainCapabilities;
use super::host::Host;
use super::request::{DomcapsError, Request};
use crate::accel::DomainType;
use crate::arch::Arch;
use crate::baseline::Baseline;
use crate::caps::Capabilities;
use crate::capture::CaptureId;

/// A document that libvirt's test makes of a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TestDocument {
    /// The domain type.
    pub domain_type: DomainType,
    /// The requested machine type.
    pub machine: Option<&'static str>,
}

impl TestDocument {
    /// The documents of a capture, in the order of libvirt's test.
    ///
    /// ```
    /// use caps_core::domcaps::TestDocument;
    ///
    /// let id = "9.2.0_x86_64+amdsev".parse()?;
    /// let names: Vec<String> = TestDocument::of(&id).iter().map(|d| d.file_name(&id)).collect();
    /// assert_eq!(names[1], "qemu_9.2.0-q35.x86_64+amdsev.xml");
    /// # Ok::<(), caps_core::capture::ParseCaptureIdError>(())
    /// ```
    pub fn of(id: &CaptureId) -> Vec<Self> {
        let document = |domain_type, machine| Self { domain_type, machine };
        let (kvm, hvf, qemu) = (DomainType::Kvm, DomainType::Hvf, DomainType::Qemu);
        let is_hvf = id.variant.as_str() == "+hvf";
        match id.arch {
            Arch::X86_64 if is_hvf => vec![document(hvf, None), document(qemu, None)],
            Arch::X86_64 => {
                vec![document(kvm, None), document(kvm, Some("q35")), document(qemu, None)]
            }
            Arch::Aarch64 if is_hvf => vec![document(hvf, None)],
            Arch::Aarch64 => vec![document(kvm, None), document(kvm, Some("virt"))],
            Arch::Riscv32 | Arch::Riscv64 | Arch::Loongarch64 => {
                vec![document(kvm, Some("virt")), document(qemu, Some("virt"))]
            }
            _ => vec![document(kvm, None)],
        }
    }

    /// The name of the golden file.
    pub fn file_name(&self, id: &CaptureId) -> String {
        let kind = match self.domain_type {
            DomainType::Kvm => "",
            DomainType::Hvf => "-hvf",
            DomainType::Qemu => "-tcg",
        };
        let machine = self.machine.map(|machine| format!("-{machine}")).unwrap_or_default();
        format!("qemu_{}{kind}{machine}.{}{}.xml", id.version, id.arch, id.variant)
    }

    /// The request that the test makes.
    pub fn request(&self, id: &CaptureId) -> Request {
        let request = Request::new(self.domain_type).for_capture(id);
        Request { machine: self.machine.map(str::to_owned), ..request }
    }

    /// Makes the document, with the host that libvirt's test simulates.
    ///
    /// # Errors
    ///
    /// Never fails for a simulated host; the signature matches [`DomainCapabilities::new`].
    pub fn make(
        &self,
        caps: &Capabilities,
        id: &CaptureId,
        baseline: Baseline,
    ) -> Result<DomainCapabilities, DomcapsError> {
        let request = self.request(id).baseline(baseline);
        DomainCapabilities::new(caps, &request, &Host::of_test(id).native_for(caps))
    }
}
