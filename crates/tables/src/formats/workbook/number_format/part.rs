//! The parts of a number format.

/// A section of a number format.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Section {
    pub(super) parts: Vec<Part>,
    /// The condition that a number must meet for this section, if the section states one.
    pub(super) condition: Option<Condition>,
}

/// A comparison with a number, such as `[>=100]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) less: bool,
    pub(super) equal: bool,
    pub(super) greater: bool,
    pub(super) limit: f64,
}

impl Condition {
    pub(super) fn holds(self, number: f64) -> bool {
        (self.less && number < self.limit)
            || (self.equal && number == self.limit)
            || (self.greater && number > self.limit)
    }
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// Text that is shown as it is.
    Literal(String),
    /// A digit place: `0` is always shown, `#` and `?` only if there is a digit.
    Digit {
        always: bool,
    },
    Point,
    /// Between digits it groups them; after the last it divides by a thousand.
    Comma,
    Percent,
    /// `E+00`, with the number of digits.
    Exponent(usize),
    /// A letter of a date or time and how often it is repeated: `y`, `m`, `d`, `h`, `s`, and `n` for minutes.
    Date(char, usize),
    /// Total elapsed hours, minutes or seconds: `[h]`.
    Elapsed(char),
    /// Decimal places of a second.
    Fraction(usize),
    /// `AM/PM`.
    HalfDay,
    /// The number as it is shown without a format.
    General,
}
