//! `-nic` and `-net`, which combine a backend and a card.

use super::judge::Judge;
use super::names::{Named, Space};
use crate::command_line::{Pairs, Tree};
use crate::validate::{Stage, ViolationKind};

/// The keys of the card.
const CARD: &[&str] =
    &["model", "mac", "macaddr", "addr", "vectors", "netdev", "name", "id", "type"];

impl Judge<'_> {
    pub(super) fn check_nics(&mut self) {
        // QEMU makes those of `-nic` first.
        let nics = self.options(&["nic"]);
        for argument in nics.into_iter().chain(self.options(&["net"])) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            let kind = pairs.get("type").unwrap_or_default().to_owned();
            let lists = argument.name == "nic" && kind == "help" && self.know.is_since(9, 0);
            if lists || pairs.get("model") == Some("help") {
                continue;
            }
            self.warn_short_forms(pairs);
            self.check_nic(&argument.name, &kind, pairs);
        }
    }

    fn check_nic(&mut self, option: &str, kind: &str, pairs: &Pairs) {
        if let Some(id) = pairs.get("id")
            && self.check_id("id", id)
        {
            let space = if kind == "nic" { Space::Card } else { Space::Netdev };
            let taken = [Space::Netdev, Space::Card].map(|space| {
                // Two options of a group were found before.
                self.find(space, id).map(|other| other.kind == option)
            });
            if taken.contains(&Some(false)) {
                let words = format!("Duplicate ID '{id}'");
                let what = format!("another netdev or card has the id `{id}`");
                self.conflict("id", Stage::Value, &what, words);
            } else if taken == [None, None] {
                // The machine's own card uses it, where there is one, or a hub.
                let uses = usize::from(option == "net" || self.has_cards());
                self.name(space, id, Named { kind: option.to_owned(), uses, shared: false });
            }
        }
        let mac = pairs.get(if option == "nic" { "mac" } else { "macaddr" });
        if let Some(mac) = mac
            && !crate::validate::form::is_mac_address(mac)
        {
            let words = "invalid syntax for ethernet address";
            self.wrong_value("mac", mac, "an Ethernet address such as `52:54:00:12:34:56`", words);
        }
        match kind {
            "none" => return,
            "nic" => {
                if let Some(netdev) = pairs.get("netdev") {
                    self.refer(Space::Netdev, "netdev", netdev);
                }
                for pair in pairs.iter() {
                    if !CARD.contains(&pair.key.as_str()) {
                        let words = format!("Invalid parameter '{}'", pair.key);
                        let kind = (ViolationKind::Unexpected, Stage::Value);
                        self.not_among(&pair.key, &pair.key, kind, CARD.iter().copied(), words);
                    }
                }
                self.check_card_model(pairs);
                return;
            }
            _ => {}
        }
        if option == "nic" {
            self.check_card_model(pairs);
        }
        let Some(type_name) = self.argument_type("netdev_add") else {
            return self.unchecked("", "the schema does not have the type of the option");
        };
        let card: &[&str] =
            if option == "nic" { &["model", "mac", "addr", "vectors", "name"] } else { &["name"] };
        let Tree::Members(mut members) = self.opts_tree(&type_name, pairs) else { return };
        members.retain(|(key, _)| !card.contains(&key.as_str()));
        if !members.iter().any(|(key, _)| key == "id") {
            members.push(("id".to_owned(), Tree::Text("n".to_owned())));
        }
        self.check_typed(&type_name, &Tree::Members(members), "type");
    }

    /// Whether the machine makes a card of each `-nic`.
    fn has_cards(&self) -> bool {
        let name = self.machine.map_or("", |machine| machine.name.as_str());
        name.starts_with("s390-ccw-virtio-") || self.card_models().is_some()
    }

    /// QEMU before about 8.0 rejected models that no card has.
    fn check_card_model(&mut self, pairs: &Pairs) {
        let Some(model) = pairs.get("model") else { return };
        let of_board = self.card_models().filter(|_| !self.know.is_since(8, 0));
        let known = match of_board {
            Some("pci") => {
                let is_isa = model == "ne2k_isa" && self.know.is_x86();
                is_isa || model == "virtio" || self.is_pci_card(model)
            }
            Some(models) => models.split('+').any(|one| one == model),
            None => self.know.device(model).is_some() || matches!(model, "virtio" | "lance"),
        };
        if known || !self.know.knows_devices() {
            return;
        }
        if self.know.is_since(9, 0) {
            self.deprecated("model", &format!("the unknown model `{model}`"), "ignored");
        } else if self.know.is_x86() || of_board.is_some() {
            let words = format!("Unsupported NIC model: {model}");
            let names = self.know.driver_names().names();
            let names: Vec<&str> = names.filter(|name| self.is_card(name)).collect();
            self.not_among(
                "model",
                model,
                (ViolationKind::UnknownDevice, Stage::Type),
                names,
                words,
            );
        } else {
            self.unchecked("model", "which models the board has is not known");
        }
    }

    /// The models of the board's cards: `pci` for those on PCI, or names with `+` between them.
    pub(super) fn card_models(&self) -> Option<&'static str> {
        let name = self.machine.map_or("", |machine| machine.name.as_str());
        if name.starts_with("pc-") { Some("pci") } else { self.limit("nic") }
    }

    pub(super) fn is_pci_card(&self, name: &str) -> bool {
        let device = self.know.device(name);
        device.is_some_and(|device| device.bus.as_deref() == Some("PCI")) && self.is_card(name)
    }

    fn is_card(&self, name: &str) -> bool {
        let device = self.know.device(name);
        device
            .and_then(|device| device.category.as_deref())
            .is_some_and(|of| of.starts_with("Network"))
    }
}
