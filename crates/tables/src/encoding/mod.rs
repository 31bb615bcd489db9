//! Detects the encoding of a file: the one in which its words are most likely to be words of a table. GBK is part of GB18030, and
//! is reported as that.
//!
//! ASCII is the same in all encodings and is skipped. The words with other bytes (`fragments`) are decoded in each encoding that
//! tables may be in (`candidates`), and the result is scored by how likely it is in the languages of that encoding (`likelihood`):
//! how often letters follow each other (`letters`), how common characters are (`characters`), and where symbols occur (`symbols`).
//! `evidence` adds up the scores. Words that are valid UTF-8 count as UTF-8; `mend` decodes the lines of a UTF-8 file that are not
//! valid.

mod candidates;
mod characters;
mod evidence;
mod fragments;
mod letters;
mod likelihood;
mod mend;
mod symbols;
mod utf_16;

use std::io::{self, Read};

use encoding_rs::{Encoding, GB18030, ISO_2022_JP};

use evidence::Evidence;
pub(super) use mend::Mender;

/// How many bytes are searched for binary data and UTF-16.
const HEAD: usize = 64 << 10;
/// How many non-ASCII bytes are enough to determine an encoding. Until then, the search continues, since the only name with an
/// accent may be on the last line.
const ENOUGH: usize = 256 << 10;
const CHUNK: usize = 64 << 10;
/// How many bytes of a line are kept while its end has not been found.
const LINE: usize = 256 << 10;
/// How many ASCII bytes before a word are kept as its context.
const CONTEXT: usize = 64;
const ESCAPE: u8 = 0x1B;

/// What the bytes of a file turn out to be.
pub(super) enum Look {
    Empty,
    Text(&'static Encoding),
    Binary { looks_like: &'static str, advice: &'static str },
}

/// The first bytes of files that people mistake for tables, what these files are, and what to do about them. Formats that this
/// build reads have been recognised before: a workbook gets here only in a build without `workbooks`, a PDF document in every
/// build.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (
        b"PK\x03\x04",
        "an Excel workbook (.xlsx) or another zip archive",
        "open it and save the sheet as CSV, or unpack the archive first",
    ),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)", "open it and save the sheet as CSV first"),
    (b"\x1F\x8B", "gzip-compressed data", "unpack it first (gunzip)"),
    (b"BZh", "bzip2-compressed data", "unpack it first (bunzip2)"),
    (b"\xFD7zXZ\0", "xz-compressed data", "unpack it first (unxz)"),
    (b"\x28\xB5\x2F\xFD", "zstd-compressed data", "unpack it first (unzstd)"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it first"),
    (b"%PDF-", "a PDF document", "export its table as CSV first"),
    (b"PAR1", "a Parquet file", "export it as CSV first"),
    (b"ARROW1", "an Arrow file", "export it as CSV first"),
    (b"SQLite format 3\0", "an SQLite database", "export one of its tables as CSV first"),
    (b"\x89PNG\r\n", "a PNG picture", "a table was expected"),
    (b"\xFF\xD8\xFF", "a JPEG picture", "a table was expected"),
];

/// Examines a file from its start: first for magic numbers, byte-order marks and zero bytes, then until the encoding is certain.
/// `given` is the encoding, if the user has named it.
pub(super) fn look(mut input: impl Read, given: Option<&'static Encoding>) -> io::Result<Look> {
    let mut head = Vec::new();
    input.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(Look::Empty);
    }
    if let Some(&(_, looks_like, advice)) = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return Ok(Look::Binary { looks_like, advice });
    }
    if let Some(encoding) = given.or_else(|| Encoding::for_bom(&head).map(|(encoding, _)| encoding)) {
        return Ok(Look::Text(encoding));
    }
    if head.starts_with(b"\x84\x31\x95\x33") {
        return Ok(Look::Text(GB18030));
    }
    if head.contains(&0) {
        if let Some(encoding) = utf_16::without_mark(&head) {
            return Ok(Look::Text(encoding));
        }
        if !is_text_with_zeros(&head) {
            return Ok(Look::Binary {
                looks_like: "binary data (it holds zero bytes)",
                advice: "export it as CSV first, or name its encoding if it is text after all",
            });
        }
    }
    let mut scan = Scan::default();
    scan.add(&head);
    if head.len() < HEAD {
        return Ok(Look::Text(scan.verdict()));
    }
    let mut chunk = head;
    chunk.resize(CHUNK, 0);
    while scan.not_ascii < ENOUGH {
        match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => scan.add(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Look::Text(scan.verdict()))
}

/// Whether bytes are text in which zeros are padding or damage: there are hardly any other control characters, and the words are
/// plausible in some encoding.
fn is_text_with_zeros(head: &[u8]) -> bool {
    let text: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let is_control = |byte: &&u8| matches!(byte, 1..=8 | 0x0E..=0x19 | 0x1C..=0x1F | 0x7F);
    let controls = text.iter().filter(is_control).count();
    let mut evidence = Evidence::default();
    evidence.add(&text);
    !text.is_empty() && controls * 200 <= text.len() && evidence.makes_sense()
}

/// A file's bytes on their way to the evidence, which takes whole lines.
#[derive(Default)]
struct Scan {
    evidence: Evidence,
    /// The beginning of a line whose end has not been read yet.
    begun: Vec<u8>,
    not_ascii: usize,
    escapes: Escapes,
}

impl Scan {
    fn add(&mut self, bytes: &[u8]) {
        self.escapes.add(bytes);
        let ascii = bytes.is_ascii();
        if ascii && self.begun.is_ascii() {
            // Plain ASCII is no evidence, but its end may be the context of the next word.
            self.begun.extend_from_slice(&bytes[bytes.len().saturating_sub(CONTEXT)..]);
            self.begun.drain(..self.begun.len().saturating_sub(CONTEXT));
            return;
        }
        self.not_ascii += bytes.iter().filter(|byte| !byte.is_ascii()).count();
        self.begun.extend(bytes.iter().copied().filter(|byte| *byte != 0));
        let end = self.begun.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
        let end = if end == 0 && self.begun.len() > LINE { self.begun.len() } else { end };
        self.evidence.add(&self.begun[..end]);
        self.begun.drain(..end);
    }

    fn verdict(mut self) -> &'static Encoding {
        // If the search ended in the middle of a line, the last character may be incomplete.
        if self.not_ascii < ENOUGH || self.evidence.is_empty() {
            self.evidence.add(&self.begun);
        }
        if self.not_ascii == 0 && self.escapes.japanese { ISO_2022_JP } else { self.evidence.verdict() }
    }
}

/// The escape sequences of ISO-2022-JP, which is ASCII otherwise.
#[derive(Default)]
struct Escapes {
    last: [u8; 2],
    japanese: bool,
}

impl Escapes {
    fn add(&mut self, bytes: &[u8]) {
        let across = [self.last[0], self.last[1], *bytes.first().unwrap_or(&0), *bytes.get(1).unwrap_or(&0)];
        let is_japanese = |three: &[u8]| matches!(three, [ESCAPE, b'$', b'@' | b'B'] | [ESCAPE, b'(', b'J' | b'I']);
        self.japanese |= across.windows(3).any(is_japanese);
        if bytes.contains(&ESCAPE) {
            self.japanese |= bytes.windows(3).any(is_japanese);
        }
        for &byte in &bytes[bytes.len().saturating_sub(2)..] {
            self.last = [self.last[1], byte];
        }
    }
}
