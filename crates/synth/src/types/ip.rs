//! IP addresses.

use std::net::IpAddr;

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{each, one};
use crate::parts::place_names::REGIONS;
use crate::recognise::network::{addresses, is_address};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "IP address",
    zh: "IP地址",
    description: "IPv4 and IPv6 addresses, also with a port, a mask or `*`.",
    sensitivity: Sensitivity::PERSONAL,
    column_names: include_str!("../../data/names/ip.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    recogniser: Some(|values| values.iter().all(|value| value.parse::<IpAddr>().is_ok())),
    form: Form::new("contain an IP address", "含 IP 地址", is_ip),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(1, &[T::Ip], |draw, n| {
        let style = draw.below(3);
        each(draw, n, |draw| {
            let (ip, place) = (ipv4(draw), draw.pick(&REGIONS));
            match style {
                0 => format!("{ip}({}-{})", place.province, place.city),
                1 => format!("{ip} {}", place.province),
                _ => format!("{ip}-{}", ipv4(draw)),
            }
        })
    }),
    clear(8, &[T::Ip], |draw, n| each(draw, n, ipv4)),
    clear(4, &[T::Ip], |draw, n| {
        let home = match draw.below(3) {
            0 => format!("192.168.{}", draw.below(256)),
            1 => format!("10.{}.{}", draw.below(256), draw.below(256)),
            _ => format!("172.{}.{}", draw.between(16, 31), draw.below(256)),
        };
        each(draw, n, |draw| format!("{home}.{}", draw.between(1, 254)))
    }),
    clear(2, &[T::Ip], |draw, n| each(draw, n, ipv6)),
    clear(2, &[T::Ip], |draw, n| {
        each(draw, n, |draw| {
            let ip = ipv4(draw);
            format!("{ip}:{}", draw.between(80, 65_535))
        })
    }),
    clear(1, &[T::Ip], |draw, n| {
        each(draw, n, |draw| {
            let ip = ipv4(draw);
            format!("{ip}/{}", one(draw, &["8", "16", "24", "32"]))
        })
    }),
    clear(1, &[T::Ip], |draw, n| {
        each(draw, n, |draw| {
            let ip = ipv4(draw);
            let last = ip.rfind('.').unwrap_or(0);
            format!("{}.*", &ip[..last])
        })
    }),
];

fn ipv4(draw: &mut Draws) -> String {
    let parts: Vec<String> = (0..4).map(|_| draw.between(1, 254).to_string()).collect();
    parts.join(".")
}

fn ipv6(draw: &mut Draws) -> String {
    let group = |draw: &mut Draws| format!("{:x}", draw.below(65_536));
    let groups = |draw: &mut Draws, n: usize| (0..n).map(|_| group(draw)).collect::<Vec<_>>().join(":");
    match draw.below(3) {
        0 => groups(draw, 8),
        1 => format!("fe80::{}", groups(draw, 4)),
        _ => format!("2001:db8::{}", groups(draw, 2)),
    }
}

/// Whether a value contains the address of a network or a host, possibly with a port, a mask, or masked parts.
fn is_ip(value: &str) -> bool {
    addresses(value).any(is_address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in [
            "10.0.0.1",
            "10.0.0.1:8080",
            "fe80::1",
            "192.168.*.*",
            "10.0.0.0/8",
            "58.60.1.2(广东-深圳)",
            "2a02:8109:b540::1",
            "192.168.0.1:8080",
        ] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["1.2.3", "300.1.1.1", "12:30", "08:30:15", "abc"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }

    #[test]
    fn addresses_are_well_formed() {
        let mut draw = drivetrain_random::Random::new(1, "test").draws();
        for _ in 0..300 {
            assert!(ipv4(&mut draw).parse::<std::net::Ipv4Addr>().is_ok());
            assert!(ipv6(&mut draw).parse::<std::net::Ipv6Addr>().is_ok());
        }
    }
}
