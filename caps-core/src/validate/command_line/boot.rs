//! The boot order.

use super::judge::Judge;
use crate::command_line::Pairs;
use crate::command_line::scalar::{boolean, integer};
use crate::validate::{Stage, ViolationKind};

/// The keys of `-boot`.
pub(super) const BOOT: &[&str] =
    &["order", "once", "menu", "splash", "splash-time", "reboot-timeout", "strict"];

impl Judge<'_> {
    pub(super) fn check_boot(&mut self) {
        for argument in self.options(&["boot"]) {
            self.at(argument);
            let Some(text) = argument.text() else { continue };
            if !text.contains('=') {
                let letters = text.split(',').next().unwrap_or_default().to_owned();
                self.check_boot_order("order", &letters);
                continue;
            }
            let pairs = Pairs::parse(&text, "order");
            if self.tree(&pairs).is_none() {
                continue;
            }
            for pair in pairs.iter() {
                let (key, value) = (pair.key.as_str(), pair.value.as_str());
                match key {
                    "order" | "once" => self.check_boot_order(key, value),
                    "menu" | "strict" if boolean(value).is_none() => {
                        let words = format!("Parameter '{key}' expects 'on' or 'off'");
                        self.wrong_value(key, value, "`on` or `off`", words);
                    }
                    "splash-time" | "reboot-timeout" if integer(value).is_none() => {
                        let words = format!("Parameter '{key}' expects integer");
                        self.wrong_value(key, value, "a number", words);
                    }
                    _ if !BOOT.contains(&key) => {
                        let words = format!("Parameter 'boot.{key}' is unexpected");
                        let kind = (ViolationKind::Unexpected, Stage::Value);
                        self.not_among(key, key, kind, BOOT.iter().copied(), words);
                    }
                    _ => {}
                }
            }
        }
    }

    fn check_boot_order(&mut self, key: &str, letters: &str) {
        let mut seen = String::new();
        for letter in letters.chars() {
            if !('a'..='p').contains(&letter) {
                let words = format!("Invalid boot device '{letter}'");
                return self.wrong_value(key, letters, "letters from `a` to `p`", words);
            }
            if seen.contains(letter) {
                let words = format!("Boot device '{letter}' was given twice");
                return self.wrong_value(key, letters, "each letter once", words);
            }
            seen.push(letter);
        }
    }
}
