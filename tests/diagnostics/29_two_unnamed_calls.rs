use qemu_caps::caps_test;

caps_test!(latest, "x86_64");
caps_test!(latest, "aarch64");
