//! The bytes of a file as text.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::encoding::Mender;

/// How many bytes are read at a time.
const CHUNK: usize = 64 << 10;
/// How many bytes of a line are decoded together at most.
const LINE: usize = 1 << 20;

/// The bytes of a file as UTF-8 text, piece by piece, without the byte-order mark and without NUL characters.
pub(super) struct Text<R> {
    input: R,
    decoding: Decoding,
    chunk: Vec<u8>,
    begin: usize,
    end: usize,
    ended: bool,
    started: bool,
    replaced: u64,
    nul: u64,
}

/// How bytes become text.
enum Decoding {
    /// UTF-8 is text already; lines that are not valid are mended. `begun` is a line whose end has not been read yet.
    Utf8 {
        begun: Vec<u8>,
        mender: Box<Mender>,
    },
    Other(Box<Decoder>),
}

impl<'a> Text<&'a [u8]> {
    /// A text that is in memory already.
    pub(super) fn of(text: &'a str) -> Self {
        Self::with_chunk(text.as_bytes(), UTF_8, text.len().clamp(1, CHUNK))
    }
}

impl Text<io::Empty> {
    /// No text.
    pub(super) fn empty() -> Self {
        Self::with_chunk(io::empty(), UTF_8, 1)
    }
}

impl<R: Read> Text<R> {
    pub(super) fn new(input: R, encoding: &'static Encoding) -> Self {
        Self::with_chunk(input, encoding, CHUNK)
    }

    fn with_chunk(input: R, encoding: &'static Encoding, chunk: usize) -> Self {
        let decoding = if encoding == UTF_8 {
            Decoding::Utf8 { begun: Vec::new(), mender: Box::default() }
        } else {
            Decoding::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        };
        Self {
            input,
            decoding,
            chunk: vec![0; chunk],
            begin: 0,
            end: 0,
            ended: false,
            started: false,
            replaced: 0,
            nul: 0,
        }
    }

    /// How many malformed pieces were replaced so far.
    pub(super) fn replaced(&self) -> u64 {
        match &self.decoding {
            Decoding::Utf8 { mender, .. } => mender.replaced(),
            Decoding::Other(_) => self.replaced,
        }
    }

    /// How many NUL characters were removed so far.
    pub(super) fn nul(&self) -> u64 {
        self.nul
    }

    /// How many lines of a UTF-8 file were read in other encodings so far, by encoding.
    pub(super) fn mended(&self) -> &[(&'static Encoding, u64)] {
        match &self.decoding {
            Decoding::Utf8 { mender, .. } => mender.lines(),
            Decoding::Other(_) => &[],
        }
    }

    /// Appends the next piece of text to `out`. Returns false if there is none.
    pub(super) fn read_to(&mut self, out: &mut String) -> io::Result<bool> {
        let before = out.len();
        while out.len() == before {
            if self.begin == self.end {
                if self.ended {
                    return Ok(false);
                }
                self.begin = 0;
                self.end = match self.input.read(&mut self.chunk) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                    length => {
                        let length = length?;
                        self.ended = length == 0;
                        length
                    }
                };
            }
            self.decode_to(out);
            if !self.started && out.len() > before {
                self.started = true;
                if out[before..].starts_with('\u{FEFF}') {
                    out.replace_range(before..before + '\u{FEFF}'.len_utf8(), "");
                }
            }
            self.leave_out_zeros(out, before);
        }
        Ok(true)
    }

    /// Removes NUL characters: they are padding of fixed-size fields, or damage, and mean nothing in a text.
    fn leave_out_zeros(&mut self, out: &mut String, before: usize) {
        if out.as_bytes()[before..].contains(&0) {
            let kept: String = out[before..].chars().filter(|char| *char != '\0').collect();
            self.nul += (out.len() - before - kept.len()) as u64;
            out.truncate(before);
            out.push_str(&kept);
        }
    }

    fn decode_to(&mut self, out: &mut String) {
        let bytes = &self.chunk[self.begin..self.end];
        match &mut self.decoding {
            Decoding::Utf8 { begun, mender } => {
                self.begin = self.end;
                push_utf_8(bytes, self.ended, begun, mender, out);
            }
            Decoding::Other(decoder) => {
                let (read, replaced) = push_decoded(bytes, self.ended, decoder, out);
                self.begin += read;
                self.replaced += replaced;
            }
        }
    }
}

/// Appends the whole lines of `begun` and `bytes` to `out`, and keeps the rest in `begun`.
fn push_utf_8(bytes: &[u8], ended: bool, begun: &mut Vec<u8>, mender: &mut Mender, out: &mut String) {
    if begun.is_empty()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        out.push_str(text);
        return;
    }
    begun.extend_from_slice(bytes);
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = begun.iter().rposition(is_end).map_or(0, |at| at + 1);
    let end = match () {
        () if ended => begun.len(),
        () if end == 0 && begun.len() > LINE => whole_characters(begun),
        () => end,
    };
    match std::str::from_utf8(&begun[..end]) {
        Ok(text) => out.push_str(text),
        Err(_) => {
            for line in begun[..end].split_inclusive(is_end) {
                match std::str::from_utf8(line) {
                    Ok(text) => out.push_str(text),
                    Err(_) => mender.mend(line, out),
                }
            }
        }
    }
    begun.drain(..end);
}

/// How many bytes of a UTF-8 text are left without an incomplete last character.
fn whole_characters(text: &[u8]) -> usize {
    let tail = text.iter().rev().take(3).take_while(|byte| matches!(byte, 0x80..0xC0)).count();
    let Some(lead_at) = text.len().checked_sub(tail + 1) else { return text.len() };
    let needs = match text[lead_at] {
        0xC2..0xE0 => 1,
        0xE0..0xF0 => 2,
        0xF0..0xF5 => 3,
        _ => 0,
    };
    if needs > tail { lead_at } else { text.len() }
}

/// Decodes `bytes` and appends the text to `out`. Returns how many of the bytes were read, and how many malformed
/// pieces there were.
fn push_decoded(bytes: &[u8], ended: bool, decoder: &mut Decoder, out: &mut String) -> (usize, u64) {
    let (mut from, mut replaced) = (0, 0);
    loop {
        out.reserve(2 * CHUNK);
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[from..], out, ended);
        from += read;
        match result {
            DecoderResult::InputEmpty => return (from, replaced),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                replaced += 1;
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}
