//! The written forms of values that have one.

const BLOCK_SIZES: std::ops::RangeInclusive<u64> = 512..=2 * 1024 * 1024;

/// Zero stands for the device's default.
pub(super) fn is_block_size(size: u64) -> bool {
    size == 0 || (size.is_power_of_two() && BLOCK_SIZES.contains(&size))
}

/// `[domain:]bus:slot.function`, hexadecimal.
pub(super) fn is_host_address(text: &str) -> bool {
    let Some((rest, function)) = text.rsplit_once('.') else { return false };
    let parts: Vec<&str> = rest.split(':').collect();
    let number = |text: &str, limit: u32| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
        digits && u32::from_str_radix(text, 16).is_ok_and(|number| number < limit)
    };
    let [bus, slot] = match parts.as_slice() {
        [domain, bus, slot] if number(domain, 0x1_0000) => [*bus, *slot],
        [bus, slot] => [*bus, *slot],
        _ => return false,
    };
    number(bus, 256) && number(slot, 32) && number(function, 8)
}

/// Six pairs of hexadecimal digits with `:` or `-` between.
pub(super) fn is_mac_address(text: &str) -> bool {
    let pairs: Vec<&str> = text.split([':', '-']).collect();
    pairs.len() == 6
        && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
}
