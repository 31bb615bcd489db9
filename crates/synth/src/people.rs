//! People: names and accounts.

use drivetrain_random::Draws;

use super::words::{digits, each, each_word, frequent, one, recase, word};
use super::{Variant, by_name, clear};
use crate::types::SemanticType as T;

/// A Chinese name: frequent surnames stand first in the list and are drawn more often.
pub(super) fn chinese_name(draw: &mut Draws) -> String {
    let surname = frequent(draw, "surnames");
    let given = if draw.chance(0.75) { 2 } else { 1 };
    (0..given).fold(surname.to_owned(), |name, _| name + word(draw, "given"))
}

/// A Chinese given name alone.
fn given_zh(draw: &mut Draws) -> String {
    (0..1 + draw.below(2)).map(|_| word(draw, "given")).collect()
}

pub(super) fn english_name(draw: &mut Draws) -> (&'static str, String) {
    (given(draw), surname(draw))
}

/// A Western given name, of all countries or as frequent as it is in one.
fn given(draw: &mut Draws) -> &'static str {
    if draw.chance(0.5) { word(draw, "first") } else { frequent(draw, "census_first") }
}

/// A Western surname: mostly of the lists, now and then one that no list has, for the world has more of them.
pub(super) fn surname(draw: &mut Draws) -> String {
    match draw.below(10) {
        0..=3 => return word(draw, "last").to_owned(),
        4..=7 => return frequent(draw, "census_last").to_owned(),
        _ => {}
    }
    let start = word(draw, "surname_starts");
    let middle = word(draw, "surname_middles");
    let end = word(draw, "surname_ends");
    format!("{start}{middle}{end}")
}

pub(super) const NAME: &[Variant] = &[
    clear(10, &[T::Name], |draw, n| each(draw, n, chinese_name)),
    clear(2, &[T::Name], |draw, n| {
        let mask = one(draw, &["*", "**", "某", "某某"]);
        each(draw, n, |draw| format!("{}{mask}", chinese_name(draw).chars().next().unwrap_or('王')))
    }),
    clear(1, &[T::Name], |draw, n| {
        let title = one(draw, &["先生", "女士", "老师", "医生", "经理"]);
        each(draw, n, |draw| format!("{}{title}", word(draw, "surnames")))
    }),
    // The family's name or the given one alone, in columns of their own.
    by_name(1, &[T::Name], |draw, n| {
        let family = draw.chance(0.6);
        each(draw, n, |draw| {
            if family {
                return frequent(draw, "surnames").to_owned();
            }
            given_zh(draw)
        })
    }),
    clear(6, &[T::Name], |draw, n| {
        let cells = each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            format!("{first} {last}")
        });
        recase(draw, cells)
    }),
    clear(3, &[T::Name], |draw, n| {
        let cells = each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            format!("{last}, {first}")
        });
        recase(draw, cells)
    }),
    clear(2, &[T::Name], |draw, n| {
        let title = draw.chance(0.4);
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let middle = char::from(b'A' + draw.below(26) as u8);
            match (title, draw.below(3)) {
                (true, 0) => format!("Mr. {first} {last}"),
                (true, 1) => format!("Mrs. {last}, {first}"),
                (true, _) => format!("Dr. {last}"),
                (false, _) => format!("{first} {middle}. {last}"),
            }
        })
    }),
    clear(3, &[T::Name], |draw, n| {
        let middle = draw.chance(0.25);
        let cells = each(draw, n, |draw| match middle && draw.chance(0.6) {
            true => format!("{} {}.", given(draw), char::from(b'A' + draw.below(26) as u8)),
            false => given(draw).to_owned(),
        });
        recase(draw, cells)
    }),
    clear(8, &[T::Name], |draw, n| {
        let cells = each(draw, n, surname);
        recase(draw, cells)
    }),
    // As registers write them: everything in capitals, two given names or two surnames, a suffix.
    clear(3, &[T::Name], |draw, n| {
        let style = draw.below(5);
        each(draw, n, |draw| {
            let ((first, last), second) = (english_name(draw), given(draw));
            let name = match style {
                0 => format!("{last} {first} {second}"),
                1 => format!("{first} {second} {last}"),
                2 => format!("{first} {last} {}", surname(draw)),
                3 => format!("{last}, {first} {}", &second[..1]),
                _ => format!("{first} {last} {}", one(draw, &["Jr", "Jr.", "III", "Sr", "II"])),
            };
            if style < 3 { name.to_uppercase() } else { name }
        })
    }),
    clear(1, &[T::Name], |draw, n| {
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            format!("{}. {last}", &first[..1])
        })
    }),
    // Chinese names in Latin letters, with a Western given name, as airlines print them.
    clear(4, &[T::Name], |draw, n| {
        let style = draw.below(7);
        each(draw, n, |draw| {
            let (surname, name) = romanised(draw);
            match style {
                0 => format!("{surname} {name}"),
                1 => format!("{name} {surname}"),
                2 => format!("{surname} {name}").to_uppercase(),
                3 => format!("{surname}/{name}{}", one(draw, &["", " MR", " MS", " MRS", "MR", "MS"])).to_uppercase(),
                4 => format!("{surname}, {name}"),
                _ => format!("{} {surname}", given(draw)),
            }
        })
    }),
    // A few people who do all the work.
    clear(3, &[T::Name], |draw, n| {
        let (chinese, gap) = (draw.chance(0.5), if draw.chance(0.3) { 0.25 } else { 0.0 });
        let people: Vec<String> = (0..1 + draw.below(5))
            .map(|_| {
                let (first, last) = english_name(draw);
                if chinese { chinese_name(draw) } else { format!("{first} {last}") }
            })
            .collect();
        each(draw, n, |draw| match (draw.chance(gap), chinese) {
            (true, true) => one(draw, &["未分配", "无", "系统", "待定"]).to_owned(),
            (true, false) => one(draw, &["Unassigned", "No owner", "None", "System", "TBD"]).to_owned(),
            _ => draw.pick(&people).clone(),
        })
    }),
    // Several in one cell, or with a number, a title, a post.
    clear(2, &[T::Name], |draw, n| {
        let style = draw.below(6);
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let (one_more, zh) = (english_name(draw), chinese_name(draw));
            match style {
                0 => (0..draw.below(3)).fold(zh, |all, _| format!("{all}、{}", chinese_name(draw))),
                1 => (0..draw.below(3)).fold(zh, |all, _| format!("{all},{}", chinese_name(draw))),
                2 => format!("{first} {last}, {} {}", one_more.0, one_more.1),
                3 => format!("{zh}({})", digits(draw, 4)),
                4 => format!("{first} {last}, {}", one(draw, &["MD", "PhD", "RN", "M.D.", "Esq.", "DDS", "CPA"])),
                _ => format!("{first} & {} {last}", one_more.0),
            }
        })
    }),
    // As people type themselves into a form.
    clear(2, &[T::Name], |draw, n| {
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let middle = char::from(b'A' + draw.below(26) as u8);
            match draw.below(12) {
                7 => first.to_owned(),
                8 => format!("{first} {}.", &last[..last.chars().next().map_or(0, char::len_utf8)]),
                9 => format!("{first} / {}", given(draw)),
                10 => format!("{}. {last}", &first[..1]),
                11 => format!("{} {first} {last}", one(draw, &["Dr", "Prof.", "Dr.", "Ms", "Mr"])),
                0 => format!("{first} {last}").to_uppercase(),
                1 => format!("{first} {last}").to_lowercase(),
                2 => format!("{first} {middle}. {last}"),
                3 => format!("{first} {middle} {last} {}", one(draw, &["JR.", "Jr", "II", "Esq."])).to_uppercase(),
                4 => format!("{last}, {first}"),
                _ => format!("{first} {last}"),
            }
        })
    }),
];

/// A Chinese name in Latin letters: surname and given name.
fn romanised(draw: &mut Draws) -> (String, String) {
    let surname = frequent(draw, "surnames");
    let given = given_zh(draw);
    let [surname, given] = [surname, given.as_str()].map(|part| super::status::capitalised(&super::web::pinyin(part)));
    (surname, given)
}

pub(super) const USERNAME: &[Variant] = &[
    clear(5, &[T::Username], |draw, n| each_word(draw, n, "screen_names")),
    // Accounts of a firm's staff are their names, and of its devices and desks what they are for.
    clear(3, &[T::Username], |draw, n| {
        let style = draw.below(4);
        each(draw, n, |draw| {
            let (surname, given) = romanised(draw);
            match style {
                0 | 1 => format!("{surname}{given}").to_lowercase(),
                2 => format!("{given}.{surname}").to_lowercase(),
                _ => format!("{}{surname}", &given[..given.len().min(1)]).to_lowercase(),
            }
        })
    }),
    clear(1, &[T::Username], |draw, n| {
        let (role, few) = (word(draw, "account_roles"), draw.chance(0.3));
        let shared = draw.chance(0.6);
        let number = draw.between(1, 9999);
        each(draw, n, |draw| {
            let role = if shared { role } else { word(draw, "account_roles") };
            format!("{role}{}", if few { number } else { draw.between(1, 9999) })
        })
    }),
    clear(5, &[T::Username], |draw, n| {
        each(draw, n, |draw| {
            let size = 1 + draw.below(4);
            let join = one(draw, &["", "", "_", ".", "-"]);
            format!("{}{join}{}", word(draw, "nick_words"), digits(draw, size))
        })
    }),
    clear(5, &[T::Username], |draw, n| {
        each(draw, n, |draw| {
            let (first, last) = english_name(draw);
            let year = draw.between(60, 2010);
            match draw.below(4) {
                0 => format!("{}{}", &first[..1], last).to_lowercase(),
                1 => format!("{first}.{last}").to_lowercase(),
                2 => format!("{first}_{year}").to_lowercase(),
                _ => format!("{first}{last}{year}"),
            }
        })
    }),
    clear(3, &[T::Username], |draw, n| {
        let at = one(draw, &["", "@"]);
        each(draw, n, |draw| format!("{at}{}_{}", word(draw, "nick_words"), word(draw, "nick_words")))
    }),
    clear(4, &[T::Username], |draw, n| {
        each(draw, n, |draw| {
            let end = one(draw, &["", "", "123", "~", "520", "_01"]);
            format!("{}{end}", word(draw, "nick_zh"))
        })
    }),
    clear(2, &[T::Username], |draw, n| {
        let prefix = one(draw, &["user_", "u", "wx_", "用户", "guest", "admin", "CORP\\", "op"]);
        let size = 3 + draw.below(5);
        each(draw, n, |draw| format!("{prefix}{}", digits(draw, size)))
    }),
];
