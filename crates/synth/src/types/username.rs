//! User names and nicknames.

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{digits, each, each_word, one, word};
use crate::parts::person_names::{english_name, romanised};
use crate::recognise::scripts::is_han;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "user name",
    zh: "用户名",
    description: "What people are called in a system: handles, nicknames, account names. `dark_wolf77`, \
        `zhang.wei`, `一叶知秋`. A column of nicknames is `username` even if it is called `name`.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/alternateName"),
    column_names: include_str!("../../data/names/username.txt"),
    variants: VARIANTS,
    form: Form::new("look like user names", "像用户名", is_username),
    may_be_digits: true,
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(5, &[T::Username], |draw, n| each_word(draw, n, "screen_names")),
    // In a company, the accounts of staff are named after people, those of devices and desks after their purpose.
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

/// One word, or a nickname of a few characters.
fn is_username(value: &str) -> bool {
    let count = value.chars().count();
    let is_written =
        |c: char| !c.is_alphabetic() || c.is_ascii_alphabetic() || is_han(c) || matches!(c, '\u{C0}'..='\u{24F}');
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let is_symbolic = !value.is_ascii() && letters == 0;
    (letters > 0 || is_symbolic) && count <= 30 && value.split(' ').count() <= 3 && value.chars().all(is_written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["dark_wolf77", "一叶知秋", "🌸暖暖🌸", "Müller_7"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["12345", "김철수", "Москва", "ein ganzer langer Satz hier"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
