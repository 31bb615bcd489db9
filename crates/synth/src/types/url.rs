//! Links and hosts.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Variant, clear};
use crate::parts::cells::{each, one, word};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "link",
    zh: "网址",
    description: "Links with or without a scheme, host names, and hosts with a port. Not paths or file names \
        alone.",
    concept: Some("https://schema.org/url"),
    column_names: include_str!("../../data/names/url.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    recogniser: Some(|values| values.iter().all(|value| value.starts_with("http://") || value.starts_with("https://"))),
    form: Form::new("look like links or host names", "像链接或主机名", is_url).settling_doubt(),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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

/// A code as in the links of a URL shortener.
fn short_code(draw: &mut Draws) -> String {
    (0..5 + draw.below(4))
        .map(|_| char::from(*draw.pick(b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789")))
        .collect()
}

fn is_url(value: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["https://a.cn/x", "www.a.com", "linktr.ee/x", "mastodon.social:443"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["3.14", "a b.c d", "bob@a.cn", "v1.2"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
