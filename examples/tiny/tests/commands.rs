//! Every command in `commands/` on every QEMU: twenty lines.

use qemu_caps::prelude::*;

#[caps_test(all, ["x86_64", "aarch64"], files("commands/*.json"))]
fn is_valid(command: &InputFile, validator: &Validator) {
    let command: serde_json::Value = command.parse().unwrap();
    assert_qmp_valid!(validator, command);
}
