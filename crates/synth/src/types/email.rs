//! Email addresses.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Sensitivity, Variant, clear};
use crate::parts::cells::{digits, each, one, word};
use crate::parts::person_names::{chinese_name, english_name};
use crate::parts::spelling::pinyin;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "email address",
    zh: "邮箱",
    description: "Email addresses, also masked, with `mailto:`, or several in a cell. Not the flag \
        `email_verified`.",
    sensitivity: Sensitivity::PERSONAL,
    concept: Some("https://schema.org/email"),
    column_names: include_str!("../../data/names/email.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    recogniser: Some(|values| {
        values.iter().all(|value| {
            value.contains('@')
                && value.rsplit('@').next().is_some_and(|host| host.contains('.'))
                && !value.contains(' ')
        })
    }),
    form: Form::new("look like email addresses", "像邮箱地址", is_email),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
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

fn is_email(value: &str) -> bool {
    let is_host = |host: &str| host.contains(['.', '*']) && !host.starts_with('.');
    value.split_once('@').is_some_and(|(user, host)| !user.trim().is_empty() && is_host(host)) || value.contains("[at]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["a@b.cn", "zh***@qq.com"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["a@b", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }

    #[test]
    fn addresses_are_well_formed() {
        let mut draw = drivetrain_random::Random::new(1, "test").draws();
        for _ in 0..300 {
            let mail = email(&mut draw);
            assert!(mail.is_ascii() && mail.matches('@').count() == 1 && !mail.starts_with('@'), "{mail}");
        }
    }
}
