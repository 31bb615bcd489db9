//! The types, one file each. `definition.rs` describes what such a file contains; `registry.rs` lists the types in order.

use crate::definition::{Checksum, Definition, Form, Sensitivity};
use crate::registry::for_each_type;

pub use crate::semantic_type::{SemanticType, TypeSet};

macro_rules! declare {
    ($($module:ident: $variant:ident,)*) => {
        $(pub(crate) mod $module;)*

        /// In the order of [`SemanticType::ALL`].
        static DEFINITIONS: [&Definition; SemanticType::ALL.len()] = [$(&$module::TYPE),*];
    };
}

for_each_type!(declare);

impl SemanticType {
    pub(crate) const fn definition(self) -> &'static Definition {
        DEFINITIONS[self.index()]
    }

    /// The URL of the schema.org property or class that corresponds to the type, if there is one.
    #[must_use]
    pub const fn concept(self) -> Option<&'static str> {
        self.definition().concept
    }

    /// The name in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        self.definition().en
    }

    /// The name in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        self.definition().zh
    }

    /// What the type is, what it is not, and how tables write it.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.definition().description
    }

    /// How the law classes values of the type when they are about a person.
    #[must_use]
    pub const fn sensitivity(self) -> Sensitivity {
        self.definition().sensitivity
    }

    /// What its values look like.
    #[must_use]
    pub const fn form(self) -> &'static Form {
        &self.definition().form
    }

    /// Whether values may be plain digits that are not quantities.
    #[must_use]
    pub const fn may_be_digits(self) -> bool {
        self.definition().may_be_digits
    }

    /// The checksum of its values, if they have one.
    #[must_use]
    pub const fn checksum(self) -> Option<Checksum> {
        self.definition().checksum
    }

    /// The model's probability from which the type is assigned to a column that has only a name.
    #[must_use]
    pub const fn sure_from_name(self) -> f32 {
        self.definition().sure_from_name
    }

    /// Marks that suggest the type wherever they occur in a column's name: `$` for money.
    #[must_use]
    pub const fn name_marks(self) -> &'static [&'static str] {
        self.definition().name_marks
    }

    /// Words that suggest the type in a column's name, in addition to the names of its columns.
    #[must_use]
    pub const fn name_words(self) -> &'static [&'static str] {
        self.definition().name_words
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use drivetrain_random::Random;

    use super::*;

    #[test]
    fn names_and_descriptions_are_there_and_no_two_types_share_a_name() {
        let names =
            |name: fn(SemanticType) -> &'static str| SemanticType::ALL.map(name).into_iter().collect::<BTreeSet<_>>();
        for (what, all) in
            [("code", names(SemanticType::code)), ("en", names(SemanticType::en)), ("zh", names(SemanticType::zh))]
        {
            assert!(all.len() == SemanticType::ALL.len() && !all.contains(""), "{what}: {all:?}");
        }
        assert!(SemanticType::ALL.into_iter().all(|label| label.description().ends_with('.')));
    }

    #[test]
    fn every_variant_of_every_type_makes_as_many_cells_as_asked_and_varies() {
        for label in SemanticType::ALL {
            for (index, variant) in label.definition().variants.iter().enumerate() {
                assert!(variant.labels.contains(&label) && variant.weight > 0, "{label} {index}");
                let mut seen = BTreeSet::new();
                for seed in 0..40 {
                    let values = (variant.values)(&mut Random::new(seed, "test").draws(), 10);
                    assert_eq!(values.len(), 10, "{label} {index}");
                    seen.insert(values);
                }
                assert!(seen.len() >= 25, "{label} {index} makes only {} different columns of 40", seen.len());
            }
        }
    }

    #[test]
    fn no_text_makes_a_form_or_a_recogniser_panic() {
        let texts = [
            "",
            "é",
            "中",
            "1",
            "-",
            "2024-03-01",
            "12:30",
            "a@b.c",
            "💬",
            "10.0.0.1:80",
            "::1",
            "年月",
            ".",
            "99999999999999999999",
        ];
        for label in SemanticType::ALL {
            for text in texts {
                let form = label.form();
                let _ = ((form.holds)(text), (form.is_evident)(text), label.checksum().map(|sum| (sum.passes)(text)));
                let _ = label.definition().recogniser.map(|recognises| recognises(&[text]));
            }
        }
    }

    #[test]
    fn sensitive_types_are_personal() {
        // docs/types.md has the levels of all types, and a test compares them.
        let mut sensitive = SemanticType::ALL.into_iter().filter(|label| label.sensitivity().is_sensitive()).peekable();
        assert!(sensitive.peek().is_some() && sensitive.all(|label| label.sensitivity().is_personal()));
        assert!(!SemanticType::Float.sensitivity().is_personal() && SemanticType::Name.sensitivity().is_personal());
    }
}
