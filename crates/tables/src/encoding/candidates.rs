//! The encodings that a file may be in, and the languages that are written in them.

use std::sync::LazyLock;

use encoding_rs::Encoding;

use super::characters::{Characters, Writing};
use super::letters::Letters;
use super::likelihood::Language;

/// An encoding other than Unicode's.
pub(super) struct Candidate {
    pub(super) encoding: &'static Encoding,
    /// How rare tables in it are, as a cost in nats.
    pub(super) prior: f32,
    /// The languages written in it, each with its own cost.
    pub(super) languages: Vec<(Language, f32)>,
}

/// Languages, each with a cost of its own.
type Languages = &'static [(&'static str, f32)];

const WESTERN: Languages = &[
    ("fr", 0.0),
    ("de", 0.0),
    ("es", 0.0),
    ("pt", 0.3),
    ("it", 0.3),
    ("sv", 0.7),
    ("da", 0.7),
    ("nb", 0.7),
    ("fi", 1.0),
    ("nl", 0.7),
    ("ca", 1.5),
    ("is", 3.0),
];
const CENTRAL: Languages =
    &[("pl", 0.0), ("cs", 0.0), ("hu", 0.3), ("sk", 0.7), ("ro", 1.5), ("sh", 1.5), ("sl", 1.0), ("de", 2.0)];
const CYRILLIC: Languages = &[("ru", 0.0), ("uk", 0.7), ("bg", 1.0), ("mk", 2.5)];
const RUSSIAN: Languages = &[("ru", 0.0), ("bg", 2.0)];

/// The encodings by name, how rare tables in each of them are, and the languages written in it. If two decode the bytes to the same
/// text, the more common one is chosen.
const ALPHABETIC: &[(&str, f32, Languages)] = &[
    ("windows-1252", 0.0, WESTERN),
    ("iso-8859-15", 4.0, WESTERN),
    ("macintosh", 6.0, WESTERN),
    ("windows-1250", 2.4, CENTRAL),
    ("iso-8859-2", 3.7, CENTRAL),
    ("windows-1251", 1.5, CYRILLIC),
    ("koi8-r", 3.5, RUSSIAN),
    ("koi8-u", 5.0, &[("uk", 0.0), ("ru", 2.0)]),
    ("ibm866", 4.0, RUSSIAN),
    ("iso-8859-5", 5.5, CYRILLIC),
    ("x-mac-cyrillic", 6.0, CYRILLIC),
    ("windows-1253", 2.5, &[("el", 0.0)]),
    ("iso-8859-7", 4.5, &[("el", 0.0)]),
    ("windows-1254", 2.0, &[("tr", 0.0)]),
    ("windows-1255", 2.5, &[("he", 0.0)]),
    ("windows-1256", 2.5, &[("ar", 0.0), ("fa", 1.5)]),
    ("iso-8859-6", 5.5, &[("ar", 0.0)]),
    ("windows-1257", 3.0, &[("lt", 0.0), ("lv", 0.0), ("fi", 2.0)]),
    ("windows-874", 1.5, &[("th", 0.0)]),
];

/// GB18030 is a superset of GBK and GB 2312: files in any of the three are read and reported as `gb18030`.
const TWO_BYTE: &[(&str, f32, Writing)] = &[
    ("gb18030", 0.0, Writing::Simplified),
    ("big5", 1.0, Writing::Traditional),
    ("shift_jis", 1.5, Writing::Japanese),
    ("euc-jp", 3.0, Writing::Japanese),
    ("euc-kr", 3.5, Writing::Korean),
];

pub(super) static CANDIDATES: LazyLock<Vec<Candidate>> = LazyLock::new(|| {
    let find = |name: &str| Encoding::for_label(name.as_bytes());
    let alphabetic = ALPHABETIC.iter().filter_map(|(name, prior, languages)| {
        let languages = languages.iter().map(|(code, cost)| (Language::Letters(Letters::of(code)), *cost)).collect();
        Some(Candidate { encoding: find(name)?, prior: *prior, languages })
    });
    let two_byte = TWO_BYTE.iter().filter_map(|(name, prior, writing)| {
        Some(Candidate { encoding: find(name)?, prior: *prior, languages: vec![(characters(*writing), 0.0)] })
    });
    two_byte.chain(alphabetic).collect()
});

fn characters(writing: Writing) -> Language {
    Language::Characters(writing, Characters::of(writing))
}

/// The languages that words in UTF-8 are compared with.
pub(super) static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let codes = ["fr", "de", "es", "pt", "sv", "nb", "fi", "is", "pl", "cs", "hu", "ro", "sh", "tr", "lt", "lv"];
    let more = ["ru", "uk", "bg", "el", "he", "ar", "th"];
    let letters = codes.iter().chain(&more).map(|code| Language::Letters(Letters::of(code)));
    let writings = [Writing::Simplified, Writing::Traditional, Writing::Japanese, Writing::Korean];
    letters.chain(writings.map(characters)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_an_encoding() {
        assert_eq!(CANDIDATES.len(), ALPHABETIC.len() + TWO_BYTE.len());
        assert!(CANDIDATES.iter().all(|candidate| candidate.encoding.is_ascii_compatible()));
    }
}
