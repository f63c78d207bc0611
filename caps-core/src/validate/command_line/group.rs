//! Options with keys listed by `query-command-line-options`, and their further rules.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::Pairs;
use crate::command_line::scalar::integer;
use crate::validate::{Stage, ViolationKind};

const FSDRIVERS: &[&str] = &["local", "proxy", "synth"];

impl Judge<'_> {
    pub(super) fn check_fsdev(&mut self, pairs: &Pairs) {
        let driver = pairs.get("fsdriver").unwrap_or_default();
        if !FSDRIVERS.contains(&driver) || (driver == "proxy" && self.know.is_since(9, 2)) {
            let words = format!("fsdriver {driver} not found");
            let kind = (ViolationKind::Value, Stage::Type);
            self.not_among("fsdriver", driver, kind, FSDRIVERS.iter().copied(), words);
        }
        match pairs.get("id") {
            None => self.missing("id", "an identifier", "fsdev: No id specified"),
            Some(id) => {
                if self.check_id("id", id) {
                    self.name(
                        Space::Fsdev,
                        id,
                        Named { kind: driver.to_owned(), shared: true, uses: 0 },
                    );
                }
            }
        }
        self.check_local(driver, pairs);
    }

    fn check_local(&mut self, driver: &str, pairs: &Pairs) {
        if driver != "local" {
            return;
        }
        if pairs.get("security_model").is_none() {
            let words = "Security model not specified, local fs needs security model";
            self.missing(
                "security_model",
                "`passthrough`, `mapped-xattr`, `mapped-file` or `none`",
                words,
            );
        }
        if pairs.get("path").is_none() {
            self.missing("path", "a directory", "fsdev: No path specified");
        }
    }

    pub(super) fn check_virtfs(&mut self, pairs: &Pairs) {
        let driver = pairs.get("fsdriver").unwrap_or_default();
        if pairs.get("fsdriver").is_none() || pairs.get("mount_tag").is_none() {
            self.missing(
                "mount_tag",
                "the tag to mount it by",
                "Usage: -virtfs fsdriver,mount_tag=tag",
            );
            return;
        }
        if !FSDRIVERS.contains(&driver) || (driver == "proxy" && self.know.is_since(9, 2)) {
            let words = format!("fsdriver {driver} not found");
            let kind = (ViolationKind::Value, Stage::Type);
            self.not_among("fsdriver", driver, kind, FSDRIVERS.iter().copied(), words);
        }
        self.check_local(driver, pairs);
    }

    pub(super) fn check_rtc(&mut self, pairs: &Pairs) {
        let Some(base) = pairs.get("base") else { return };
        let date = |text: &str| {
            let (day, time) = text.split_once('T').unwrap_or((text, "0:0:0"));
            let numbers = |text: &str, separator: char, count: usize| {
                let parts: Vec<&str> = text.split(separator).collect();
                parts.len() == count && parts.iter().all(|part| part.parse::<u16>().is_ok())
            };
            numbers(day, '-', 3) && numbers(time, ':', 3)
        };
        if base != "utc" && base != "localtime" && !date(base) {
            let words = "invalid datetime format";
            self.wrong_value(
                "base",
                base,
                "`utc`, `localtime` or a date such as `2006-06-17T16:01:21`",
                words,
            );
        }
    }

    pub(super) fn check_icount(&mut self, pairs: &Pairs) {
        if self.first_accelerator() != "tcg" {
            let words = "-icount is not allowed with hardware virtualization";
            self.conflict("", Stage::Value, "`-icount` with another accelerator than TCG", words);
        }
        if let Some(shift) = pairs.get("shift")
            && shift != "auto"
            && integer(shift).is_none_or(|shift| !(0..=10).contains(&shift))
        {
            self.wrong_value(
                "shift",
                shift,
                "`auto` or a number up to 10",
                "icount: Invalid shift value",
            );
        }
    }

    pub(super) fn check_fw_cfg(&mut self, pairs: &Pairs) {
        let has = |key: &str| pairs.get(key).is_some_and(|value| !value.is_empty());
        let sources = ["file", "string", "gen_id"].iter().filter(|key| has(key)).count();
        let name = pairs.get("name").unwrap_or_default();
        if name.is_empty() || sources != 1 {
            if name.is_empty() {
                self.missing(
                    "name",
                    "a name",
                    "name, plus exactly one of file, string and gen_id, are needed",
                );
            } else {
                self.missing(
                    "string",
                    "exactly one of `file`, `string` and `gen_id`",
                    "name, plus exactly one of file, string and gen_id, are needed",
                );
            }
        } else if name.len() > 55 {
            self.wrong_value(
                "name",
                name,
                "a name of at most 55 characters",
                "name too long (max. 55 char)",
            );
        }
    }

    pub(super) fn check_descriptor(&mut self, pairs: &Pairs) {
        match pairs.get("fd").map(|fd| (fd, integer(fd))) {
            None => {
                self.missing("fd", "a number", "fd option is required and must be non-negative");
            }
            Some((fd, Some(0..=2))) => {
                self.wrong_value(
                    "fd",
                    fd,
                    "a number above 2",
                    "fd cannot be a standard I/O stream",
                );
            }
            _ => self.host("fd", "the descriptor has to be open"),
        }
        if pairs.get("set").is_none() {
            self.missing("set", "a number", "set option is required and must be non-negative");
        }
    }
}
