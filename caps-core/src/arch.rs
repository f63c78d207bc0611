//! Guest architectures, as libvirt names them.

use crate::names::closed_set;

macro_rules! archs {
    ($($variant:ident = $name:literal, $machine:expr;)*) => {
        closed_set! {
            /// A guest architecture, named and sorted as in libvirt.
            pub enum Arch: "an architecture that libvirt knows", {
                $(#[doc = concat!("`", $name, "`")] $variant = $name,)*
            }
        }

        impl Arch {
            /// The machine type that libvirt lists first, by name or alias.
            pub const fn preferred_machine(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => $machine,)*
                }
            }
        }
    };
}

archs! {
    Aarch64 = "aarch64", Some("virt");
    Alpha = "alpha", Some("clipper");
    Armv6l = "armv6l", Some("integratorcp");
    Armv7b = "armv7b", Some("virt");
    Armv7l = "armv7l", Some("virt");
    Cris = "cris", Some("axis-dev88");
    I686 = "i686", Some("pc");
    Ia64 = "ia64", None;
    Lm32 = "lm32", Some("lm32-evr");
    Loongarch64 = "loongarch64", Some("virt");
    M68k = "m68k", Some("mcf5208evb");
    Microblaze = "microblaze", Some("petalogix-s3adsp1800");
    Microblazeel = "microblazeel", Some("petalogix-s3adsp1800");
    Mips = "mips", Some("malta");
    Mips64 = "mips64", Some("malta");
    Mips64el = "mips64el", Some("malta");
    Mipsel = "mipsel", Some("malta");
    Openrisc = "openrisc", Some("or1k-sim");
    Parisc = "parisc", None;
    Parisc64 = "parisc64", None;
    Ppc = "ppc", Some("g3beige");
    Ppc64 = "ppc64", Some("pseries");
    Ppc64le = "ppc64le", Some("pseries");
    Ppcemb = "ppcemb", Some("bamboo");
    Ppcle = "ppcle", Some("g3beige");
    Riscv32 = "riscv32", Some("virt");
    Riscv64 = "riscv64", Some("virt");
    S390 = "s390", None;
    S390x = "s390x", Some("s390-ccw-virtio");
    Sh4 = "sh4", Some("shix");
    Sh4eb = "sh4eb", Some("shix");
    Sparc = "sparc", Some("SS-5");
    Sparc64 = "sparc64", Some("sun4u");
    Unicore32 = "unicore32", Some("puv3");
    X86_64 = "x86_64", Some("pc");
    Xtensa = "xtensa", Some("sim");
    Xtensaeb = "xtensaeb", Some("sim");
}

impl Arch {
    /// The architecture of a QEMU target: the value of `query-target`, or the end of a binary's
    /// name after `qemu-system-`.
    ///
    /// ```
    /// use caps_core::Arch;
    ///
    /// assert_eq!(Arch::from_qemu_target("i386"), Some(Arch::I686));
    /// assert_eq!(Arch::from_qemu_target("x86_64"), Some(Arch::X86_64));
    /// assert_eq!(Arch::from_qemu_target("z80"), None);
    /// ```
    pub fn from_qemu_target(target: &str) -> Option<Self> {
        match target {
            "i386" => Some(Self::I686),
            "arm" => Some(Self::Armv7l),
            "or32" => Some(Self::Openrisc),
            _ => Self::from_name(target),
        }
    }

    /// QEMU's target name for this architecture.
    pub const fn qemu_target(self) -> &'static str {
        match self {
            Self::I686 => "i386",
            Self::Armv6l | Self::Armv7l => "arm",
            Self::Openrisc => "or32",
            _ => self.name(),
        }
    }

    /// The architecture of the machine this program runs on, if it is known.
    pub fn host() -> Option<Self> {
        Self::of_rust(std::env::consts::ARCH, cfg!(target_endian = "little"))
    }

    fn of_rust(name: &str, is_little: bool) -> Option<Self> {
        match (name, is_little) {
            ("x86", _) => Some(Self::I686),
            ("arm", _) => Some(Self::Armv7l),
            ("powerpc", _) => Some(Self::Ppc),
            ("powerpc64", true) => Some(Self::Ppc64le),
            ("powerpc64", false) => Some(Self::Ppc64),
            ("mips", true) => Some(Self::Mipsel),
            ("mips64", true) => Some(Self::Mips64el),
            _ => Self::from_name(name),
        }
    }

    /// Returns `true` for `x86_64` and `i686`.
    pub const fn is_x86(self) -> bool {
        matches!(self, Self::X86_64 | Self::I686)
    }

    /// Returns `true` for every Arm architecture.
    pub const fn is_arm(self) -> bool {
        matches!(self, Self::Armv6l | Self::Armv7l | Self::Armv7b | Self::Aarch64)
    }

    /// Returns `true` if libvirt queries the interrupt controllers of this architecture: all of Arm
    /// except `armv7b`.
    pub const fn has_gic(self) -> bool {
        matches!(self, Self::Armv6l | Self::Armv7l | Self::Aarch64)
    }

    /// Returns `true` for `ppc64` and `ppc64le`.
    pub const fn is_ppc64(self) -> bool {
        matches!(self, Self::Ppc64 | Self::Ppc64le)
    }

    /// Returns `true` for `s390` and `s390x`.
    pub const fn is_s390(self) -> bool {
        matches!(self, Self::S390 | Self::S390x)
    }
}

#[cfg(test)]
mod tests {
    use super::Arch;

    #[test]
    fn the_host_is_known_by_its_name_in_rust() {
        for (name, little, big) in [
            ("x86", Some(Arch::I686), Some(Arch::I686)),
            ("arm", Some(Arch::Armv7l), Some(Arch::Armv7l)),
            ("powerpc", Some(Arch::Ppc), Some(Arch::Ppc)),
            ("powerpc64", Some(Arch::Ppc64le), Some(Arch::Ppc64)),
            ("mips", Some(Arch::Mipsel), Some(Arch::Mips)),
            ("mips64", Some(Arch::Mips64el), Some(Arch::Mips64)),
            ("riscv64", Some(Arch::Riscv64), Some(Arch::Riscv64)),
            ("wasm32", None, None),
        ] {
            assert_eq!((Arch::of_rust(name, true), Arch::of_rust(name, false)), (little, big));
        }
    }
}
