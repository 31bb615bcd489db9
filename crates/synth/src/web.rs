//! The web: mail addresses, links, browsers' names for themselves, network addresses.

use drivetrain_random::Draws;

use super::people::{chinese_name, english_name};
use super::words::{REGIONS, digits, each, one, word};
use super::{Variant, clear};
use crate::types::SemanticType as T;

/// The pinyin of Chinese text, without tones; other characters fall away.
pub fn pinyin(text: &str) -> String {
    use pinyin::ToPinyin;
    text.to_pinyin().flatten().map(|syllable| syllable.plain()).collect()
}

fn mailbox(draw: &mut Draws) -> String {
    let (first, last) = english_name(draw);
    match draw.below(6) {
        0 => {
            let size = 6 + draw.below(5);
            digits(draw, size)
        }
        1 => format!("{first}.{last}"),
        2 => format!("{}{last}", &first[..1]),
        3 => {
            let size = draw.below(5);
            format!("{}{}", pinyin(&chinese_name(draw)), digits(draw, size))
        }
        4 => {
            let size = 1 + draw.below(4);
            format!("{}{}", word(draw, "nick_words"), digits(draw, size))
        }
        _ => format!("{first}_{last}"),
    }
    .chars()
    .filter(char::is_ascii)
    .collect::<String>()
    .to_lowercase()
}

fn email(draw: &mut Draws) -> String {
    let mailbox = mailbox(draw);
    format!("{mailbox}@{}", word(draw, "mail_domains"))
}

pub(super) const EMAIL: &[Variant] = &[
    clear(10, &[T::Email], |draw, n| each(draw, n, email)),
    clear(3, &[T::Email], |draw, n| {
        let host = word(draw, "mail_domains");
        each(draw, n, |draw| format!("{}@{host}", mailbox(draw)))
    }),
    clear(1, &[T::Email], |draw, n| each(draw, n, |draw| email(draw).to_uppercase())),
    clear(2, &[T::Email], |draw, n| {
        each(draw, n, |draw| {
            let mail = email(draw);
            let at = mail.find('@').unwrap_or(0);
            format!("{}***{}", &mail[..at.min(3)], &mail[at..])
        })
    }),
    clear(1, &[T::Email], |draw, n| {
        let scheme = draw.chance(0.5);
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let mail = email(draw);
            if scheme { format!("mailto:{mail}") } else { format!("{first} {last} <{mail}>") }
        })
    }),
    clear(1, &[T::Email], |draw, n| {
        let join = one(draw, &[";", ", ", "; "]);
        each(
            draw,
            n,
            |draw| if draw.chance(0.6) { format!("{}{join}{}", email(draw), email(draw)) } else { email(draw) },
        )
    }),
];

fn path(draw: &mut Draws) -> String {
    let parts = draw.below(4);
    let mut path = String::new();
    for _ in 0..parts {
        path.push('/');
        path.push_str(one(
            draw,
            &[
                "news", "item", "article", "jobs", "p", "2023", "list", "detail", "user", "img", "static", "wiki",
                "category", "dp", "forum", "download", "zh", "en", "about", "data",
            ],
        ));
    }
    let id = draw.between(1, 9_999_999);
    match draw.below(7) {
        0 => path,
        1 => path + "/",
        2 => format!("{path}/{id}.html"),
        3 => format!("{path}/{id}"),
        4 => format!("{path}/index.php?id={id}"),
        5 => format!("{path}?page={}&q={}", draw.below(50), word(draw, "nick_words")),
        _ => format!("{path}/{id}.{}", one(draw, &["jpg", "png", "pdf", "mp4", "zip", "htm", "shtml"])),
    }
}

pub(super) const URL: &[Variant] = &[
    clear(2, &[T::Url], |draw, n| {
        let start = one(draw, &["", "", "https://", "http://"]);
        let (home, local) = (word(draw, "short_links"), draw.unit());
        each(draw, n, |draw| {
            let host = if draw.chance(local) { home } else { word(draw, "short_links") };
            format!("{start}{host}/{}", short_code(draw))
        })
    }),
    clear(2, &[T::Url], |draw, n| {
        let start = one(draw, &["", "", "", "www."]);
        each(draw, n, |draw| {
            let end = one(draw, &["com", "com", "cn", "com.cn", "org", "net", "io", "co.uk", "de", "gov", "edu"]);
            format!(
                "{start}{}{}.{end}",
                word(draw, "nick_words"),
                one(draw, &["", "-online", "hub", "lab", "group", "24"])
            )
        })
    }),
    clear(8, &[T::Url], |draw, n| {
        let scheme = one(draw, &["https", "https", "http"]);
        each(draw, n, |draw| {
            let site = word(draw, "sites");
            format!("{scheme}://{site}{}", path(draw))
        })
    }),
    clear(5, &[T::Url], |draw, n| {
        let (scheme, site) = (one(draw, &["https", "http"]), word(draw, "sites"));
        each(draw, n, |draw| format!("{scheme}://{site}{}", path(draw)))
    }),
    clear(3, &[T::Url], |draw, n| {
        each(draw, n, |draw| {
            let (start, end) = (
                one(draw, &["http://www.", "https://", "www.", "http://"]),
                one(draw, &["com", "com/", "cn", "org", "co.uk", "net", "gov"]),
            );
            format!("{start}{}{}.{end}", word(draw, "nick_words"), one(draw, &["", "group", "tech", "shop", "china"]))
        })
    }),
    clear(1, &[T::Url], |draw, n| {
        each(draw, n, |draw| {
            let site = word(draw, "sites");
            format!("{site}{}", path(draw))
        })
    }),
    clear(1, &[T::Url], |draw, n| {
        each(draw, n, |draw| {
            let site = word(draw, "sites");
            format!(
                "{}://{site}:{}{}",
                one(draw, &["http", "ftp", "https"]),
                one(draw, &["8080", "8000", "21", "3000"]),
                path(draw)
            )
        })
    }),
];

/// A code as services that shorten links give it.
fn short_code(draw: &mut Draws) -> String {
    (0..5 + draw.below(4))
        .map(|_| char::from(*draw.pick(b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789")))
        .collect()
}

fn version(draw: &mut Draws, parts: usize, join: &str) -> String {
    let parts: Vec<String> =
        (0..parts).map(|part| draw.between(0, if part == 0 { 120 } else { 40 }).to_string()).collect();
    parts.join(join)
}

fn browser(draw: &mut Draws) -> String {
    let system = one(
        draw,
        &[
            "Windows NT 10.0; Win64; x64",
            "Windows NT 6.1; WOW64",
            "Macintosh; Intel Mac OS X 10_15_7",
            "X11; Linux x86_64",
            "Linux; Android 12; SM-G991B",
            "Linux; U; Android 10; zh-cn; MI 9",
        ],
    );
    match draw.below(5) {
        0 => format!(
            "Mozilla/5.0 ({system}; rv:{v}) Gecko/20100101 Firefox/{v}",
            v = format!("{}.0", draw.between(40, 130))
        ),
        1 => format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.0 Mobile/15E148 Safari/604.1",
            version(draw, 2, "_"),
            draw.between(9, 17)
        ),
        2 => format!(
            "Mozilla/4.0 (compatible; MSIE {}.0; Windows NT {}.{}; Trident/4.0)",
            draw.between(6, 11),
            draw.between(5, 6),
            draw.between(0, 2)
        ),
        3 => format!(
            "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36 Edg/{}",
            version(draw, 4, "."),
            version(draw, 4, ".")
        ),
        _ => format!(
            "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36",
            version(draw, 4, ".")
        ),
    }
}

fn program(draw: &mut Draws) -> String {
    match draw.below(8) {
        0 => format!("curl/{}", version(draw, 3, ".")),
        1 => format!("python-requests/{}", version(draw, 3, ".")),
        2 => format!("Wget/{} (linux-gnu)", version(draw, 2, ".")),
        3 => format!("okhttp/{}", version(draw, 3, ".")),
        4 => "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)".to_owned(),
        5 => "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)".to_owned(),
        6 => format!("PostmanRuntime/{}", version(draw, 3, ".")),
        _ => format!(
            "Dalvik/2.1.0 (Linux; U; Android {}; {} Build/OPM1)",
            draw.between(5, 14),
            one(draw, &["Pixel 3", "MI 8", "HUAWEI P30", "SM-A515F"])
        ),
    }
}

/// A crawler, which says who sent it.
fn crawler(draw: &mut Draws) -> String {
    let name = format!(
        "{}{}",
        one(draw, &["Sea", "Web", "Deep", "Open", "Link", "Page", "Archive", "News", "Data", "Yo", "Semantic", "Site"]),
        one(draw, &["Bot", "bot", "Crawler", "spider", "Fetcher", "Scan", "Robot", "Validator", "Seeker", "Monitor"])
    );
    let site = word(draw, "sites");
    let v = version(draw, 2, ".");
    match draw.below(8) {
        0 => format!("Mozilla/5.0 (compatible; {name}/{v}; +http://{site}/bot.html)"),
        1 => format!("{name}/{v} (+http://{site})"),
        2 => format!("{name} (http://{site}/)"),
        3 => format!("{name}/{v} libwww-perl/5.{}", draw.between(60, 899)),
        4 => format!("{name} @ {site}"),
        5 => format!("[{name}] http://{site}"),
        6 => format!("Java/1.{}.0_{}", draw.between(4, 8), draw.between(10, 99)),
        _ => format!("{name} {v}"),
    }
}

pub(super) const USERAGENT: &[Variant] = &[
    clear(2, &[T::Useragent], |draw, n| each(draw, n, crawler)),
    clear(8, &[T::Useragent], |draw, n| each(draw, n, browser)),
    clear(3, &[T::Useragent], |draw, n| each(draw, n, program)),
    clear(3, &[T::Useragent], |draw, n| {
        each(draw, n, |draw| if draw.chance(0.6) { browser(draw) } else { program(draw) })
    }),
    clear(1, &[T::Useragent], |draw, n| {
        each(draw, n, |draw| {
            format!("{} MicroMessenger/{} NetType/WIFI Language/zh_CN", browser(draw), version(draw, 3, "."))
        })
    }),
    clear(1, &[T::Useragent], |draw, n| {
        each(draw, n, |draw| {
            format!(
                "Opera/{} ({}) Presto/{} Version/{}",
                version(draw, 2, "."),
                one(draw, &["X11; Linux i686; en-US", "Windows NT 5.1; zh-CN"]),
                version(draw, 3, "."),
                version(draw, 2, ".")
            )
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

pub(super) const IP: &[Variant] = &[
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

#[cfg(test)]
mod tests {
    use drivetrain_random::Random;

    use super::*;

    #[test]
    fn addresses_are_well_formed() {
        let mut draw = Random::new(1, "test").draws();
        for _ in 0..300 {
            assert!(ipv4(&mut draw).parse::<std::net::Ipv4Addr>().is_ok());
            assert!(ipv6(&mut draw).parse::<std::net::Ipv6Addr>().is_ok());
            let mail = email(&mut draw);
            assert!(mail.is_ascii() && mail.matches('@').count() == 1 && !mail.starts_with('@'), "{mail}");
        }
    }
}
