//! How files are compressed.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder};

/// How many bytes are needed to recognise the compression of a file.
pub(super) const START: usize = 10;
/// How much memory decompression may use, in KiB, whatever the file requests.
#[cfg(feature = "compression")]
const MEMORY_KIB: u32 = 256 << 10;
/// The same limit for zstd, as the base-2 logarithm of the window size in bytes.
#[cfg(feature = "compression")]
const ZSTD_WINDOW: u32 = 28;

/// A compression format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    Gzip,
    /// Raw Deflate data, as in members of zip archives; it has no magic number by which it could be recognised.
    Deflate,
    #[cfg(feature = "compression")]
    Zstd,
    #[cfg(feature = "compression")]
    Bzip2,
    #[cfg(feature = "compression")]
    Xz,
}

/// Recognises the compression of a file by its first bytes.
pub(super) fn recognise(start: &[u8]) -> Option<Codec> {
    match start {
        [0x1F, 0x8B, 0x08, ..] => Some(Codec::Gzip),
        #[cfg(feature = "compression")]
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Codec::Zstd),
        #[cfg(feature = "compression")]
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59] => Some(Codec::Bzip2),
        #[cfg(feature = "compression")]
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Codec::Xz),
        _ => None,
    }
}

impl Codec {
    /// What it is called in messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip-compressed data",
            Self::Deflate => "a zip archive",
            #[cfg(feature = "compression")]
            Self::Zstd => "zstd-compressed data",
            #[cfg(feature = "compression")]
            Self::Bzip2 => "bzip2-compressed data",
            #[cfg(feature = "compression")]
            Self::Xz => "xz-compressed data",
        }
    }

    /// Decompresses `packed`.
    pub(super) fn unpack<'a>(self, packed: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Deflate => Box::new(DeflateDecoder::new(packed)),
            #[cfg(feature = "compression")]
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(packed)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
            #[cfg(feature = "compression")]
            Self::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(packed)),
            #[cfg(feature = "compression")]
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, MEMORY_KIB)),
        })
    }
}
