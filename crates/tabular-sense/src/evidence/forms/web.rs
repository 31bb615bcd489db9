//! Forms of the web: mail addresses, links, programs, network addresses.

use std::net::IpAddr;

pub(super) fn is_email(value: &str) -> bool {
    let is_host = |host: &str| host.contains(['.', '*']) && !host.starts_with('.');
    value.split_once('@').is_some_and(|(user, host)| !user.trim().is_empty() && is_host(host)) || value.contains("[at]")
}

pub(super) fn is_url(value: &str) -> bool {
    let lower = value.to_lowercase();
    let is_link = ["http", "hxxp", "ftp://", "www.", "//", "ws://", "wss://", "rtmp", "rtsp"]
        .iter()
        .any(|start| lower.starts_with(start));
    let host = lower.split(['/', '?', ':']).next().unwrap_or_default();
    let end = host.rsplit('.').next().unwrap_or_default();
    let is_host = host.contains('.')
        && !host.contains([' ', '@'])
        && end.chars().count() >= 2
        && end.chars().all(char::is_alphabetic);
    is_link || lower.contains("://") || is_host
}

/// A program and its version, or a crawler.
pub(super) fn is_useragent(value: &str) -> bool {
    let lower = value.to_lowercase();
    let is_versioned = value.split_once('/').is_some_and(|(program, version)| {
        program.contains(|c: char| c.is_alphabetic())
            && !program.contains("//")
            && version.contains(|c: char| c.is_ascii_digit())
    });
    let programs = [
        "bot", "spider", "crawler", "mozilla", "curl", "wget", "python", "http", "agent", "windows", "linux",
        "android", "iphone",
    ];
    is_versioned || programs.iter().any(|program| lower.contains(program))
}

/// An address of a network or a host in it, perhaps with a port, a mask, or parts that are left out.
pub(super) fn is_ip(value: &str) -> bool {
    addresses(value).any(is_address)
}

/// A list of two or more network addresses.
pub(in crate::evidence) fn is_ip_list(value: &str) -> bool {
    has_address_mark(value) && addresses(value).all(is_address) && addresses(value).nth(1).is_some()
}

fn addresses(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ';', ' ', '|', '(', ')', '[', ']', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Whether a text holds what stands between the parts of every address.
fn has_address_mark(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'.' | b':'))
}

pub(in crate::evidence) fn is_address(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_alone_or_in_lists() {
        for yes in [
            "10.0.0.1",
            "10.0.0.1:8080",
            "fe80::1",
            "192.168.*.*",
            "10.0.0.0/8",
            "58.60.1.2(广东-深圳)",
            "2a02:8109:b540::1",
        ] {
            assert!(is_ip(yes), "{yes}");
        }
        assert!(!["1.2.3", "300.1.1.1", "12:30", "08:30:15", "abc"].into_iter().any(is_ip));
        assert!(is_ip_list("10.0.0.1, 172.16.0.5") && !is_ip_list("10.0.0.1") && !is_ip_list("10.0.0.1, proxy"));
    }

    #[test]
    fn links_and_hosts_are_no_file_names() {
        assert!(["https://a.cn/x", "www.a.com", "linktr.ee/x", "mastodon.social:443"].into_iter().all(is_url));
        assert!(!["3.14", "a b.c d", "bob@a.cn", "v1.2"].into_iter().any(is_url));
    }
}
