//! Names of columns in other languages: `data/headings.txt`, read once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use tabular_sense_synth::lines_of;

static HEADINGS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut shown = "";
    let lines = lines_of(include_str!("../../data/headings.txt"));
    let heading = lines.filter_map(|line| match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(name) => {
            shown = name;
            None
        }
        None => Some((line, shown)),
    });
    heading.collect()
});

/// A column's name as the model sees it. A known name in a language that the model was not trained on is replaced with its
/// English equivalent, or with the Chinese one if the values are likely to be in Chinese characters.
pub(crate) fn heading(name: &str) -> Cow<'_, str> {
    let known = || HEADINGS.get(name.trim().trim_end_matches(':').to_lowercase().as_str());
    if name.is_empty() {
        Cow::Borrowed(name)
    } else {
        known().map_or(Cow::Borrowed(name), |shown| Cow::Borrowed(*shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_shown_in_english_where_it_is_known() {
        assert_eq!(
            [heading("Телефон"), heading("나이"), heading("Straße:"), heading("氏名"), heading("nl")],
            ["phone", "age", "address", "姓名", "nl"]
        );
        assert!(HEADINGS.keys().all(|name| *name == name.to_lowercase() && name.trim() == *name));
    }

    #[test]
    fn no_heading_is_a_name_that_the_model_knows() {
        let known: Vec<&str> = tabular_sense_synth::column_names().filter(|name| HEADINGS.contains_key(name)).collect();
        assert_eq!(known, Vec::<&str>::new());
    }
}
