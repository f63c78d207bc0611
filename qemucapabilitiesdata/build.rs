//! Makes cargo watch the captures: adding, removing or changing one recompiles the tests.

fn main() {
    println!("cargo::rerun-if-changed=.");
}
