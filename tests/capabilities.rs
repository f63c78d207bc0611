//! Tests every property of every capture of the project.

mod properties;

use std::error::Error;

use properties::{
    knows_its_commands, passes_the_check, records_as_it_was_recorded, replies_read_and_print,
    survey_says_the_same, xml_reads_and_prints,
};
use qemu_caps::prelude::*;
use qemu_caps::probe::{Matching, derive, detect};
use qemu_caps::survey::Survey;
use qemu_caps::{Baseline, caps_test};

caps_test!(derives: all, variant = any);
caps_test!(xml: all, variant = any => xml_reads_and_prints);
caps_test!(replies: all, variant = any => replies_read_and_print);
caps_test!(check: all, variant = any => passes_the_check);
caps_test!(records: all, variant = any => records_as_it_was_recorded);
caps_test!(commands: all, variant = any => knows_its_commands);
caps_test!(survey: all, variant = any => survey_says_the_same);
caps_test!(releases: all, variant = any => every_release_can_probe_the_survey);

/// What each release of libvirt would have recorded: complete, told apart by its questions, and a
/// description that reads and prints.
fn every_release_can_probe_the_survey(
    survey: &Survey,
    id: &CaptureId,
) -> Result<(), Box<dyn Error>> {
    for &baseline in Baseline::ALL {
        let replies = survey.replies(baseline)?;
        assert_eq!(detect(&replies, id), baseline);
        let derived = derive(&replies, id, Matching::Strict, baseline)?;
        let text = qemu_caps::xml::write(&derived.capabilities);
        assert_eq!(qemu_caps::xml::write(&qemu_caps::xml::read(&text)?), text, "{baseline}");
    }
    Ok(())
}
