//! How browsers, apps and crawlers identify themselves.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{each, one, word};
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "user agent",
    zh: "浏览器标识",
    description: "How browsers, apps and crawlers identify themselves in a request: `Mozilla/5.0 (…)`, \
        `curl/8.4.0`, `SeaBot/2.1 (+http://…)`. Not the name of a browser alone (`Chrome`).",
    sensitivity: Sensitivity::PERSONAL,
    column_names: include_str!("../../data/names/useragent.txt"),
    variants: VARIANTS,
    form: Form::new("look like user agents", "像浏览器标识", is_useragent).settling_doubt(),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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

/// A crawler, usually with the address of its owner.
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

/// A program and its version, or a crawler.
fn is_useragent(value: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["curl/8.4.0", "SeaBot/2.1 (+http://sea.example)"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Paris", "王芳"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
