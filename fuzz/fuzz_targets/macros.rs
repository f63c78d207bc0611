#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    qemu_caps_fuzz::run("macros", data);
});
