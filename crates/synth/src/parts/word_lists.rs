//! The word lists in `data/words/`, one entry per line, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! lists {
    ($($key:ident,)*) => {
        /// Every file of `data/words/`.
        const FILES: &[(&str, &str)] =
            &[$((stringify!($key), include_str!(concat!("../../data/words/", stringify!($key), ".txt")))),*];
    };
}

lists! {
    account_roles,
    area_codes,
    banks,
    brands_zh,
    car_makes,
    card_prefixes,
    care_en,
    census_first,
    census_last,
    cinema_brands_zh,
    clinic_zh,
    colour_codes,
    colours,
    colours_zh,
    companies_en,
    company_ends,
    company_ends_en,
    company_kinds,
    company_words,
    countries,
    country_codes_2,
    country_codes_3,
    currency_codes,
    departments,
    education_en,
    education_zh,
    estate_en,
    estate_en_ends,
    estate_ends,
    estate_whole_zh,
    estates,
    ethnic_en,
    ethnic_zh,
    firms,
    first,
    foreign_card_prefixes,
    fund_houses,
    fund_themes,
    gender_en,
    gender_zh,
    given,
    goods,
    goods_zh,
    hospital_en,
    hospital_names,
    hospital_tw,
    hospital_zh,
    hotel_brands_zh,
    iban_countries,
    industries_zh,
    job_fields,
    job_fields_zh,
    job_roles,
    jobs_en,
    jobs_mixed,
    jobs_zh,
    language_codes,
    language_codes_3,
    languages,
    last,
    leisure,
    mail_domains,
    mall_names_en,
    malls_en,
    malls_zh,
    mobile_prefixes,
    nick_words,
    nick_zh,
    park_names_en,
    park_names_zh,
    parks_en,
    parks_zh,
    plate_provinces,
    poi_kinds,
    recreation_en,
    recreation_zh,
    remark_subjects_en,
    remark_subjects_zh,
    remark_verdicts_en,
    remark_verdicts_zh,
    roads_zh,
    screen_names,
    shopping_zh,
    shops_en,
    short_links,
    sights_zh,
    sites,
    states_and_provinces,
    stores_en,
    streets,
    surname_ends,
    surname_middles,
    surname_starts,
    surnames,
    towns,
    tw_roads,
    tw_towns,
    us_cities,
    us_counties,
    us_states,
    weekdays,
    world_cities,
    zihao,
}

static LISTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| FILES.iter().map(|(key, text)| (*key, entries_of(text).collect())).collect());

/// The list called `key`, in the order of its file; the order matters, because words are drawn by index.
///
/// # Panics
/// When there is no such list; a test generates columns of every kind.
pub(crate) fn words(key: &str) -> &'static [&'static str] {
    LISTS.get(key).unwrap_or_else(|| panic!("data/words/ has no list called `{key}`"))
}

/// The entries of a word list: its lines but the first, which names the source. An entry may be empty.
pub(crate) fn entries_of(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().skip(1)
}

/// The lines of a data file, without comments and blank ones.
pub fn lines_of(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// The blocks of a data file, which blank lines separate; the first line names the source.
pub(crate) fn blocks_of(text: &'static str) -> Vec<Vec<&'static str>> {
    let lines: Vec<&str> = text.lines().skip(1).collect();
    lines.split(|line| line.is_empty()).filter(|block| !block.is_empty()).map(<[&str]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_names_its_source_and_has_entries() {
        for (key, text) in FILES {
            let first = text.lines().next().unwrap_or_default();
            assert!(first.starts_with("# ") && first.contains("ource: "), "{key}: {first}");
            assert!(words(key).len() > 1, "{key}");
        }
    }

    #[test]
    fn blocks_stand_between_blank_lines() {
        assert_eq!(blocks_of("# of nothing\n\na\nb\n\n#c\n"), [vec!["a", "b"], vec!["#c"]]);
    }
}
