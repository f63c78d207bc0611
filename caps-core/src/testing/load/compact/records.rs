//! The compact form of each type in the model of capabilities.

use super::form::{Packer, Record, Unpacker};
use crate::arch::Arch;
use crate::caps::{
    Acceleration, Capabilities, CpuData, CpuModel, CpuProperty, Element, Enlightenment,
    FeatureNames, Gic, HostCpu, HyperV, MachineType, PropertyValue, Sev, Sgx, SgxSection,
};
use crate::flag::{Flag, FlagSet, UnknownFlag};
use crate::version::Version;

/// A structure is its fields, in this order; the compiler knows if one is missing.
macro_rules! structures {
    ($($name:ident { $($field:ident),* $(,)? })*) => {$(
        impl Record for $name {
            fn pack(&self, to: &mut Packer) {
                let Self { $($field),* } = self;
                $($field.pack(to);)*
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                Some(Self { $($field: Record::unpack(from)?),* })
            }
        }
    )*};
}

structures! {
    Capabilities {
        emulator, emulator_ctime, module_dir_mtime, self_ctime, self_version, flags, unknown_flags,
        version, package, microcode_version, host_cpu_signature, kernel_version, cpu_data, arch, kvm,
        hvf, mshv, tcg, gic, sev, sgx, hyperv, kvm_supports_nesting, kvm_supports_secure_guest,
    }
    Acceleration { host_cpu, cpus, machines }
    HostCpu { model, migratability, properties, deprecated_features, host_deprecated_features }
    CpuProperty { name, value, migratable }
    CpuModel { name, type_name, usable, blockers, deprecated }
    MachineType {
        name, alias, hotpluggable_cpus, max_cpus, is_default, default_cpu_type, numa_mem_supported,
        default_ram_id, deprecated, acpi,
    }
    Gic { version, kernel, emulated }
    Sev { cbitpos, reduced_phys_bits, pdh, cert_chain, cpu0_id }
    Sgx { flc, sgx1, sgx2, section_size, sections }
    SgxSection { node, size }
    HyperV {
        supported, enlightenments, spinlocks, stimer_direct, tlbflush_direct, tlbflush_extended,
        vendor_id,
    }
    CpuData { arch, elements }
    Element { name, attributes }
    UnknownFlag { name, after }
}

/// Closed sets are stored by name, so that a form is invalid rather than wrong for another set.
macro_rules! closed_sets {
    ($($name:ident),*) => {$(
        impl Record for $name {
            fn pack(&self, to: &mut Packer) {
                to.name($name::name(*self));
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                from.name()?.parse().ok()
            }
        }
    )*};
}

closed_sets!(Arch, Enlightenment);

impl Record for PropertyValue {
    fn pack(&self, to: &mut Packer) {
        match self {
            Self::Boolean(value) => {
                to.word(0);
                value.pack(to);
            }
            Self::String(value) => {
                to.word(1);
                value.pack(to);
            }
            Self::Number(value) => {
                to.word(2);
                value.pack(to);
            }
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        match from.word()? {
            0 => Record::unpack(from).map(Self::Boolean),
            1 => Record::unpack(from).map(Self::String),
            2 => Record::unpack(from).map(Self::Number),
            _ => None,
        }
    }
}

/// A flag is its position with its name, which is faster than searching for the name.
impl Record for Flag {
    fn pack(&self, to: &mut Packer) {
        to.count(self.index());
        to.name(self.name());
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let (index, name) = (from.word()? as usize, from.name()?);
        Self::ALL.get(index).copied().filter(|flag| flag.name() == name)
    }
}

impl Record for FlagSet {
    fn pack(&self, to: &mut Packer) {
        self.iter().collect::<Vec<Flag>>().pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(Vec::<Flag>::unpack(from)?.into_iter().collect())
    }
}

impl Record for Version {
    fn pack(&self, to: &mut Packer) {
        to.word(self.number());
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.word().map(Self::from_number)
    }
}

impl Record for bool {
    fn pack(&self, to: &mut Packer) {
        to.word(u32::from(*self));
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        match from.word()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Record for u32 {
    fn pack(&self, to: &mut Packer) {
        to.word(*self);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.word()
    }
}

impl Record for u64 {
    #[expect(clippy::cast_possible_truncation, reason = "the halves are stored separately")]
    fn pack(&self, to: &mut Packer) {
        to.word(*self as u32);
        to.word((*self >> 32) as u32);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let (low, high) = (from.word()?, from.word()?);
        Some(Self::from(high) << 32 | Self::from(low))
    }
}

impl Record for i64 {
    fn pack(&self, to: &mut Packer) {
        self.cast_unsigned().pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        u64::unpack(from).map(u64::cast_signed)
    }
}

impl Record for String {
    fn pack(&self, to: &mut Packer) {
        to.name(self);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        from.name().map(str::to_owned)
    }
}

/// All names as one, and the end of each.
impl Record for FeatureNames {
    fn pack(&self, to: &mut Packer) {
        let (text, ends) = self.parts();
        to.name(text);
        to.count(ends.len());
        for &end in ends {
            to.count(end);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let text = String::unpack(from)?;
        let count = from.count()?;
        let mut ends = Vec::with_capacity(count);
        for _ in 0..count {
            ends.push(from.word()? as usize);
        }
        Self::from_parts(text, ends)
    }
}

impl<A: Record, B: Record> Record for (A, B) {
    fn pack(&self, to: &mut Packer) {
        self.0.pack(to);
        self.1.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

impl<T: Record> Record for Option<T> {
    fn pack(&self, to: &mut Packer) {
        self.is_some().pack(to);
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Some(None) }
    }
}

impl<T: Record> Record for Vec<T> {
    fn pack(&self, to: &mut Packer) {
        to.count(self.len());
        for value in self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let count = from.count()?;
        let mut values = Self::with_capacity(count);
        for _ in 0..count {
            values.push(T::unpack(from)?);
        }
        Some(values)
    }
}
