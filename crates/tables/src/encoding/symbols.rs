//! How likely symbols (currency, units, quotation marks, dashes) are, given the characters around them.

/// The cost of what occurs in no text: malformed bytes, control characters, unassigned characters.
pub(super) const IMPOSSIBLE: f32 = 16.0;
/// The cost of a symbol with no use in tables, or in a place where it is not used.
pub(super) const UNUSED: f32 = 11.0;

/// The characters around a character. Line ends and the ends of the text are `None`.
pub(super) struct Around {
    before_last: Option<char>,
    last: Option<char>,
    next: Option<char>,
    after_next: Option<char>,
}

impl Around {
    pub(super) fn new(chars: &[char], at: usize) -> Self {
        let back = |by: usize| at.checked_sub(by).map(|at| chars[at]);
        Self {
            before_last: back(2),
            last: back(1),
            next: chars.get(at + 1).copied(),
            after_next: chars.get(at + 2).copied(),
        }
    }

    fn after_letter(&self) -> bool {
        self.last.is_some_and(char::is_alphabetic)
    }

    fn before_letter(&self) -> bool {
        self.next.is_some_and(char::is_alphabetic)
    }

    fn after_digit(&self) -> bool {
        self.last.is_some_and(|last| last.is_ascii_digit())
    }

    fn before_digit(&self) -> bool {
        self.next.is_some_and(|next| next.is_ascii_digit())
    }

    /// After a number, perhaps with a space between.
    fn after_number(&self) -> bool {
        self.after_digit() || (is_space(self.last) && self.before_last.is_some_and(|before| before.is_ascii_digit()))
    }

    /// Before a number, perhaps with a space, a sign or a point between.
    fn before_number(&self) -> bool {
        let is_between = |next: char| matches!(next, ' ' | '-' | '.' | '+' | '\u{A0}' | '(');
        self.before_digit()
            || (self.next.is_some_and(is_between) && self.after_next.is_some_and(|after| after.is_ascii_digit()))
    }

    /// Neither a letter nor a digit before it, nor after it.
    fn alone(&self) -> bool {
        !self.after_letter() && !self.after_digit() && !self.before_letter() && !self.before_digit()
    }

    fn after_one_of(&self, chars: &str) -> bool {
        self.last.is_some_and(|last| chars.contains(last))
    }

    fn before_one_of(&self, chars: &str) -> bool {
        self.next.is_some_and(|next| chars.contains(next))
    }
}

fn is_space(char: Option<char>) -> bool {
    matches!(char, Some(' ' | '\u{A0}' | '\u{202F}' | '\u{3000}'))
}

/// The cost of a symbol in its place; `None` for letters and digits.
pub(super) fn cost(char: char, around: &Around) -> Option<f32> {
    let either = |fits: bool, cost: f32, otherwise: f32| if fits { cost } else { otherwise };
    Some(match char {
        '\u{FFFD}' | '\u{80}'..='\u{9F}' | '\u{7F}' | '\u{FFFF}' => IMPOSSIBLE,
        '\u{E000}'..='\u{F8FF}' => IMPOSSIBLE,
        '£' | '€' | '¥' | '￥' | '￡' | '₪' | '₩' => match () {
            () if around.before_number() => 3.5,
            () if around.after_number() && !around.before_letter() => 4.0,
            () if around.after_letter() && around.before_letter() => UNUSED,
            () => 5.5,
        },
        '¢' | '‰' | '％' => either(around.after_number(), 5.0, 8.0),
        '¤' => 10.0,
        '°' | '℃' | '℉' => match () {
            () if around.before_letter() && !around.before_one_of("CFKcNSEWO") => 10.0,
            () if around.after_number() => 3.5,
            () if char != '°' || around.before_one_of("CF") => 4.5,
            () if around.after_one_of("nN") => 5.0,
            () => either(around.alone(), 6.0, 10.0),
        },
        '㎡' | '㎥' | '㎝' | '㎏' | '㎞' | '㎜' | '㎎' | '㏄' => {
            either(around.after_number(), 3.5, either(around.alone(), 5.5, 9.0))
        }
        'º' | 'ª' => either(around.after_digit() || around.after_one_of("nNCDdMm"), 4.5, UNUSED),
        '²' | '³' => match () {
            () if around.before_letter() => UNUSED,
            () if around.after_one_of("m") => 3.5,
            () if around.after_one_of("Mtnsd") => 5.5,
            () if around.after_letter() => 8.0,
            () => either(around.after_digit() || around.after_one_of(")"), 7.0, UNUSED),
        },
        '¹' => either(around.after_letter() && !around.before_letter(), 7.0, UNUSED),
        '±' => match () {
            () if around.after_letter() || around.before_letter() => UNUSED,
            () if around.before_number() => 4.0,
            () => either(around.alone(), 5.0, 8.0),
        },
        'µ' => either(around.before_one_of("gmslAVFMWLJkg") && !around.after_letter(), 4.0, 9.0),
        '×' => either(around.after_letter() && around.before_letter(), UNUSED, 5.0),
        '÷' | '≥' | '≤' | '≈' | '≠' => either(around.after_letter() && around.before_letter(), UNUSED, 7.0),
        '§' => either(around.before_number() || !around.before_letter(), 5.5, UNUSED),
        '©' => either(!around.after_letter() && !around.before_letter(), 5.5, UNUSED),
        '®' | '™' => either(!around.before_letter(), 5.5, UNUSED),
        '½' | '¼' | '¾' => either(!around.after_letter() && !around.before_letter(), 5.0, UNUSED),
        '№' => either(!around.after_letter() && !around.before_letter(), 4.5, 9.0),
        '«' | '‹' | '“' | '„' | '‚' | '‘' => {
            let opens = !around.after_letter() && !around.after_digit();
            let bent = char != '«' && char != '‹';
            // German uses `“` as the closing quote.
            either(
                opens && !is_space(around.next),
                if bent { 4.5 } else { 6.0 },
                either(bent && !around.before_letter(), 6.5, 9.5),
            )
        }
        '»' | '›' | '”' => either(!around.before_letter() && !is_space(around.last), 4.5, 9.0),
        '’' => match () {
            () if around.after_letter() => 3.5,
            () if around.after_digit() || around.before_digit() => 6.0,
            () => either(around.before_letter(), 6.5, 5.5),
        },
        '–' | '—' => match () {
            () if is_space(around.last) && is_space(around.next) => 4.0,
            () if around.after_digit() && around.before_digit() => 4.0,
            () if around.after_letter() == around.before_letter() => 5.0,
            () => 6.5,
        },
        '…' => either(around.before_letter(), 10.5, 5.0),
        '•' => either(around.after_letter() && around.before_letter(), UNUSED, 5.5),
        '·' | '‧' | '・' => {
            either(around.after_letter() && around.before_letter() && !around.after_one_of("l"), 9.0, 6.5)
        }
        '¡' | '¿' => either(around.before_letter() && !around.after_letter() && !around.after_number(), 4.5, UNUSED),
        '\u{A0}' => match () {
            () if around.after_digit() || around.before_number() => 4.5,
            () if around.after_letter() && around.before_letter() => 5.5,
            () => 6.5,
        },
        '†' | '‡' | '¶' => 8.0,
        '´' => either(around.after_letter() && around.before_letter(), 6.0, UNUSED),
        '、' | '。' | '，' | '：' | '；' | '（' | '）' | '！' | '？' | '《' | '》' | '「' | '」' | '【' | '】'
        | '～' | '／' => either(around.after_letter() || around.before_letter(), 6.5, 9.0),
        '\u{3000}' => 7.5,
        '①'..='⑳' => 6.5,
        '√' | '○' | '●' | '★' | '☆' | '◎' | '△' | '▲' | '□' | '■' | '※' | '→' | '↑' | '↓' | '〇' => {
            7.5
        }
        // Programs used to draw tables with these.
        '─'..='╿' => 9.0,
        _ if char.is_alphanumeric() => return None,
        '!'..='~' => 3.0,
        _ => UNUSED,
    })
}
