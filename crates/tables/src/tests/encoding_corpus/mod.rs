//! Small tables in many encodings, drawn from a vocabulary of their own: how often the encoding is found.

use std::collections::BTreeMap;

use drivetrain_random::{Draws, Random};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How many tables each half has.
const HALF: u64 = 2_000;

/// Encodings, the language of the tables in each, and a weight: how often a Chinese or Western user meets them, roughly. `sign`
/// stands for English tables with a currency, a unit, a quotation mark or a word with an accent.
const SHARES: &[(&str, &str, u32)] = &[
    ("gbk", "zh", 260),
    ("utf-8", "zh", 60),
    ("utf-16le", "zh", 15),
    ("utf-16be", "zh", 8),
    ("big5", "hant", 90),
    ("utf-8", "hant", 20),
    ("utf-16le", "fr", 8),
    ("windows-1252", "sign", 90),
    ("utf-8", "sign", 20),
    ("windows-1252", "fr", 40),
    ("windows-1252", "de", 40),
    ("windows-1252", "es", 30),
    ("windows-1252", "pt", 20),
    ("windows-1252", "it", 15),
    ("windows-1252", "sv", 15),
    ("windows-1252", "da", 15),
    ("windows-1252", "fi", 10),
    ("utf-8", "de", 15),
    ("utf-8", "fr", 15),
    ("utf-8", "ru", 15),
    ("iso-8859-15", "fr", 5),
    ("macintosh", "fr", 4),
    ("macintosh", "de", 3),
    ("windows-1250", "pl", 15),
    ("windows-1250", "cs", 12),
    ("windows-1250", "hu", 10),
    ("iso-8859-2", "pl", 7),
    ("iso-8859-2", "cs", 7),
    ("iso-8859-2", "hu", 5),
    ("windows-1251", "ru", 35),
    ("koi8-r", "ru", 12),
    ("ibm866", "ru", 5),
    ("iso-8859-5", "ru", 3),
    ("shift_jis", "ja", 35),
    ("euc-jp", "ja", 10),
    ("iso-2022-jp", "ja", 4),
    ("utf-8", "ja", 10),
    ("euc-kr", "ko", 25),
    ("utf-8", "ko", 8),
    ("windows-1253", "el", 10),
    ("windows-1254", "tr", 12),
    ("windows-1255", "he", 8),
    ("windows-1256", "ar", 8),
    ("windows-874", "th", 8),
    ("windows-1257", "lt", 6),
    ("windows-1257", "lv", 6),
];

/// Two vocabularies, and a corpus of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// Used while the detector was developed.
    Development,
    /// Used only to measure the finished detector.
    HeldOut,
}

impl Half {
    fn vocabulary(self) -> &'static str {
        match self {
            Self::Development => include_str!("vocabulary.txt"),
            Self::HeldOut => include_str!("held_out.txt"),
        }
    }
}

/// The parts of one language's vocabulary.
struct Vocabulary {
    parts: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Vocabulary {
    /// The entries of a half that an encoding can write.
    fn of(language: &str, half: Half, encoding: &'static Encoding) -> Self {
        let mut sections = half.vocabulary().split("\n[");
        let section = sections.find_map(|section| section.strip_prefix(language)?.strip_prefix("]\n"));
        let rows = section.expect(language).lines().filter_map(|row| row.split_once(": "));
        let can_write = |entry: &&str| !encoding.encode(entry).2;
        let parts = rows.map(|(part, entries)| (part, entries.split(", ").filter(can_write).collect()));
        Self { parts: parts.collect() }
    }

    fn pick(&self, part: &str, draws: &mut Draws) -> &'static str {
        let entries = self.parts.get(part).or_else(|| self.parts.get("values")).filter(|entries| !entries.is_empty());
        entries.map_or("x", |entries| *draws.pick(entries))
    }

    /// A column's cells of one part.
    fn column(&self, part: &str, rows: usize, draws: &mut Draws) -> Vec<String> {
        let values: Vec<&str> = self.pick("values", draws).split('/').collect();
        let cell = |draws: &mut Draws| match part {
            "values" => (*draws.pick(&values)).to_owned(),
            "numbers" => draws.between(1, 9_999).to_string(),
            "decimals" => format!("{}.{:02}", draws.between(0, 400), draws.between(0, 99)),
            "ascii" => {
                (*draws.pick(&["Smith", "lee@example.com", "OK", "2023-05-07", "A-17", "n/a", "", "Box 4"])).to_owned()
            }
            part => self.pick(part, draws).to_owned(),
        };
        (0..rows).map(|_| cell(draws)).collect()
    }
}

/// A table of one language, as text.
fn table(vocabulary: &Vocabulary, signs: bool, draws: &mut Draws) -> String {
    const ASCII_NAMES: [&str; 12] =
        ["id", "name", "price", "status", "qty", "city", "date", "amount", "code", "sex", "note", "Value_1"];
    let rows = match draws.below(4) {
        0 => draws.between(1, 3),
        1 => draws.between(4, 10),
        _ => draws.between(10, 60),
    } as usize;
    let shape = if signs { 3 } else { draws.below(8) };
    let text = *draws.pick(&["names", "places", "phrases", "values"]);
    let parts: &[&str] = match shape {
        0 | 1 => &["numbers", "names", "places", "values", "decimals", "phrases"][..draws.between(2, 6) as usize],
        2 => &["numbers", text],
        3 => &["numbers", "values", "ascii"][..draws.between(2, 3) as usize],
        4 => &["ascii", "units"],
        5 => &["numbers", "ascii"],
        6 => &["numbers", "decimals", "ascii"],
        _ => &["numbers", "values", "decimals"],
    };
    let mut columns: Vec<Vec<String>> = parts.iter().map(|part| vocabulary.column(part, rows, draws)).collect();
    if shape == 5 {
        // The only word that is not ASCII may be anywhere.
        let at = draws.below(rows);
        columns[1][at] = vocabulary.pick(text, draws).split('/').next().unwrap_or_default().to_owned();
    }
    let own_names = matches!(shape, 0 | 6 | 7);
    let names: Vec<&str> = (0..columns.len())
        .map(|_| if own_names { vocabulary.pick("headers", draws) } else { *draws.pick(&ASCII_NAMES) })
        .collect();
    let delimiter = [",", ",", ",", ";", "\t", "|"][draws.below(6)];
    let end = if draws.chance(0.4) { "\r\n" } else { "\n" };
    let mut text = names.join(delimiter) + end;
    for row in 0..rows {
        let cells: Vec<String> = columns.iter().map(|column| column[row].replace(delimiter, " ")).collect();
        text += &(cells.join(delimiter) + end);
    }
    text
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    match encoding {
        _ if encoding == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ if encoding == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding.encode(text).0.into_owned(),
    }
}

/// How many tables of a half are read correctly, and which are not.
pub(super) struct Outcome {
    pub(super) tables: usize,
    pub(super) right: usize,
    /// By encoding and language: tables, and those read right.
    pub(super) by_encoding: BTreeMap<(&'static str, &'static str), (usize, usize)>,
    pub(super) wrong: Vec<String>,
}

impl Outcome {
    pub(super) fn share(&self) -> f64 {
        self.right as f64 / self.tables as f64
    }

    pub(super) fn report(&self) -> String {
        let rows = self.by_encoding.iter();
        let rows =
            rows.map(|((name, language), (all, right))| format!("{name:14} {language:5} {right:4} of {all:4}\n"));
        let share = 100.0 * self.share();
        format!(
            "{}{} of {} tables right ({share:.2}%)\n{}",
            rows.collect::<String>(),
            self.right,
            self.tables,
            self.wrong.join("\n")
        )
    }
}

/// Draws the tables of a half and detects the encoding of each. Only the text counts: if two encodings decode the bytes to the same
/// text, as windows-1252 and windows-1254 often do, either is right.
pub(super) fn measure(half: Half, find: impl Fn(&[u8]) -> Option<&'static Encoding>) -> Outcome {
    let random = Random::new(16, if half == Half::Development { "encodings" } else { "encodings, held out" });
    let weights: Vec<u32> = SHARES.iter().map(|(.., share)| *share).collect();
    let mut outcome = Outcome { tables: 0, right: 0, by_encoding: BTreeMap::new(), wrong: Vec::new() };
    let mut number = 0;
    while outcome.tables < HALF as usize {
        let mut draws = random.at(number).draws();
        number += 1;
        let (name, language, _) = SHARES[draws.weighted(&weights)];
        let encoding = Encoding::for_label(name.as_bytes()).expect(name);
        let vocabulary = Vocabulary::of(language, half, encoding);
        let text = table(&vocabulary, language == "sign", &mut draws);
        if text.is_ascii() {
            continue;
        }
        let bytes = encode(&text, encoding);
        let found = find(&bytes);
        let right = found.is_some_and(|found| found.decode_without_bom_handling(&bytes).0 == text);
        outcome.tables += 1;
        outcome.right += usize::from(right);
        let (all, those_right) = outcome.by_encoding.entry((name, language)).or_default();
        *all += 1;
        *those_right += usize::from(right);
        if !right {
            let found_name = found.map_or("none", Encoding::name);
            let lines: Vec<&str> = text.lines().filter(|line| !line.is_ascii()).take(3).collect();
            outcome.wrong.push(format!("{name} ({language}) found to be {found_name}: {lines:?}"));
        }
    }
    outcome
}
