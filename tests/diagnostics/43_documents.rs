//! A test that runs for each document of domain capabilities has no golden file for each.

use qemu_caps::caps_test;
use qemu_caps::prelude::*;

#[caps_test(latest, "x86_64", golden = "tests/golden/{test}.{arch}-{version}.xml")]
fn every_document(domcaps: &DomainCapabilities, golden: &Golden) {
    golden.assert(&domcaps.to_xml());
}

#[caps_test(latest, "x86_64", virttype = kvm, golden = "tests/golden/{test}.{arch}-{version}.xml")]
fn one_document(domcaps: &DomainCapabilities, golden: &Golden) {
    golden.assert(&domcaps.to_xml());
}

#[caps_test(latest, "x86_64")]
fn changed(domcaps: &mut DomainCapabilities) {
    drop(domcaps);
}

#[caps_test(latest, "x86_64", virttype = xen)]
fn of_no_domain_type(domcaps: &DomainCapabilities) {
    look(domcaps);
}
