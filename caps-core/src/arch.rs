//! Guest architectures, as libvirt names them.

use crate::names::closed_set;

macro_rules! archs {
    ($($variant:ident = $name:literal, $bits:literal, $endian:ident, $machine:expr;)*) => {
        closed_set! {
            /// A guest architecture, named and sorted as in libvirt.
            pub enum Arch: "an architecture that libvirt knows", {
                $(#[doc = concat!("`", $name, "`")] $variant = $name,)*
            }
        }

        impl Arch {
            /// The size of a machine word in bits: 32 or 64.
            pub const fn word_size(self) -> u32 {
                match self {
                    $(Self::$variant => $bits,)*
                }
            }

            /// The byte order.
            pub const fn endian(self) -> Endian {
                match self {
                    $(Self::$variant => Endian::$endian,)*
                }
            }

            /// The machine type that libvirt lists first, by name or alias.
            pub const fn preferred_machine(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => $machine,)*
                }
            }
        }
    };
}

/// A byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endian {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

archs! {
    Aarch64 = "aarch64", 64, Little, Some("virt");
    Alpha = "alpha", 64, Big, Some("clipper");
    Armv6l = "armv6l", 32, Little, Some("integratorcp");
    Armv7b = "armv7b", 32, Big, Some("virt");
    Armv7l = "armv7l", 32, Little, Some("virt");
    Cris = "cris", 32, Little, Some("axis-dev88");
    I686 = "i686", 32, Little, Some("pc");
    Ia64 = "ia64", 64, Little, None;
    Lm32 = "lm32", 32, Big, Some("lm32-evr");
    Loongarch64 = "loongarch64", 64, Little, Some("virt");
    M68k = "m68k", 32, Big, Some("mcf5208evb");
    Microblaze = "microblaze", 32, Big, Some("petalogix-s3adsp1800");
    Microblazeel = "microblazeel", 32, Little, Some("petalogix-s3adsp1800");
    Mips = "mips", 32, Big, Some("malta");
    Mips64 = "mips64", 64, Big, Some("malta");
    Mips64el = "mips64el", 64, Little, Some("malta");
    Mipsel = "mipsel", 32, Little, Some("malta");
    Openrisc = "openrisc", 32, Big, Some("or1k-sim");
    Parisc = "parisc", 32, Big, None;
    Parisc64 = "parisc64", 64, Big, None;
    Ppc = "ppc", 32, Big, Some("g3beige");
    Ppc64 = "ppc64", 64, Big, Some("pseries");
    Ppc64le = "ppc64le", 64, Little, Some("pseries");
    Ppcemb = "ppcemb", 32, Big, Some("bamboo");
    Ppcle = "ppcle", 32, Little, Some("g3beige");
    Riscv32 = "riscv32", 32, Little, Some("virt");
    Riscv64 = "riscv64", 64, Little, Some("virt");
    S390 = "s390", 32, Big, None;
    S390x = "s390x", 64, Big, Some("s390-ccw-virtio");
    Sh4 = "sh4", 32, Little, Some("shix");
    Sh4eb = "sh4eb", 64, Big, Some("shix");
    Sparc = "sparc", 32, Big, Some("SS-5");
    Sparc64 = "sparc64", 64, Big, Some("sun4u");
    Unicore32 = "unicore32", 32, Little, Some("puv3");
    X86_64 = "x86_64", 64, Little, Some("pc");
    Xtensa = "xtensa", 32, Little, Some("sim");
    Xtensaeb = "xtensaeb", 32, Big, Some("sim");
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
        match std::env::consts::ARCH {
            "x86" => Some(Self::I686),
            "arm" => Some(Self::Armv7l),
            "powerpc" => Some(Self::Ppc),
            "powerpc64" if cfg!(target_endian = "little") => Some(Self::Ppc64le),
            "powerpc64" => Some(Self::Ppc64),
            "mips" if cfg!(target_endian = "little") => Some(Self::Mipsel),
            "mips64" if cfg!(target_endian = "little") => Some(Self::Mips64el),
            name => Self::from_name(name),
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
