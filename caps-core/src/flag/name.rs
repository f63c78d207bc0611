use super::table::rows;
use crate::accel::Accel;
use crate::names::closed_set;

macro_rules! names {
    ($(
        #[doc = $doc:literal]
        $variant:ident = $name:literal, $($life:ident)+ $([$($rule:expr),* $(,)?])?;
    )*) => {
        closed_set! {
            /// A capability flag, in libvirt's order; `ALL` has those of all baselines, retired ones included.
            pub enum Flag: Self::WHAT, {
                $(#[doc = $doc] #[doc = concat!("\n\n`", $name, "`")] $variant = $name,)*
            }
        }

        impl Flag {
            /// What the flag means, in one line.
            pub const fn doc(self) -> &'static str {
                const DOCS: &[&str] = &[$($doc.trim_ascii(),)*];
                DOCS[self as usize]
            }
        }
    };
}
rows!(names);

impl Flag {
    pub(super) const WHAT: &str = "a capability flag";

    /// The flag of an accelerator.
    pub const fn of_accel(accel: Accel) -> Self {
        match accel {
            Accel::Kvm => Self::Kvm,
            Accel::Hvf => Self::Hvf,
            Accel::Mshv => Self::Mshv,
            Accel::Tcg => Self::Tcg,
        }
    }

    /// The position in libvirt's list, from 0.
    pub const fn index(self) -> usize {
        self as usize
    }
}
