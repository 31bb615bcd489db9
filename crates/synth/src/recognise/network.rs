//! Notations of network addresses.

use std::net::IpAddr;

/// A list of two or more network addresses.
pub fn is_ip_list(value: &str) -> bool {
    has_address_mark(value) && addresses(value).all(is_address) && addresses(value).nth(1).is_some()
}

pub(crate) fn addresses(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ';', ' ', '|', '(', ')', '[', ']', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Whether a text contains `.` or `:`, as every address does.
fn has_address_mark(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'.' | b':'))
}

/// Whether a text is the address of a network or a host, possibly with a port, a mask, or masked parts.
pub fn is_address(text: &str) -> bool {
    if !has_address_mark(text) {
        return false;
    }
    let host = text.split(['/', '%']).next().unwrap_or(text);
    if host.parse::<IpAddr>().is_ok() {
        return true;
    }
    let bare = host.rsplit_once(':').filter(|(before, _)| before.contains('.')).map_or(host, |(before, _)| before);
    let parts: Vec<&str> = bare.split('.').collect();
    let is_part = |part: &&str| part.contains(['*', 'x', 'X']) && part.len() <= 3 || part.parse::<u8>().is_ok();
    let is_four = parts.len() == 4 && parts.iter().all(is_part);
    let colons = host.matches(':').count();
    is_four
        || (3..=7).contains(&colons)
            && host.chars().all(|c| c.is_ascii_hexdigit() || ":.*".contains(c))
            && host.len() >= 6
}
