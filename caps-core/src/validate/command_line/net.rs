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
        for argument in self.options(&["nic", "net"]) {
            self.at(argument);
            let Some(pairs) = argument.pairs() else { continue };
            let kind = pairs.get("type").unwrap_or_default().to_owned();
            if pairs.get("model") == Some("help") || kind == "help" {
                continue;
            }
            self.warn_short_forms(pairs);
            self.check_nic(&argument.name, &kind, pairs);
        }
    }

    fn check_nic(&mut self, option: &str, kind: &str, pairs: &Pairs) {
        if let Some(id) = pairs.get("id")
            && self.check_id("id", id)
            && kind != "nic"
        {
            if self.find(Space::Netdev, id).is_some() {
                let words = format!("Duplicate ID '{id}'");
                let what = format!("another netdev has the id `{id}`");
                self.conflict("id", Stage::Value, &what, words);
            } else {
                // The machine's own card uses it, where there is one.
                let uses = usize::from(option == "nic" && self.has_cards());
                self.name(Space::Netdev, id, Named { kind: kind.to_owned(), uses, shared: false });
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
        let known = ["pc-", "pseries-", "s390-ccw-virtio-"].iter().any(|one| name.starts_with(one));
        known || (name.starts_with("virt-") && self.know.is_arm()) || self.limit("nic").is_some()
    }

    /// QEMU before about 8.0 rejected models that no card has.
    fn check_card_model(&mut self, pairs: &Pairs) {
        let Some(model) = pairs.get("model") else { return };
        let of_board = self.limit("nic").filter(|_| !self.know.is_since(8, 0));
        let known = match of_board {
            Some("pci") => self.is_pci_card(model),
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
            let names = self.know.driver_names().iter().map(String::as_str);
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

    fn is_pci_card(&self, model: &str) -> bool {
        let device = self.know.device(model);
        model == "virtio" || device.is_some_and(|device| device.bus.as_deref() == Some("PCI"))
    }

    fn is_card(&self, name: &str) -> bool {
        let device = self.know.device(name);
        device
            .and_then(|device| device.category.as_deref())
            .is_some_and(|of| of.starts_with("Network"))
    }
}
