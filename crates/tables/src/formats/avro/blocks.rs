//! The blocks of an Avro file, decompressed.

use std::io::{self, Read};

use super::values::long;
use crate::codec::Codec;

/// The largest block, compressed or decompressed, in bytes.
const MAX_BLOCK: u64 = 256 << 20;
/// The largest header.
const MAX_HEADER: usize = 16 << 20;

/// Reads a file block by block.
pub(super) struct Blocks<R> {
    input: R,
    schema: String,
    codec: String,
    marker: [u8; 16],
}

impl<R: Read> Blocks<R> {
    /// Reads the header.
    pub(super) fn open(input: R) -> Result<Self, String> {
        let mut blocks = Self { input, schema: String::new(), codec: "null".into(), marker: [0; 16] };
        blocks.bytes(4)?;
        loop {
            let mut count = blocks.long()?;
            if count == 0 {
                break;
            }
            if count < 0 {
                blocks.long()?;
                count = count.saturating_neg();
            }
            for _ in 0..count {
                let length = blocks.long()?;
                let key = blocks.bytes(length)?;
                let length = blocks.long()?;
                let value = String::from_utf8_lossy(&blocks.bytes(length)?).into_owned();
                match key.as_slice() {
                    b"avro.schema" => blocks.schema = value,
                    b"avro.codec" => blocks.codec = value,
                    _ => {}
                }
            }
        }
        let marker = blocks.bytes(16)?;
        blocks.marker.copy_from_slice(&marker);
        Ok(blocks)
    }

    /// The schema, in JSON.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// The next block: how many records it holds, and their bytes.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Vec<u8>)>, String> {
        let mut first = [0];
        match self.input.read(&mut first) {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
        let count = self.long_from(first[0])?;
        let length = self.long()?;
        if length as u64 > MAX_BLOCK {
            return Err(format!("it says that it is {length} bytes long"));
        }
        let packed = self.sized(length as usize)?;
        if self.bytes(16)? != self.marker {
            return Err("it does not end as the header says that blocks do".into());
        }
        let bytes = self.unpack(packed)?;
        Ok(Some((u64::try_from(count).unwrap_or(0), bytes)))
    }

    fn unpack(&self, packed: Vec<u8>) -> Result<Vec<u8>, String> {
        let codec = match self.codec.as_str() {
            "null" => return Ok(packed),
            "deflate" => Codec::Deflate,
            #[cfg(feature = "compression")]
            "zstandard" => Codec::Zstd,
            #[cfg(feature = "compression")]
            "bzip2" => Codec::Bzip2,
            #[cfg(feature = "compression")]
            "xz" => Codec::Xz,
            #[cfg(feature = "compression")]
            "snappy" => return snappy(&packed),
            other => return Err(format!("its compression `{other}` is not supported")),
        };
        let mut bytes = Vec::new();
        let unpacked = codec
            .unpack(Box::new(packed.as_slice()))
            .and_then(|reader| reader.take(MAX_BLOCK + 1).read_to_end(&mut bytes));
        unpacked.map_err(|error| error.to_string())?;
        if bytes.len() as u64 > MAX_BLOCK { Err("it unpacks to more than 256 MiB".into()) } else { Ok(bytes) }
    }

    fn long(&mut self) -> Result<i64, String> {
        let first = self.sized(1)?[0];
        self.long_from(first)
    }

    /// A number whose first byte has been read.
    fn long_from(&mut self, first: u8) -> Result<i64, String> {
        let mut bytes = vec![first];
        while bytes.last().is_some_and(|byte| byte & 0x80 != 0) && bytes.len() < 10 {
            bytes.extend(self.sized(1)?);
        }
        long(&mut bytes.as_slice())
    }

    fn bytes(&mut self, length: i64) -> Result<Vec<u8>, String> {
        match usize::try_from(length) {
            Ok(length) if length <= MAX_HEADER => self.sized(length),
            _ => Err(format!("it says that a part of it is {length} bytes long")),
        }
    }

    fn sized(&mut self, length: usize) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = self.input.by_ref().take(length as u64).read_to_end(&mut bytes);
        match read.map_err(|error: io::Error| error.to_string())? {
            read if read == length => Ok(bytes),
            _ => Err("the file ends before it does".into()),
        }
    }
}

/// Decompresses a Snappy block, which is followed by a four-byte checksum.
#[cfg(feature = "compression")]
fn snappy(packed: &[u8]) -> Result<Vec<u8>, String> {
    let data = &packed[..packed.len().saturating_sub(4)];
    let length = snap::raw::decompress_len(data).map_err(|error| error.to_string())?;
    if length as u64 > MAX_BLOCK {
        return Err("it unpacks to more than 256 MiB".into());
    }
    snap::raw::Decoder::new().decompress_vec(data).map_err(|error| error.to_string())
}
