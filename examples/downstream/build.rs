//! Makes cargo recompile the tests when descriptions of virtual machines are added.

fn main() {
    println!("cargo::rerun-if-changed=vms");
}
