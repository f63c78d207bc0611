//! Lets cargo watch the captures: one that is added, removed or changed compiles the tests again.

fn main() {
    println!("cargo::rerun-if-changed=.");
}
