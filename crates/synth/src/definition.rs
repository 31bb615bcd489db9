//! What is known of a type. Each file in `types/` holds one [`Definition`].

use drivetrain_random::Draws;

use crate::semantic_type::SemanticType;

/// Everything about one type but its code and its place, which `registry.rs` has.
pub(crate) struct Definition {
    /// The name in English.
    pub(crate) en: &'static str,
    /// The name in Chinese.
    pub(crate) zh: &'static str,
    /// What the type is, what it is not, and how tables write it: the paragraph of `docs/types.md`.
    pub(crate) description: &'static str,
    /// The address of the property or class of schema.org that the type is, if there is one.
    pub(crate) concept: Option<&'static str>,
    /// How the law classes such values when they are about a person; by default not personal.
    pub(crate) sensitivity: Sensitivity,
    /// What columns of the type are called: a file in `data/names/`, in the form that `column_names.rs` reads.
    pub(crate) column_names: &'static str,
    /// Marks in a column's name that are a cue for the type wherever they stand, beside its names: `$` for money.
    pub(crate) name_marks: &'static [&'static str],
    /// Words in a column's name that are a cue for the type, beside its names.
    pub(crate) name_words: &'static [&'static str],
    /// The model's probability from which on the type is given to a column of which there is a name only. On labelled
    /// columns nine of ten such answers are right.
    pub(crate) sure_from_name: f32,
    /// The ways in which the type is written, as the generator writes it.
    pub(crate) variants: &'static [Variant],
    /// Whether values that are not missing, trimmed and in lower case, are of the type whatever their column is called.
    /// None where only a name can tell.
    pub(crate) recogniser: Option<fn(&[&str]) -> bool>,
    /// A test of single values: whether one is written as values of the type are. `predict --explain` prints its result.
    pub(crate) form: Form,
    /// Whether values may be plain digits that are no quantity, as those of phone numbers and of dates are.
    pub(crate) may_be_digits: bool,
    /// The checksum that the type's numbers have, if any.
    pub(crate) checksum: Option<Checksum>,
}

impl Definition {
    /// What a file in `types/` may leave out, and, empty, what it must not.
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
    /// How often, in proportion to the type's other variants.
    pub(crate) weight: u32,
    /// The type, and `int` or `float` beside it where numbers are quantities.
    pub(crate) labels: &'static [SemanticType],
    /// Whether the values alone tell the type. Where they do not (a plain number is an amount only by its name), a
    /// sample with a meaningless name has only the labels that its values allow.
    pub(crate) is_evident: bool,
    /// Makes n cells. It draws what the column shares first: separator, unit, language.
    pub(crate) values: fn(&mut Draws, usize) -> Vec<String>,
}

/// A variant whose values tell the type.
pub(crate) const fn clear(
    weight: u32,
    labels: &'static [SemanticType],
    values: fn(&mut Draws, usize) -> Vec<String>,
) -> Variant {
    Variant { weight, labels, is_evident: true, values }
}

/// A variant whose type only the name tells.
pub(crate) const fn by_name(
    weight: u32,
    labels: &'static [SemanticType],
    values: fn(&mut Draws, usize) -> Vec<String>,
) -> Variant {
    Variant { weight, labels, is_evident: false, values }
}

/// Columns that look like one of a type, and that their name tells to be something else.
pub(crate) struct Lookalike {
    /// What such columns are called.
    pub(crate) names: &'static [&'static str],
    /// The types that they have all the same.
    pub(crate) labels: &'static [SemanticType],
    /// Makes n cells.
    pub(crate) values: fn(&mut Draws, usize) -> Vec<String>,
}

/// A test of single values. If no value of a column passes it, the type is doubtful; nearly all values of real columns of the
/// type pass. The model does not use it.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What the values are or do, after "100% of the values": `look like links or host names`.
    pub what: &'static str,
    /// The same in Chinese.
    pub zh: &'static str,
    /// Whether a value is written as values of the type are.
    pub holds: fn(&str) -> bool,
    /// Whether it tells the type under any name. A bare number may be a sum of money; only a name can say so.
    pub is_evident: fn(&str) -> bool,
    /// The probability from which on values that may be many things are taken for the type under a name that has no cue.
    pub sure: f32,
    /// Whether a model that is unsure of the type is believed where nearly all values tell it.
    pub settles_doubt: bool,
}

/// How sure a model must be of what only a name tells: of bare sums of money that were taken from it below, under names
/// without a cue, three of four were none.
const SURE: f32 = 0.8;

impl Form {
    /// A form whose values tell the type under any name.
    pub(crate) const fn new(what: &'static str, zh: &'static str, holds: fn(&str) -> bool) -> Self {
        Self { what, zh, holds, is_evident: holds, sure: SURE, settles_doubt: false }
    }

    /// Only these values tell the type under any name.
    pub(crate) const fn evident(self, is_evident: fn(&str) -> bool) -> Self {
        Self { is_evident, ..self }
    }

    /// A model that is unsure of the type is believed where nearly all values tell it. Of written columns that a model had not
    /// seen, most such answers are right for these types and not for others, whose form more things have.
    pub(crate) const fn settling_doubt(self) -> Self {
        Self { settles_doubt: true, ..self }
    }

    /// However sure the model is, a name must tell.
    pub(crate) const fn only_by_name(self) -> Self {
        Self { sure: f32::INFINITY, ..self }
    }
}

/// A check digit or character that numbers of a type have.
#[derive(Clone, Copy, Debug)]
pub struct Checksum {
    /// What it is called.
    pub name: &'static str,
    /// Whether a number without separators passes it; none where it is not of the form.
    pub passes: fn(&str) -> Option<bool>,
}

/// How the law sees values of a type where they are about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensitivity {
    /// By GB/T 35273-2020, Information security technology – Personal information security specification.
    pub china: PersonalInformation,
    /// By the General Data Protection Regulation of the European Union.
    pub gdpr: PersonalData,
}

/// The categories of GB/T 35273-2020.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalInformation {
    /// Says nothing of a person by itself.
    NotPersonal,
    /// Personal information (annex A).
    Personal,
    /// Sensitive personal information (annex B).
    Sensitive,
}

/// The categories of the GDPR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonalData {
    /// Says nothing of a person by itself.
    NotPersonal,
    /// Personal data (article 4).
    Personal,
    /// Of a special category (article 9).
    Special,
}

impl Sensitivity {
    /// Not personal by itself.
    pub(crate) const NONE: Self = Self { china: PersonalInformation::NotPersonal, gdpr: PersonalData::NotPersonal };
    /// Personal by both.
    pub(crate) const PERSONAL: Self = Self { china: PersonalInformation::Personal, gdpr: PersonalData::Personal };
    /// Sensitive in China, personal in Europe.
    pub(crate) const SENSITIVE: Self = Self { china: PersonalInformation::Sensitive, gdpr: PersonalData::Personal };

    /// Whether it is personal by either.
    #[must_use]
    pub fn is_personal(self) -> bool {
        self.china > PersonalInformation::NotPersonal || self.gdpr > PersonalData::NotPersonal
    }

    /// Whether it is sensitive, or of a special category, by either.
    #[must_use]
    pub fn is_sensitive(self) -> bool {
        self.china == PersonalInformation::Sensitive || self.gdpr == PersonalData::Special
    }
}
