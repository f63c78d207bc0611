use crate::Files;

#[test]
fn bad_input_is_reported_with_file_and_line() {
    let files = Files::new();
    files.write("broken.jsonl", "{\"execute\":\"stop\"}\n\n{\"execute\":\n");
    files.write("other.jsonl", "{\"execute\":\"stop\"}\n{\"exec\":\"stop\"}\n");
    files.write("array.jsonl", "[]\n");
    files.write("empty.jsonl", "\n\n");
    files.write("variable.args", "qemu \\\n-name $NAME\n");
    files.write("program.sh", "ls -l\n");
    files.write("argv.jsonl", "{\"argv\":[]}\n");
    files.write("word.jsonl", "{\"argv\":[\"-m\",5]}\n");
    files.write("quote.args", "qemu \\\n-device '{}\n");
    for (file, arguments, code, message) in [
        (
            "broken.jsonl",
            &[][..],
            3,
            "error: `broken.jsonl` line 3: not JSON: expected a JSON value, found the end of the text at column 12",
        ),
        (
            "other.jsonl",
            &[],
            3,
            "error: `other.jsonl` line 2: expected a QMP command with `execute`, found an object with `exec`, did you mean `execute`?",
        ),
        (
            "array.jsonl",
            &[],
            3,
            "error: `array.jsonl` line 1: expected a QMP command with `execute`, found a JSON array",
        ),
        ("empty.jsonl", &[], 3, "error: no command in `empty.jsonl`"),
        ("missing.jsonl", &[], 3, "error: can't read `missing.jsonl`"),
        ("quote.args", &[], 3, "error: `quote.args` line 2: the quote `'` is not closed"),
        (
            "variable.args",
            &[],
            3,
            "error: `variable.args` line 2: `$NAME` is not expanded, expected its value",
        ),
        (
            "program.sh",
            &[],
            3,
            "error: `program.sh` line 1: expected a QEMU such as `qemu-system-x86_64`, found `ls`",
        ),
        (
            "argv.jsonl",
            &[],
            3,
            "error: `argv.jsonl` line 1: the command line is empty, expected options of QEMU",
        ),
        (
            "word.jsonl",
            &[],
            3,
            "error: `word.jsonl` line 1: expected words in `argv`, found a JSON number",
        ),
        ("guest.args", &["--captures", "9.9.9_x86_64"], 2, "error: no capture `9.9.9_x86_64` in"),
        (
            "guest.args",
            &["--captures", "latest:x68_64"],
            2,
            "error: `x68_64` is not an architecture that libvirt knows, did you mean `x86_64`?",
        ),
        (
            "guest.args",
            &["--captures", "no.replies"],
            3,
            "error: can't read the capture `no.replies`",
        ),
        (
            "guest.args",
            &["--arch", "x68_64"],
            2,
            "error: invalid value 'x68_64' for '--arch <ARCH>': `x68_64` is not an architecture",
        ),
        (
            "guest.args",
            &["--versions", "9.2"],
            2,
            "error: invalid value '9.2' for '--versions <VERSIONS>': `9.2` can be a version or a range",
        ),
        (
            "guest.args",
            &["--versions", ">=99", "--arch", "s390x"],
            2,
            "error: no capture of `s390x` and of version `>=99`, there are: 7.2.22_aarch64",
        ),
    ] {
        let (found, _, err) = files.run(file, arguments);
        assert_eq!(found, code, "{file}: {err}");
        assert!(err.starts_with(message), "{file}: {err}");
    }
}
