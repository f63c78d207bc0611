use qemu_caps::prelude::*;

#[tokio::test]
#[caps_test(latest, "x86_64")]
async fn without_arguments() {}

#[tokio::test]
#[caps_test(latest, "x86_64")]
async fn with_arguments(caps: &Capabilities) {}

#[test]
#[caps_test(latest, "x86_64")]
fn plain(caps: &Capabilities) {}
