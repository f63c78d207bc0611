use std::fmt;

/// What a survey asks, in this order: first what each release of libvirt asks, in its order, so that
/// a probe of the survey has the answers that a probe of the QEMU has; then everything else. A
/// question that was answered before is not asked again.
///
/// What is harmless comes before what is known to end some QEMUs.
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

/// The `query-*` commands that are not asked, and why.
pub(super) const UNASKED: &[(&str, &str)] = &[
    ("query-chardev", "tells of the monitor that asks, by a path of its own"),
    ("query-vnc-servers", "tells of this run"),
];

/// The properties with which CPU models are expanded: none, and those that libvirt asks for.
pub(super) const EXPANSION_PROPERTIES: &[&str] =
    &["", r#"{"migratable":false}"#, r#"{"migratable":false,"hv-passthrough":true}"#];

/// A question, or a kind of questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// What is asked.
    pub ask: Ask,
    /// In which sessions.
    pub sessions: Sessions,
    /// What the answers are good for.
    pub gives: &'static str,
}

/// In which sessions a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sessions {
    /// In the first one: the answer does not depend on the accelerator.
    First,
    /// In the first one and, if that one is accelerated, in that of TCG.
    Both,
    /// In none: QEMU is run for it.
    Outside,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// What the plan of each release of libvirt asks, in its order.
    Plans,
    /// Every `query-*` command of the schema whose arguments are all optional.
    EveryQuery,
    /// A command with these arguments.
    Fixed(&'static str, &'static str),
    /// `qom-list-types` with each interface that is a type itself.
    EachInterface,
    /// A command with each type of a set.
    Each(&'static str, Types),
    /// `query-cpu-model-expansion`, with each set of properties that libvirt asks for.
    Expand {
        /// The CPU model.
        model: &'static str,
        /// The kind of expansion.
        kind: &'static str,
    },
    /// The program is run with these arguments, and prints something.
    Run(&'static [&'static str]),
}

/// A set of types, each without abstract ones and in the order of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Types {
    /// The descendants of `machine`.
    Machines,
    /// The descendants of `accel`.
    Accelerators,
    /// The descendants of `cpu`.
    Cpus,
    /// The descendants of `device`, which CPU types are, too.
    Devices,
    /// What is in none of these sets.
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
