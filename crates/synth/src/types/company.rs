//! Firms.

use drivetrain_random::Draws;

use crate::definition::{Definition, Form, Variant, clear};
use crate::parts::cells::{each, each_word, frequent, one, recase, word};
use crate::parts::person_names::surname;
use crate::parts::place_names::city;
use crate::recognise::lexicon::Lexicon;
use crate::semantic_type::SemanticType as T;

pub(crate) static TYPE: Definition = Definition {
    en: "company",
    zh: "公司",
    description: "Companies, banks and their branches, employers, licensed businesses; also institutions under a \
        name such as `business name`. Not product brands or departments. Airlines under `airline` have no type in \
        the labelled tables that the model was measured on.",
    concept: Some("https://schema.org/Organization"),
    column_names: include_str!("../../data/names/company.txt"),
    // A name seldom tells an employer from a place that is one.
    sure_from_name: 0.9,
    variants: VARIANTS,
    form: Form::new("contain a word used in company names", "含公司名称用词", holds_company_word),
    ..Definition::BASE
};

const VARIANTS: &[Variant] = &[
    clear(8, &[T::Company], |draw, n| {
        each(draw, n, |draw| {
            let (city, name, industry, end) =
                (city(draw), word(draw, "zihao"), word(draw, "industries_zh"), word(draw, "company_ends"));
            match draw.below(4) {
                0 => format!("{name}{industry}（{city}）{end}"),
                1 => format!("{city}市{name}{industry}{end}"),
                _ => format!("{city}{name}{industry}{end}"),
            }
        })
    }),
    clear(2, &[T::Company], |draw, n| each_word(draw, n, "brands_zh")),
    clear(2, &[T::Company], |draw, n| {
        let branch = draw.chance(0.5);
        each(draw, n, |draw| {
            let bank = word(draw, "banks");
            if branch {
                format!("{bank}{}支行", word(draw, "roads_zh").trim_end_matches('路'))
            } else {
                format!("{bank}{}分行", city(draw))
            }
        })
    }),
    clear(1, &[T::Company], |draw, n| {
        let stars = one(draw, &["***", "**", "某"]);
        each(draw, n, |draw| format!("{stars}{}{}", word(draw, "industries_zh"), word(draw, "company_ends")))
    }),
    clear(2, &[T::Company], |draw, n| {
        each(draw, n, |draw| format!("{}{}", word(draw, "zihao"), word(draw, "industries_zh")))
    }),
    clear(7, &[T::Company], |draw, n| {
        let cells = each(draw, n, |draw| match draw.below(4) {
            0 => format!("{} {}", word(draw, "last"), word(draw, "company_ends_en")),
            1 => format!("{} {}", word(draw, "company_words"), word(draw, "company_kinds")),
            2 => format!("{}, {} and {}", word(draw, "last"), word(draw, "last"), word(draw, "last")),
            _ => format!(
                "{} {} {}",
                word(draw, "company_words"),
                word(draw, "company_kinds"),
                word(draw, "company_ends_en")
            ),
        });
        recase(draw, cells)
    }),
    clear(8, &[T::Company], |draw, n| {
        let cells = each(draw, n, business);
        recase(draw, cells)
    }),
    clear(4, &[T::Company], |draw, n| {
        let cells = each_word(draw, n, "firms");
        if draw.chance(0.3) { recase(draw, cells) } else { cells }
    }),
    clear(4, &[T::Company], |draw, n| {
        let cells = each_word(draw, n, "companies_en");
        recase(draw, cells)
    }),
    clear(1, &[T::Company], |draw, n| {
        let cells = each(draw, n, |draw| {
            let town = word(draw, "towns");
            format!(
                "{}{town}{}",
                one(draw, &["Bank of ", "First ", "", ""]),
                one(draw, &[" Bank", " State Bank", " Savings Bank", " Trust Company"])
            )
        });
        recase(draw, cells)
    }),
];

/// Names of other holders of licences or stalls: shops, clinics, churches, markets, clubs, school districts.
fn business(draw: &mut Draws) -> String {
    let name = surname(draw);
    match draw.below(12) {
        0 => word(draw, "stores_en").to_owned(),
        1 => format!("{} #{}", word(draw, "stores_en"), draw.between(1, 4000)),
        2 => format!("{} {}", word(draw, "hospital_names"), word(draw, "hospital_en")),
        3 => format!("Town of {}", frequent(draw, "us_cities")),
        4 => format!(
            "{name} {}",
            one(draw, &["Taxi", "Towing", "Trucking", "Nursery", "Farm", "Orchards", "Bakery", "Dairy"])
        ),
        5 => format!(
            "{name}'s {}",
            one(draw, &["Grill", "Pizza", "Diner", "Deli", "Bar", "Salon", "Auto Repair", "Cafe"])
        ),
        6 => format!(
            "{} {} Church",
            one(draw, &["First", "Grace", "New Hope", "St. Mary's", "Trinity"]),
            one(draw, &["Baptist", "Methodist", "Lutheran", "Community", "Bible"])
        ),
        7 => format!("{} Farmers Market", frequent(draw, "us_cities")),
        8 => format!("Rotary Club of {}", frequent(draw, "us_cities")),
        9 => format!(
            "{} {}",
            word(draw, "company_words"),
            one(draw, &["Limousine", "Market", "Foods", "Café", "Liquors", "Nails"])
        ),
        10 => format!("{} School District", frequent(draw, "us_counties")),
        _ => format!("{} {}", word(draw, "company_words"), word(draw, "company_kinds")),
    }
}

/// Whether a value contains a word used in company names.
fn holds_company_word(value: &str) -> bool {
    Lexicon::of("company_word").is_in(&value.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_holds_of_its_values_only() {
        for yes in ["Acme Corp.", "华为技术有限公司"] {
            assert!((TYPE.form.holds)(yes), "{yes}");
        }
        for no in ["Paris", "12"] {
            assert!(!(TYPE.form.holds)(no), "{no}");
        }
    }
}
