use std::fmt;

/// The questions of a survey, in order: first those of each libvirt release, so that probing the
/// survey yields the same answers as probing the QEMU; then all others. A question that was already
/// answered is not repeated.
///
/// Harmless questions come before those known to crash some QEMUs.
pub const QUESTIONS: &[Question] = &[
    both(Ask::Plans, "the answers that a probe needs"),
    both(Ask::EveryQuery, "every other `query-*` command that needs no argument"),
    first(
        Ask::Fixed("qom-list-types", r#"{"abstract":true}"#),
        "types with parents; abstract ones",
    ),
    first(Ask::EachInterface, "the types that implement an interface, as `user-creatable`"),
    first(
        Ask::Fixed("human-monitor-command", r#"{"command-line":"info qdm"}"#),
        "device types: buses, aliases, which ones users can create",
    ),
    both(Ask::Expand { model: "host", kind: "static" }, EXPANSION),
    both(Ask::Expand { model: "host", kind: "full" }, EXPANSION),
    both(Ask::Expand { model: "max", kind: "static" }, EXPANSION),
    both(Ask::Expand { model: "max", kind: "full" }, EXPANSION),
    first(Ask::Each("qom-list-properties", Types::Machines), "properties of machine types"),
    first(Ask::Each("qom-list-properties", Types::Accelerators), "properties of accelerators"),
    first(Ask::Each("qom-list-properties", Types::Cpus), "properties of CPU types"),
    first(Ask::Each("device-list-properties", Types::Devices), "properties of device types"),
    first(Ask::Each("qom-list-properties", Types::Others), "properties of all other types"),
    outside(&["-version"], "the version"),
    outside(&["-help"], "the options of the command line"),
    outside(&["-machine", "help"], "machine types, with those that QMP leaves out"),
    outside(&["-machine", "none", "-accel", "help"], "accelerators of this build"),
    outside(&["-machine", "none", "-cpu", "help"], "CPU models, also where QMP has none"),
    outside(&["-machine", "none", "-device", "help"], "device types by category"),
    outside(&["-machine", "none", "-object", "help"], "types for `-object`"),
    outside(&["-machine", "none", "-netdev", "help"], "types for `-netdev`"),
    outside(&["-machine", "none", "-chardev", "help"], "types for `-chardev`"),
    outside(&["-machine", "none", "-display", "help"], "types for `-display`"),
    outside(&["-machine", "none", "-audiodev", "help"], "drivers for `-audiodev`"),
    outside(&["-machine", "none", "-audio", "help"], "drivers for `-audio`"),
    outside(&["-machine", "none", "-vga", "help"], "values of `-vga`"),
    outside(&["-machine", "none", "-drive", "format=help"], "formats of images"),
    outside(&["-machine", "none", "-smp", "help"], "keys of `-smp`"),
    outside(&["-machine", "none", "-boot", "help"], "keys of `-boot`"),
    outside(&["-machine", "none", "-tpmdev", "help"], "types for `-tpmdev`"),
    outside(&["-machine", "none", "-d", "help"], "log items"),
];

const EXPANSION: &str = "a CPU model in every form that a release of libvirt asks for";

/// The `query-*` commands to skip, with reasons.
pub(super) const UNASKED: &[(&str, &str)] = &[
    ("query-chardev", "describes the asking monitor, by a private path"),
    ("query-vnc-servers", "describes this run only"),
];

/// The property lists for CPU model expansions: none, and those of libvirt.
pub(super) const EXPANSION_PROPERTIES: &[&str] =
    &["", r#"{"migratable":false}"#, r#"{"migratable":false,"hv-passthrough":true}"#];

/// A question or a kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// The question.
    pub ask: Ask,
    /// The sessions that ask it.
    pub sessions: Sessions,
    /// What the answers contain.
    pub gives: &'static str,
}

/// The sessions in which to ask a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sessions {
    /// The first, because the answer does not depend on the accelerator.
    First,
    /// The first and, if that one is accelerated, the one for TCG.
    Both,
    /// None; QEMU is run for this question.
    Outside,
}

/// A question, or a family of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// The plans of all libvirt releases.
    Plans,
    /// Every `query-*` command in the schema without required arguments.
    EveryQuery,
    /// A command with these arguments.
    Fixed(&'static str, &'static str),
    /// `qom-list-types` for each interface that is itself a type.
    EachInterface,
    /// A command for each type of a set.
    Each(&'static str, Types),
    /// `query-cpu-model-expansion` with each of libvirt's property lists.
    Expand {
        /// The CPU model.
        model: &'static str,
        /// The kind of expansion.
        kind: &'static str,
    },
    /// A run with these arguments, which prints something.
    Run(&'static [&'static str]),
}

/// A set of non-abstract types, sorted by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Types {
    /// The descendants of `machine`.
    Machines,
    /// The descendants of `accel`.
    Accelerators,
    /// The descendants of `cpu`.
    Cpus,
    /// The descendants of `device`, which include CPU types.
    Devices,
    /// The types in none of these sets.
    Others,
}

const fn both(ask: Ask, gives: &'static str) -> Question {
    Question { ask, sessions: Sessions::Both, gives }
}

const fn first(ask: Ask, gives: &'static str) -> Question {
    Question { ask, sessions: Sessions::First, gives }
}

const fn outside(arguments: &'static [&'static str], gives: &'static str) -> Question {
    Question { ask: Ask::Run(arguments), sessions: Sessions::Outside, gives }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match *self {
            Self::Plans => "(the plan of each release of libvirt)".to_owned(),
            Self::EveryQuery => "query-* (without arguments)".to_owned(),
            Self::Fixed(command, arguments) => format!("{command} {arguments}"),
            Self::EachInterface => "qom-list-types (each interface)".to_owned(),
            Self::Each(command, types) => format!("{command} (each {types})"),
            Self::Expand { model, kind } => format!("query-cpu-model-expansion {kind} {model}"),
            Self::Run(arguments) => arguments.join(" "),
        };
        f.pad(&text)
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Machines => "machine type",
            Self::Accelerators => "accelerator",
            Self::Cpus => "CPU type",
            Self::Devices => "device type",
            Self::Others => "other type",
        })
    }
}

impl fmt::Display for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::First => "first",
            Self::Both => "both",
            Self::Outside => "outside",
        })
    }
}
