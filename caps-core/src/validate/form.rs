//! The syntax of certain values.

use crate::command_line::scalar::hexadecimal;

const BLOCK_SIZES: std::ops::RangeInclusive<u64> = 512..=2 << 20;

/// Zero selects the device's default.
pub(super) fn is_block_size(size: u64) -> bool {
    size == 0 || (size.is_power_of_two() && BLOCK_SIZES.contains(&size))
}

/// `[domain:]bus:slot.function`, hexadecimal.
pub(super) fn is_host_address(text: &str) -> bool {
    let Some((rest, function)) = text.rsplit_once('.') else { return false };
    let parts: Vec<&str> = rest.split(':').collect();
    let number = |text: &str, limit: u32| {
        hexadecimal(text).is_some_and(|(number, rest)| rest.is_empty() && number < limit)
    };
    let [bus, slot] = match parts.as_slice() {
        [domain, bus, slot] if number(domain, 0x1_0000) => [*bus, *slot],
        [bus, slot] => [*bus, *slot],
        _ => return false,
    };
    number(bus, 256) && number(slot, 32) && number(function, 8)
}

/// `CSSID.SSID.DEVNO` of a device in the channel subsystem of s390x, hexadecimal: `fe.0.0005`.
pub(super) fn is_channel_address(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let [cssid, ssid, number] = parts.as_slice() else { return false };
    let all = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
    matches!(cssid.len(), 1 | 2)
        && matches!(*ssid, "0" | "1" | "2" | "3")
        && number.len() == 4
        && all(cssid)
        && all(number)
}

/// Hexadecimal digits in groups of 8, 4, 4, 4 and 12 separated by `-`.
pub(super) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    groups.len() == lengths.len()
        && groups.iter().zip(lengths).all(|(group, length)| {
            group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit())
        })
}

/// Six pairs of hexadecimal digits, separated by `:` or `-`.
pub(super) fn is_mac_address(text: &str) -> bool {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    pairs.len() == 6
        && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::{is_channel_address, is_host_address, is_mac_address, is_uuid};

    /// As QEMU 7.2, 10.0 and 11.1 were seen to take and refuse them.
    #[test]
    fn forms_are_those_that_qemu_takes() {
        for (is_one, texts) in [
            (is_channel_address as fn(&str) -> bool, ["fe.0.0005", "01.3.ffff"].as_slice()),
            (is_host_address, &["0000:65:00.0", "65:00.0", "0x0:65:00.0", "65:+0.0", " 65:0.7"]),
            (is_mac_address, &["52:54:00:12:34:56", "52-54-00-12-34-56", "52:54-00:12:34:ff"]),
            (is_uuid, &["00000000-0000-0000-0000-000000000001"]),
        ] {
            assert_eq!(texts.iter().find(|text| !is_one(text)), None);
        }
        for (is_one, texts) in [
            (
                is_channel_address as fn(&str) -> bool,
                [
                    "fe.0.5",
                    "fe.4.0005",
                    "100.0.0001",
                    "fe.0.10000",
                    "fe.0",
                    " fe.0.0001",
                    "fe.-0.0001",
                ]
                .as_slice(),
            ),
            (is_host_address, &["65:00", "65:20.0", "65:00.8", "10000:65:0.0", "65:00.0 ", ""]),
            (is_mac_address, &["52:54:00:12:34:5", "52:54:00:12:34:56:", "525400123456", ""]),
            (is_uuid, &["0000000g-0000-0000-0000-000000000001", "auto", "", "0-0-0-0-1"]),
        ] {
            assert_eq!(texts.iter().find(|text| is_one(text)), None);
        }
    }
}
