//! Converts UTF-32, which `encoding_rs` does not support, to UTF-8.

use std::io::{self, Read};

/// The byte order given by a byte-order mark at the start of a file, with the encoding's name.
pub(super) fn order(start: &[u8]) -> Option<(Order, &'static str)> {
    match start {
        [0xFF, 0xFE, 0, 0, ..] => Some((Order::Little, "UTF-32LE")),
        [0, 0, 0xFE, 0xFF, ..] => Some((Order::Big, "UTF-32BE")),
        _ => None,
    }
}

/// The order of the four bytes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Reads UTF-32 and yields UTF-8. Whatever is not a valid character becomes U+FFFD.
pub(super) struct Utf32<R> {
    input: R,
    order: Order,
    /// UTF-8 that was not yet taken.
    ready: Vec<u8>,
    taken: usize,
}

impl<R: Read> Utf32<R> {
    pub(super) fn new(input: R, order: Order) -> Self {
        Self { input, order, ready: Vec::new(), taken: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut chunk = Vec::with_capacity(16 << 10);
        self.input.by_ref().take(16 << 10).read_to_end(&mut chunk)?;
        self.ready.clear();
        self.taken = 0;
        let mut encoded = [0; 4];
        for unit in chunk.chunks(4) {
            let code = <[u8; 4]>::try_from(unit).ok().map(|bytes| match self.order {
                Order::Little => u32::from_le_bytes(bytes),
                Order::Big => u32::from_be_bytes(bytes),
            });
            let c = code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            self.ready.extend_from_slice(c.encode_utf8(&mut encoded).as_bytes());
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf32<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.refill()?;
        }
        let length = (&self.ready[self.taken..]).read(buffer)?;
        self.taken += length;
        Ok(length)
    }
}
