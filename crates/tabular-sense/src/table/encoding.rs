//! Which encoding a file is in.

use std::io::{self, Read};

use chardetng::EncodingDetector;
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes are looked at for signs of binary data and of UTF-16.
const HEAD: usize = 64 << 10;
/// How many bytes that are not ASCII are enough to know an encoding by. Until then the search goes on, since the only
/// name with an accent may be on the last line.
const ENOUGH: usize = 256 << 10;
/// Up to how many bytes that are not ASCII the detector is not to be trusted with.
const FEW: usize = 64;
const CHUNK: usize = 64 << 10;
const ESCAPE: u8 = 0x1B;

/// What the bytes of a file turn out to be.
pub(super) enum Look {
    Empty,
    Text(&'static Encoding),
    Binary { looks_like: &'static str, advice: &'static str },
}

/// First bytes of files that people take for tables, and what to do about them.
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
    (b"\xFF\xFE\0\0", "text in UTF-32", "save it as UTF-8 first"),
    (b"\0\0\xFE\xFF", "text in UTF-32", "save it as UTF-8 first"),
];

/// Looks at a file from its start: at its first bytes for what only a look can tell, then on until the encoding is
/// certain. `given` is an encoding to take as certain.
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
        return Ok(match utf_16_without_mark(&head) {
            Some(encoding) => Look::Text(encoding),
            None => Look::Binary {
                looks_like: "binary data (it holds zero bytes)",
                advice: "export it as CSV first, or name its encoding if it is text after all",
            },
        });
    }
    let mut evidence = Evidence::new();
    evidence.add(&head);
    let mut chunk = head;
    chunk.resize(CHUNK, 0);
    while evidence.not_ascii < ENOUGH {
        match input.read(&mut chunk) {
            Ok(0) => {
                evidence.end();
                break;
            }
            Ok(length) => evidence.add(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Look::Text(evidence.verdict()))
}

/// UTF-16 shows by its zero bytes: digits, delimiters and line ends have one each, always on the same side. Both byte
/// orders are tried, and the one that gives text wins.
fn utf_16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let whole = &head[..head.len() & !1];
    let zeros_at = |side: usize| whole.iter().skip(side).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros_at(0), zeros_at(1));
    let encoding = if odd > even { UTF_16LE } else { UTF_16BE };
    let (text, _) = encoding.decode_without_bom_handling(whole);
    let (mut all, mut odd_ones) = (0_usize, 0_usize);
    for char in text.chars() {
        all += 1;
        let plain = matches!(char, '\t' | '\n' | '\r' | ' '..='~') || (char.is_alphanumeric() && char != '\u{FFFD}');
        if char.is_control() && !plain {
            return None;
        }
        odd_ones += usize::from(!plain);
    }
    // Full-width punctuation, symbols and a pair cut in two at the end are neither letters nor ASCII.
    (odd_ones * 6 <= all).then_some(encoding)
}

/// Whether bytes read as nothing but common Chinese characters and punctuation in GB 2312, the core of GB18030. Words in
/// one-byte encodings have an odd number of letters sooner or later, or a letter that makes a rare character.
struct CommonChinese {
    lead: Option<u8>,
    holds: bool,
}

impl CommonChinese {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.lead = match self.lead {
                None if byte.is_ascii() => None,
                None => Some(byte),
                Some(lead) => {
                    self.holds &= matches!(lead, 0xA1 | 0xA3 | 0xB0..=0xD7) && byte >= 0xA1;
                    None
                }
            };
        }
    }

    fn holds(&self) -> bool {
        self.holds && self.lead.is_none()
    }
}

/// What the bytes seen so far say about the encoding.
struct Evidence {
    detector: EncodingDetector,
    utf_8: encoding_rs::Decoder,
    text: String,
    valid: u64,
    invalid: u64,
    not_ascii: usize,
    escapes: bool,
    between_chars: bool,
    chinese: CommonChinese,
}

impl Evidence {
    fn new() -> Self {
        Self {
            detector: EncodingDetector::new(),
            utf_8: UTF_8.new_decoder_without_bom_handling(),
            text: String::with_capacity(CHUNK),
            valid: 0,
            invalid: 0,
            not_ascii: 0,
            escapes: false,
            between_chars: true,
            chinese: CommonChinese { lead: None, holds: true },
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        let plain = bytes.is_ascii() && !bytes.contains(&ESCAPE);
        // Plain ASCII says nothing, unless its first byte is the second half of a character.
        if plain && self.between_chars {
            return;
        }
        self.between_chars = bytes.last().is_some_and(u8::is_ascii);
        self.escapes |= bytes.contains(&ESCAPE);
        self.not_ascii += bytes.iter().filter(|byte| !byte.is_ascii()).count();
        self.detector.feed(bytes, false);
        self.chinese.add(bytes);
        self.count_utf_8(bytes, false);
    }

    fn end(&mut self) {
        self.detector.feed(&[], true);
        self.count_utf_8(&[], true);
    }

    fn count_utf_8(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            self.text.clear();
            let (result, read) = self.utf_8.decode_to_string_without_replacement(bytes, &mut self.text, last);
            self.valid += self.text.chars().filter(|char| !char.is_ascii()).count() as u64;
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.invalid += 1,
            }
        }
    }

    fn verdict(&self) -> &'static Encoding {
        if self.not_ascii == 0 && !self.escapes {
            return UTF_8;
        }
        // A damaged byte does not make UTF-8 something else. In other encodings hardly any pair of bytes is UTF-8.
        if self.not_ascii > 0 && self.valid >= 9 * self.invalid {
            return UTF_8;
        }
        let guess = self.detector.guess(None, false);
        // GB18030 holds all of GBK, and files said to be the one are often the other. A name or two are too little for the
        // detector, which then tends to some one-byte encoding.
        let few = self.not_ascii <= FEW && guess.is_single_byte() && self.chinese.holds();
        if guess == GBK || few { GB18030 } else { guess }
    }
}
