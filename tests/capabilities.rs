//! Tests every property of every capture of the project.

mod properties;

use properties::{
    knows_its_commands, passes_the_check, records_as_it_was_recorded, replies_read_and_print,
    survey_says_the_same, xml_reads_and_prints,
};
use qemu_caps::caps_test;

caps_test!(derives: all, variant = any);
caps_test!(xml: all, variant = any => xml_reads_and_prints);
caps_test!(replies: all, variant = any => replies_read_and_print);
caps_test!(check: all, variant = any => passes_the_check);
caps_test!(records: all, variant = any => records_as_it_was_recorded);
caps_test!(commands: all, variant = any => knows_its_commands);
caps_test!(survey: all, variant = any => survey_says_the_same);
