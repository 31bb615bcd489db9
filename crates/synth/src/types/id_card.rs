//! Chinese identity numbers.

use drivetrain_random::Draws;

use crate::checksum::{id_check, passes_id};
use crate::definition::{Checksum, Definition, Form, Sensitivity, Variant, by_name, clear};
use crate::parts::cells::{digits, each, one};
use crate::parts::place_names::REGIONS;
use crate::parts::quantities::in_scientific_notation;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "identity card number",
    zh: "身份证号",
    description: "Chinese identity card numbers of 18 or 15 characters, also masked, grouped or quoted. Nearly all \
        must have a valid check character (GB 11643), unless the column's name says what they are. Any other \
        18-digit code is `int`.",
    sensitivity: Sensitivity::SENSITIVE,
    concept: Some("https://schema.org/identifier"),
    column_names: include_str!("../../data/names/id_card.txt"),
    // Hardly any other column has such a name.
    sure_from_name: 0.5,
    variants: VARIANTS,
    form: Form::new("look like identity card numbers", "像身份证号", is_id_card),
    may_be_digits: true,
    checksum: Some(Checksum { name: "GB 11643", passes: passes_id }),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(10, &[T::IdCard], |draw, n| each(draw, n, id_card)),
    clear(1, &[T::IdCard], |draw, n| each(draw, n, |draw| id_card(draw).to_lowercase())),
    clear(3, &[T::IdCard], |draw, n| {
        let (start, end) = *draw.pick(&[(6, 4), (6, 4), (3, 4), (4, 2), (6, 2), (1, 1), (10, 4), (6, 0), (14, 0)]);
        let (mask, whole) = (one(draw, &["*", "*", "*", "X", "#", "x"]), draw.chance(0.8));
        let hidden = if whole { 18 - start - end } else { 6 + draw.below(3) };
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{}{}", &id[..start], mask.repeat(hidden), &id[18 - end..])
        })
    }),
    // Numbers from before 1999: two-digit year, no check character.
    clear(2, &[T::IdCard], |draw, n| {
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{}", &id[..6], &id[8..17])
        })
    }),
    clear(1, &[T::IdCard], |draw, n| {
        let join = one(draw, &[" ", "-"]);
        each(draw, n, |draw| {
            let id = id_card(draw);
            format!("{}{join}{}{join}{}", &id[..6], &id[6..14], &id[14..])
        })
    }),
    // Written so that spreadsheets do not convert them to numbers.
    clear(1, &[T::IdCard], |draw, n| {
        let (start, end) = *draw.pick(&[("'", ""), ("=\"", "\""), ("ID", ""), ("身份证:", ""), ("`", ""), ("\t", "")]);
        each(draw, n, |draw| format!("{start}{}{end}", id_card(draw)))
    }),
    by_name(1, &[T::IdCard], |draw, n| each(draw, n, mistaken_id)),
    by_name(1, &[T::IdCard], |draw, n| {
        let places = 2 + draw.below(12);
        each(draw, n, |draw| in_scientific_notation(&id_card(draw)[..17], places))
    }),
];

fn id_card(draw: &mut Draws) -> String {
    let region = draw.pick(&REGIONS).code;
    let (year, month, day) = (draw.between(1940, 2020), draw.between(1, 12), draw.between(1, 28));
    let body = format!("{region}{year}{month:02}{day:02}{}", digits(draw, 3));
    let check = id_check(&body);
    format!("{body}{check}")
}

/// A number in the form of an identity number with a wrong check character, as made up for demonstrations.
fn mistaken_id(draw: &mut Draws) -> String {
    let id = id_card(draw);
    let wrong = 1 + draw.below(9) as u32;
    let last = id[17..].parse::<u32>().map_or(0, |digit| (digit + wrong) % 10);
    format!("{}{last}", &id[..17])
}

/// 15 or 18 digits of an identity number, some of them perhaps masked.
fn is_id_card(value: &str) -> bool {
    let shown = value.chars().filter(|c| c.is_ascii_digit() || "*Xx#×".contains(*c)).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (14..=20).contains(&shown) && digits >= 4 && value.chars().count() <= 24
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["110105********002X", "11010519491231002X"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["x", "Paris"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }

    #[test]
    fn every_number_passes_its_own_check() {
        let mut draw = drivetrain_random::Random::new(1, "test").draws();
        for _ in 0..200 {
            let id = id_card(&mut draw);
            assert!(id.len() == 18 && id.ends_with(id_check(&id[..17])) && passes_id(&id) == Some(true), "{id}");
            assert_eq!(passes_id(&mistaken_id(&mut draw)), Some(false));
        }
    }
}
