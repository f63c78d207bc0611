//! New descriptions of virtual machines are new tests.

fn main() {
    println!("cargo::rerun-if-changed=vms");
}
