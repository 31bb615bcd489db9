//! Cutting a text into the pieces that no merge crosses: what [`SPLIT_PATTERN`](crate::tokenizer::SPLIT_PATTERN) matches,
//! without a regular expression.
//!
//! Every character begins one of the alternatives, so the pieces cover the whole text. The regex engine of the `tokenizers` crate
//! gives up on a run of about a million capitals, caseless letters or equal symbols, and takes the rest of the text for one
//! piece; here, such a text is cut like any other.

use super::char_class::{CAPITAL, CASELESS, CHAR_CLASSES, CharClasses, HAN, NUMBER, SMALL, SPACE};

/// The pieces of `text`, in order. None is empty.
pub(crate) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text, classes: &CHAR_CLASSES }
}

/// See [`pieces`].
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    classes: &'static CharClasses,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        let (piece, rest) = self.rest.split_at(self.piece_len()?);
        self.rest = rest;
        Some(piece)
    }
}

impl Pieces<'_> {
    /// How many bytes the next piece has: the pattern's alternatives in their order. `None` at the end.
    #[inline]
    fn piece_len(&self) -> Option<usize> {
        let rest = self.rest;
        let first = rest.chars().next()?;
        let classes = self.classes.of(first);
        Some(if classes & NUMBER != 0 {
            // \p{N}{1,3}
            let three = rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at);
            self.run(&rest[..three], NUMBER)
        } else if classes & HAN != 0 {
            // \p{Han}+
            self.run(rest, HAN)
        } else if classes & CAPITAL != 0 {
            self.capitals(rest)
        } else if classes & SMALL != 0 {
            // [\p{Ll}\p{M}]+, no capital before it
            self.run(rest, SMALL)
        } else if classes & CASELESS != 0 {
            // (?:(?!\p{Han})[\p{Lo}\p{Lt}\p{Lm}\p{M}])+
            self.run(rest, CASELESS)
        } else if classes & SPACE != 0 {
            // \s+
            self.run(rest, SPACE)
        } else {
            // ([^\s\p{L}\p{M}\p{N}])\1*
            rest.find(|c| c != first).unwrap_or(rest.len())
        })
    }

    /// `\p{Lu}+(?![\p{Ll}\p{M}])`, or else `\p{Lu}[\p{Ll}\p{M}]+`.
    fn capitals(&self, rest: &str) -> usize {
        let end = self.run(rest, CAPITAL);
        let (capitals, after) = rest.split_at(end);
        let small = self.run(after, SMALL);
        let last = capitals.chars().next_back().map_or(0, char::len_utf8);
        match end - last {
            _ if small == 0 => end,
            // A single capital and the small letters after it form one piece; of several capitals, the last is left for the next
            // piece.
            0 => end + small,
            before_last => before_last,
        }
    }

    /// How many bytes at the start of `text` are characters of one class.
    #[inline]
    fn run(&self, text: &str, class: u8) -> usize {
        text.find(|c| self.classes.of(c) & class == 0).unwrap_or(text.len())
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;
    use tokenizers::utils::SysRegex;

    use super::*;
    use crate::tokenizer::SPLIT_PATTERN;

    #[test]
    fn every_character_is_cut_as_the_pattern_says_beside_every_other_kind() {
        let pattern = SysRegex::new(SPLIT_PATTERN).unwrap();
        let chars: Vec<char> = ('\0'..=char::MAX).collect();
        chars.par_chunks(512).for_each(|chars| {
            // From U+40000 on all are unassigned, private, tags or variation selectors: fewer places do.
            let around = |&c: &char| match c {
                ..'\u{40000}' => format!("{c}A{c}{c}Aa{c}a1{c}AA{c}ひ{c}ǅ年{c}年-{c} {c}\u{301}{c}11{c}〇"),
                _ => format!("A{c}{c}a-{c}"),
            };
            let text: String = chars.iter().map(around).collect();
            let found: Vec<&str> = pattern.find_iter(&text).map(|(start, end)| &text[start..end]).collect();
            let ours: Vec<&str> = pieces(&text).collect();
            assert_eq!(ours, found);
        });
    }

    #[test]
    fn the_pieces_are_the_whole_text() {
        let text = "HTTPServer ÀÉe\u{301} 年龄：12345\r\n\t-- 👍👍 ǅenana";
        assert_eq!(pieces(text).collect::<String>(), text);
        assert_eq!(pieces("").next(), None);
    }
}
