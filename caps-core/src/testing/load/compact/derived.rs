//! The compact form of capabilities that were derived in a test process.

use super::form::{Packer, Record, Unpacker};
use super::{Kept, code};
use crate::caps::Capabilities;

/// What a file gives for a capture.
#[derive(Debug, PartialEq)]
pub(in crate::testing::load) struct Derived {
    /// The name of the capture, which a part of the capabilities depends on.
    pub(in crate::testing::load) name: String,
    pub(in crate::testing::load) capabilities: Capabilities,
}

impl Kept for Derived {
    const ENDING: &'static str = ".derived";
    /// All that deriving depends on; a test knows if something is missing.
    const CODE: u64 = code(&[
        include_bytes!("../../../accel.rs").as_slice(),
        include_bytes!("../../../arch.rs"),
        include_bytes!("../../../baseline.rs"),
        include_bytes!("../../../names.rs"),
        include_bytes!("../../../version.rs"),
        include_bytes!("../../../caps.rs"),
        include_bytes!("../../../caps/cpu.rs"),
        include_bytes!("../../../caps/feature.rs"),
        include_bytes!("../../../caps/feature_names.rs"),
        include_bytes!("../../../caps/host.rs"),
        include_bytes!("../../../caps/machine.rs"),
        include_bytes!("../../../capture/id.rs"),
        include_bytes!("../../../flag.rs"),
        include_bytes!("../../../flag/life.rs"),
        include_bytes!("../../../flag/name.rs"),
        include_bytes!("../../../flag/rule.rs"),
        include_bytes!("../../../flag/rules.rs"),
        include_bytes!("../../../flag/set.rs"),
        include_bytes!("../../../flag/table.rs"),
        include_bytes!("../../../json/document.rs"),
        include_bytes!("../../../json/named.rs"),
        include_bytes!("../../../json/number.rs"),
        include_bytes!("../../../json/nesting.rs"),
        include_bytes!("../../../json/outline.rs"),
        include_bytes!("../../../json/reader.rs"),
        include_bytes!("../../../json/scan.rs"),
        include_bytes!("../../../json/string.rs"),
        include_bytes!("../../../json/tape.rs"),
        include_bytes!("../../../json/text.rs"),
        include_bytes!("../../../probe/answers.rs"),
        include_bytes!("../../../probe/answers/cpu.rs"),
        include_bytes!("../../../probe/answers/flags.rs"),
        include_bytes!("../../../probe/answers/host.rs"),
        include_bytes!("../../../probe/answers/machine.rs"),
        include_bytes!("../../../probe/derive.rs"),
        include_bytes!("../../../probe/detect.rs"),
        include_bytes!("../../../probe/host.rs"),
        include_bytes!("../../../probe/plan.rs"),
        include_bytes!("../../../probe/question.rs"),
        include_bytes!("../../../probe/record.rs"),
        include_bytes!("../../../probe/replay.rs"),
        include_bytes!("../../../probe/run.rs"),
        include_bytes!("../../../qapi/entry.rs"),
        include_bytes!("../../../qapi/meta_type.rs"),
        include_bytes!("../../../qapi/query.rs"),
        include_bytes!("../../../qapi/query/syntax.rs"),
        include_bytes!("../../../qapi/schema.rs"),
        include_bytes!("../../../qapi/shape.rs"),
        include_bytes!("../../../qmp/command.rs"),
        include_bytes!("../../../qmp/message.rs"),
        include_bytes!("../../../replies/conversation.rs"),
        include_bytes!("../../../replies/render.rs"),
        include_bytes!("../../../replies/split.rs"),
        include_bytes!("../../../survey/host.rs"),
        include_bytes!("../../../survey/lists.rs"),
        include_bytes!("../../../survey/mark.rs"),
        include_bytes!("../../../survey/pack.rs"),
        include_bytes!("../../../survey/properties.rs"),
        include_bytes!("../../../survey/read.rs"),
        include_bytes!("../../../survey/types.rs"),
        include_bytes!("../derived.rs"),
        include_bytes!("../compact.rs"),
        include_bytes!("form.rs"),
        include_bytes!("records.rs"),
        include_bytes!("derived.rs"),
    ]);
}

impl Record for Derived {
    fn pack(&self, to: &mut Packer) {
        let Self { name, capabilities } = self;
        name.pack(to);
        capabilities.pack(to);
    }

    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(Self { name: Record::unpack(from)?, capabilities: Record::unpack(from)? })
    }
}
