//! Audio backends and the cards of `-audio`.

use super::backends::Typed;
use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::scalar::integer;
use crate::command_line::{Pairs, Tree};
use crate::validate::{Stage, ViolationKind};

/// The sound cards of `-audio`.
const CARDS: &[&str] =
    &["ac97", "adlib", "cs4231a", "es1370", "gus", "hda", "sb16", "usb-audio", "virtio"];
/// Keys of individual audio drivers, besides the common ones.
const AUDIO_KEYS: &[(&str, &[&str])] = &[
    ("alsa", &["threshold"]),
    ("dbus", &["nsamples"]),
    ("dsound", &["latency"]),
    ("oss", &["try-mmap", "exclusive", "dsp-policy"]),
    ("pa", &["server"]),
    ("sndio", &["dev", "latency"]),
    ("wav", &["path"]),
];

/// Keys of what goes in or out, of all drivers.
const STREAM: &[&str] = &[
    "mixing-engine",
    "fixed-settings",
    "frequency",
    "channels",
    "voices",
    "format",
    "buffer-length",
    "buffer-count",
    "try-poll",
    "dev",
    "period-length",
    "name",
    "stream-name",
    "latency",
    "server-name",
    "client-name",
    "connect-ports",
    "start-server",
    "exact-name",
];
const FORMATS: &[&str] = &["u8", "s8", "u16", "s16", "u32", "s32", "f32"];

impl Judge<'_> {
    pub(super) fn check_audio(&mut self) {
        for argument in self.options(&["audiodev"]) {
            self.at(argument);
            let Some(value) = self.keyval(argument) else { continue };
            let driver = value.get("driver").unwrap_or_default();
            if driver == "help" {
                continue;
            }
            self.check_audio_type(&value, &driver);
            // Older ones take the first of several with one id.
            if let Some(id) = value.get("id")
                && (self.know.is_since(11, 0) || self.find(Space::Audiodev, &id).is_none())
            {
                self.name(Space::Audiodev, &id, Named { kind: driver, shared: true, uses: 0 });
            }
        }
        self.has_default_audio = self.options(&["audiodev", "nodefaults"]).is_empty();
        for argument in self.options(&["audio"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            let driver = pairs.get("driver").unwrap_or_default().to_owned();
            if driver == "help" {
                continue;
            }
            match pairs.get("model") {
                None if !self.know.is_since(8, 2) => {
                    self.missing("model", "a sound card", "Parameter 'model' is missing");
                }
                Some(model) if !CARDS.contains(&model) && self.know.device(model).is_none() => {
                    let words = format!("Unknown sound card name `{model}'");
                    let kind = (ViolationKind::Value, Stage::Type);
                    self.not_among("model", model, kind, CARDS.iter().copied(), words);
                }
                _ => {}
            }
            self.has_default_audio = true;
            let without: Vec<String> =
                pairs.iter().filter(|pair| pair.key != "model").map(ToString::to_string).collect();
            let pairs = Pairs::parse(&format!("{},id=audiodev0", without.join(",")), "driver");
            if let Some(tree) = self.tree(&pairs) {
                self.check_audio_type(&Typed::Tree(tree), &driver);
            }
        }
    }

    fn check_audio_type(&mut self, value: &Typed<'_>, driver: &str) {
        let listed = self.know.lists.get("audiodev");
        let array = self.return_type("query-audiodevs");
        let element = array.and_then(|array| {
            Some(self.target.schema().entry(&array)?.element_type()?.into_owned())
        });
        if let Some(listed) = listed
            && !listed.iter().any(|one| one == driver)
        {
            let known = element.is_some_and(|name| self.has_case(&name, "driver", driver))
                || [
                    "alsa",
                    "coreaudio",
                    "dsound",
                    "jack",
                    "oss",
                    "pa",
                    "pipewire",
                    "sdl",
                    "sndio",
                    "spice",
                    "dbus",
                ]
                .contains(&driver);
            let stage = if known { Stage::Build } else { Stage::Type };
            let words = format!("Parameter 'driver' does not accept value '{driver}'");
            let names = listed.iter().map(String::as_str);
            let kind = if known { ViolationKind::NotBuilt } else { ViolationKind::Value };
            self.not_among("driver", driver, (kind, stage), names, words);
            return;
        }
        if let Some(element) = element {
            self.check_type(Some(element), value, "driver");
        } else {
            if value.get("id").is_none() {
                self.missing("id", "an identifier", "Parameter 'id' is missing");
            }
            if let Typed::Tree(tree) = value {
                self.check_audio_keys(driver, tree);
            }
        }
    }

    /// What goes in or out, where the schema does not have it.
    fn check_audio_stream(&mut self, direction: &str, members: &[(String, Tree)]) {
        for (key, value) in members {
            let path = format!("{direction}.{key}");
            let kind = (ViolationKind::Unexpected, Stage::Value);
            if !STREAM.contains(&key.as_str()) {
                let words = format!("Parameter '{path}' is unexpected");
                self.not_among(&path, key, kind, STREAM.iter().copied(), words);
                continue;
            }
            let text = value.as_text().unwrap_or_default();
            if key == "format" && !FORMATS.contains(&text) {
                let words = format!("Parameter 'format' does not accept value '{text}'");
                let kind = (ViolationKind::Value, Stage::Value);
                self.not_among(&path, text, kind, FORMATS.iter().copied(), words);
            }
        }
    }

    /// Checks the keys for QEMUs whose schema lacks them.
    fn check_audio_keys(&mut self, driver: &str, tree: &Tree) {
        let Tree::Members(members) = tree else { return };
        let own = AUDIO_KEYS
            .iter()
            .find(|(of, _)| *of == driver)
            .map_or(&[] as &[&str], |(_, keys)| keys);
        for (key, value) in members {
            match (key.as_str(), value) {
                ("driver" | "id", _) => {}
                ("in" | "out", Tree::Members(members)) => self.check_audio_stream(key, members),
                ("timer-period", value) => {
                    let text = value.as_text().unwrap_or_default();
                    if integer(text).is_none_or(|number| u32::try_from(number).is_err()) {
                        self.wrong_value(
                            key,
                            text,
                            "a number",
                            "Parameter 'timer-period' expects integer",
                        );
                    }
                }
                _ if own.contains(&key.as_str()) => {}
                _ => {
                    let words = format!("Parameter '{key}' is unexpected");
                    let known = ["id", "timer-period", "in", "out"].iter().chain(own).copied();
                    self.not_among(
                        key,
                        key,
                        (ViolationKind::Unexpected, Stage::Value),
                        known,
                        words,
                    );
                }
            }
        }
    }
}
