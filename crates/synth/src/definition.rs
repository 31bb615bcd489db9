//! What is known of a type. Each file in `types/` holds one [`Definition`].

use drivetrain_random::Draws;

use crate::semantic_type::SemanticType;

/// Everything about one type except its code and its position, which are in `registry.rs`.
pub(crate) struct Definition {
    /// The name in English.
    pub(crate) en: &'static str,
    /// The name in Chinese.
    pub(crate) zh: &'static str,
    /// What the type is, what it is not, and how tables write it; printed in `docs/types.md`.
    pub(crate) description: &'static str,
    /// The URL of the schema.org property or class that corresponds to the type, if there is one.
    pub(crate) concept: Option<&'static str>,
    /// How the law classes such values when they are about a person; by default not personal.
    pub(crate) sensitivity: Sensitivity,
    /// The names of columns of the type: a file in `data/names/`, in the format that `column_names.rs` reads.
    pub(crate) column_names: &'static str,
    /// Marks that suggest the type wherever they occur in a column's name, in addition to the type's names: `$` for money.
    pub(crate) name_marks: &'static [&'static str],
    /// Words that suggest the type in a column's name, in addition to the type's names.
    pub(crate) name_words: &'static [&'static str],
    /// The model's probability from which the type is assigned to a column that has only a name. On labelled columns, nine in
    /// ten such answers are correct.
    pub(crate) sure_from_name: f32,
    /// The ways in which the type is written; the generator uses them.
    pub(crate) variants: &'static [Variant],
    /// Whether values are of the type regardless of the column's name. The values are trimmed, in lower case and without
    /// missing ones. `None` if only a name can tell.
    pub(crate) recogniser: Option<fn(&[&str]) -> bool>,
    /// A test of single values: whether a value is written like values of the type. `predict --explain` prints the result.
    pub(crate) form: Form,
    /// Whether values may be plain digits that are not quantities, such as phone numbers and dates.
    pub(crate) may_be_digits: bool,
    /// The checksum that the type's numbers have, if any.
    pub(crate) checksum: Option<Checksum>,
}

impl Definition {
    /// The defaults of fields that a file in `types/` may omit; mandatory fields are empty here.
    pub(crate) const BASE: Self = Self {
        en: "",
        zh: "",
        description: "",
        concept: None,
        sensitivity: Sensitivity::NONE,
        column_names: "",
        name_marks: &[],
        name_words: &[],
        sure_from_name: 0.6,
        variants: &[],
        recogniser: None,
        form: Form::new("", "", |_| false),
        may_be_digits: false,
        checksum: None,
    };
}

/// One way in which a column of a type is written.
pub(crate) struct Variant {
    /// The relative frequency among the type's variants.
    pub(crate) weight: u32,
    /// The type and, for numbers that are quantities, `int` or `float`.
    pub(crate) labels: &'static [SemanticType],
    /// Whether the values alone identify the type. If they do not (a plain number is an amount only by its name), a sample with
    /// a meaningless name has only the labels that its values allow.
    pub(crate) is_evident: bool,
    /// Makes n cells. It first draws what all cells share: separator, unit, language.
    pub(crate) values: fn(&mut Draws, usize) -> Vec<String>,
}

/// A variant whose values identify the type.
pub(crate) const fn clear(
    weight: u32,
    labels: &'static [SemanticType],
    values: fn(&mut Draws, usize) -> Vec<String>,
) -> Variant {
    Variant { weight, labels, is_evident: true, values }
}

/// A variant whose type only the name reveals.
pub(crate) const fn by_name(
    weight: u32,
    labels: &'static [SemanticType],
    values: fn(&mut Draws, usize) -> Vec<String>,
) -> Variant {
    Variant { weight, labels, is_evident: false, values }
}

/// Columns that look like columns of a type, but whose name shows that they are something else.
pub(crate) struct Lookalike {
    /// The names of such columns.
    pub(crate) names: &'static [&'static str],
    /// The types that they have nevertheless.
    pub(crate) labels: &'static [SemanticType],
    /// Makes n cells.
    pub(crate) values: fn(&mut Draws, usize) -> Vec<String>,
}

/// A test of single values. Nearly all values of real columns of the type pass it; if no value of a column passes, the type is
/// doubtful. The model does not use the test.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What the values are or do, worded to follow "100% of the values": `look like links or host names`.
    pub what: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// Whether a value is written as values of the type are.
    pub holds: fn(&str) -> bool,
    /// Whether a value identifies the type under any name. A bare number may be a sum of money, but only a name can say so.
    pub is_evident: fn(&str) -> bool,
    /// The probability from which ambiguous values are accepted as the type although the name has no cue.
    pub sure: f32,
    /// Whether an unsure model is believed if nearly all values identify the type.
    pub settles_doubt: bool,
}

/// How sure a model must be of a type that only a name can confirm. Below this value, three in four bare numbers that the model
/// took for sums of money were something else, if the name had no cue.
const SURE: f32 = 0.8;

impl Form {
    /// A form whose values identify the type under any name.
    pub(crate) const fn new(what: &'static str, zh: &'static str, holds: fn(&str) -> bool) -> Self {
        Self { what, zh, holds, is_evident: holds, sure: SURE, settles_doubt: false }
    }

    /// Restricts the values that identify the type under any name.
    pub(crate) const fn evident(self, is_evident: fn(&str) -> bool) -> Self {
        Self { is_evident, ..self }
    }

    /// Lets an unsure model be believed if nearly all values identify the type. On built-in labelled columns that a model had
    /// not seen, most such answers are correct for the types that use this setting, but not for types whose form is less
    /// specific.
    pub(crate) const fn settling_doubt(self) -> Self {
        Self { settles_doubt: true, ..self }
    }

    /// Requires a name that confirms the type, however sure the model is.
    pub(crate) const fn only_by_name(self) -> Self {
        Self { sure: f32::INFINITY, ..self }
    }
}

/// A check digit or check character in numbers of a type.
#[derive(Clone, Copy, Debug)]
pub struct Checksum {
    /// What it is called.
    pub name: &'static str,
    /// Whether a number without separators passes; `None` if it does not have the form.
    pub passes: fn(&str) -> Option<bool>,
}

/// How the law classes values of a type when they are about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensitivity {
    /// Under GB/T 35273-2020, Information security technology – Personal information security specification.
    pub china: PersonalInformation,
    /// Under the General Data Protection Regulation of the European Union.
    pub gdpr: PersonalData,
}

/// The categories of GB/T 35273-2020.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalInformation {
    /// Reveals nothing about a person by itself.
    NotPersonal,
    /// Personal information (annex A).
    Personal,
    /// Sensitive personal information (annex B).
    Sensitive,
}

/// The categories of the GDPR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalData {
    /// Reveals nothing about a person by itself.
    NotPersonal,
    /// Personal data (article 4).
    Personal,
    /// Special category of personal data (article 9).
    Special,
}

impl Sensitivity {
    /// Not personal by itself.
    pub(crate) const NONE: Self = Self { china: PersonalInformation::NotPersonal, gdpr: PersonalData::NotPersonal };
    /// Personal under both laws.
    pub(crate) const PERSONAL: Self = Self { china: PersonalInformation::Personal, gdpr: PersonalData::Personal };
    /// Sensitive in China, personal in Europe.
    pub(crate) const SENSITIVE: Self = Self { china: PersonalInformation::Sensitive, gdpr: PersonalData::Personal };

    /// Whether it is personal under either law.
    #[must_use]
    pub fn is_personal(self) -> bool {
        self.china > PersonalInformation::NotPersonal || self.gdpr > PersonalData::NotPersonal
    }

    /// Whether it is sensitive, or a special category, under either law.
    #[must_use]
    pub fn is_sensitive(self) -> bool {
        self.china == PersonalInformation::Sensitive || self.gdpr == PersonalData::Special
    }
}
