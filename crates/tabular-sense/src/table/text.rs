//! The bytes of a file as text.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// How many bytes are read at a time.
const CHUNK: usize = 64 << 10;

/// The bytes of a file as UTF-8 text, piece by piece, without the byte-order mark.
pub(super) struct Text<R> {
    input: R,
    decoder: Decoder,
    chunk: Vec<u8>,
    begin: usize,
    end: usize,
    ended: bool,
    started: bool,
    replaced: u64,
}

impl<R: Read> Text<R> {
    pub(super) fn new(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            chunk: vec![0; CHUNK],
            begin: 0,
            end: 0,
            ended: false,
            started: false,
            replaced: 0,
        }
    }

    /// How many malformed pieces were replaced so far.
    pub(super) fn replaced(&self) -> u64 {
        self.replaced
    }

    /// Appends the next piece of text to `out`. False when there is none.
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
        }
        Ok(true)
    }

    fn decode_to(&mut self, out: &mut String) {
        loop {
            out.reserve(2 * CHUNK);
            let bytes = &self.chunk[self.begin..self.end];
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, out, self.ended);
            self.begin += read;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.replaced += 1;
                    out.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }
}
