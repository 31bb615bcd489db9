//! The form of a value: `2024-03-01` is four digits, a dash, two digits, a dash, two digits.
//!
//! A form is written in the ideograms of Linear B, which are letters that no table contains. The tokenizer keeps letters
//! together, so a frequent form becomes one token, and even a model with a single layer sees it as a whole.

/// The first of 123 consecutive ideograms.
const FIRST: u32 = 0x1_0080;

/// Whether a character belongs to a form. Cleaned values contain no such characters.
pub(super) fn is_form_symbol(c: char) -> bool {
    (FIRST..FIRST + 123).contains(&u32::from(c))
}

/// Maximum number of symbols in a form; the rest of a long value adds little.
const LIMIT: usize = 12;

/// A form: its symbols, counted from [`FIRST`]. Unused places hold zeros, so forms compare in the same order as their texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    symbols: [u8; LIMIT],
    length: u8,
}

impl Form {
    const fn length(&self) -> usize {
        self.length as usize
    }

    /// Appends a symbol, unless the form already has [`LIMIT`] symbols.
    fn push(&mut self, symbol: u8) {
        if let Some(end) = self.symbols.get_mut(usize::from(self.length)) {
            *end = symbol;
            self.length += 1;
        }
    }

    /// Drops the last two symbols if they are a space and a repetition of the symbol before it: consecutive words count as one
    /// word.
    fn join(&mut self) {
        let length = self.length();
        if let [.., first, join, last] = &mut self.symbols[..length]
            && *first == *last
            && *join == coarse(Kind::Space)
        {
            (*join, *last) = (0, 0);
            self.length -= 2;
        }
    }

    /// Appends the form as text.
    pub(super) fn push_to(&self, out: &mut String) {
        out.extend(
            self.symbols[..self.length()].iter().filter_map(|symbol| char::from_u32(FIRST + u32::from(*symbol))),
        );
    }
}

/// The forms of a value, each cut to [`LIMIT`] symbols.
#[derive(Clone, Copy)]
pub(super) struct Forms {
    /// Distinguishes the number of consecutive digits or Chinese characters, short and long words, and their case.
    pub(super) fine: Form,
    /// Distinguishes digits, letters and Chinese characters, but not how many there are; consecutive words count as one.
    pub(super) coarse: Form,
}

/// The kind of a group of consecutive characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digits,
    Letters,
    Chinese,
    OtherLetters,
    Space,
    /// ASCII punctuation, by its position among the ASCII punctuation characters.
    Mark(u8),
    OtherMark,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Digits,
        'a'..='z' | 'A'..='Z' | 'À'..='ÿ' => Kind::Letters,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' => Kind::Chinese,
        ' ' => Kind::Space,
        '!'..='/' => Kind::Mark(c as u8 - b'!'),
        ':'..='@' => Kind::Mark(c as u8 - b':' + 15),
        '['..='`' => Kind::Mark(c as u8 - b'[' + 22),
        '{'..='~' => Kind::Mark(c as u8 - b'{' + 28),
        c if c.is_alphanumeric() => Kind::OtherLetters,
        _ => Kind::OtherMark,
    }
}

impl Forms {
    pub(super) fn of(value: &str) -> Self {
        let (mut fine, mut coarser) = (Form::default(), Form::default());
        let mut rest = value.chars().peekable();
        while let Some(first) = rest.next() {
            let this = kind(first);
            let mut run = Run::new(first);
            if !matches!(this, Kind::Space | Kind::Mark(_)) {
                while let Some(next) = rest.next_if(|next| kind(*next) == this) {
                    run.add(next);
                }
            }
            fine.push(run.fine(this));
            // Once it is full, what follows is cut.
            if coarser.length() < LIMIT {
                coarser.push(coarse(this));
                coarser.join();
            }
            if coarser.length() == LIMIT && fine.length() == LIMIT {
                break;
            }
        }
        Self { fine, coarse: coarser }
    }
}

/// A group of consecutive letters or digits.
struct Run {
    length: u32,
    begins_small: bool,
    has_small: bool,
    /// Whether there is a capital after the first letter.
    has_capital: bool,
}

impl Run {
    fn new(first: char) -> Self {
        Self { length: 1, begins_small: first.is_lowercase(), has_small: first.is_lowercase(), has_capital: false }
    }

    fn add(&mut self, c: char) {
        self.length += 1;
        self.has_small |= c.is_lowercase();
        self.has_capital |= c.is_uppercase();
    }

    /// Symbols 0–19 are digits by their number, 20–27 words, 28–36 Chinese characters by their number, and from 37 on the others.
    fn fine(&self, kind: Kind) -> u8 {
        match kind {
            Kind::Digits => self.length.min(20) as u8 - 1,
            Kind::Letters => match (self.begins_small, self.has_small, self.has_capital) {
                (_, _, false) if self.length == 1 => 20 + u8::from(self.begins_small),
                (false, false, _) => 22 + u8::from(self.length > 3),
                (true, _, false) => 24 + u8::from(self.length > 3),
                (false, true, false) => 26,
                _ => 27,
            },
            Kind::Chinese => 27 + self.length.min(9) as u8,
            other => shared(other),
        }
    }
}

const fn coarse(kind: Kind) -> u8 {
    match kind {
        Kind::Digits => 72,
        Kind::Letters => 73,
        Kind::Chinese => 74,
        other => shared(other),
    }
}

/// The symbols that the fine and the coarse form share.
const fn shared(kind: Kind) -> u8 {
    match kind {
        Kind::OtherLetters => 37,
        Kind::Space => 38,
        Kind::Mark(at) => 39 + at,
        _ => 71,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(form: Form) -> String {
        let mut text = String::new();
        form.push_to(&mut text);
        text
    }

    #[test]
    fn values_of_one_form_have_one_form() {
        let fine = |value: &str| text(Forms::of(value).fine);
        let coarse = |value: &str| text(Forms::of(value).coarse);
        assert_eq!(fine("2024-03-01"), fine("1999-12-31"));
        assert_ne!(fine("2024-03-01"), fine("24-03-01"));
        assert_eq!(coarse("2024-03-01"), coarse("24-3-1"));
        assert_eq!(fine("沪A·12345"), fine("京B·54321"));
        assert_eq!(coarse("Anna Maria Smith"), coarse("bob MILLER"));
        assert_ne!(fine("USA"), fine("Usa"));
        assert_ne!(fine("iPhone"), fine("phone"));
        // Every ASCII punctuation character has a form of its own.
        let all: std::collections::BTreeSet<String> = ('!'..='~').map(|c| fine(&c.to_string())).collect();
        assert_eq!(all.len(), 32 + 3);
    }

    proptest! {
        #[test]
        fn a_form_is_made_of_its_letters(value in "\\PC*") {
            let Forms { fine, coarse } = Forms::of(&value);
            for form in [fine, coarse].map(text) {
                prop_assert_eq!(form.is_empty(), value.is_empty());
                prop_assert!(form.chars().all(is_form_symbol) && form.chars().count() <= LIMIT);
            }
        }
    }

    proptest! {
        #[test]
        fn forms_are_ordered_as_their_texts_are(values in prop::array::uniform2("([0-9]|[a-z]|[A-Z]|[ ,-]){0,6}")) {
            let [one, other] = values.map(|value| Forms::of(&value));
            for (one, other) in [(one.fine, other.fine), (one.coarse, other.coarse)] {
                prop_assert_eq!(one.cmp(&other), text(one).cmp(&text(other)));
            }
        }
    }
}
