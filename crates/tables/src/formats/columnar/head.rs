//! The header of a message in an Arrow file: what it says about the body is checked before the body is decompressed.

use std::io;

/// What a message says about its body.
pub(super) struct Head {
    /// How many rows it holds.
    pub(super) rows: u64,
    /// The length of the body, in bytes.
    pub(super) body: u64,
    /// The positions of the compressed buffers in the body.
    compressed: Vec<u64>,
}

impl Head {
    pub(super) fn parse(message: &[u8]) -> Result<Self, String> {
        let message = arrow_ipc::root_as_message(message).map_err(|error| error.to_string())?;
        let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
        let batch = message.header_as_record_batch();
        let is_compressed = |batch: &arrow_ipc::RecordBatch<'_>| batch.compression().is_some();
        let buffers = batch.or(dictionary).filter(is_compressed).and_then(|batch| batch.buffers());
        let begins = buffers.into_iter().flatten().filter(|buffer| buffer.length() > 0);
        Ok(Self {
            rows: batch.map_or(0, |batch| batch.length().max(0) as u64),
            body: message.bodyLength().max(0) as u64,
            compressed: begins.map(|buffer| buffer.offset().max(0) as u64).collect(),
        })
    }

    /// The total size of the buffers after decompression, in bytes: each begins with its decompressed size, which `size_at` reads,
    /// or with -1 if it is not compressed after all. The library that decompresses them would allocate whatever size they claim.
    pub(super) fn unpacked(&self, mut size_at: impl FnMut(u64) -> io::Result<[u8; 8]>) -> io::Result<u64> {
        self.compressed.iter().try_fold(0_u64, |sum, &begin| {
            Ok(sum.saturating_add(u64::try_from(i64::from_le_bytes(size_at(begin)?)).unwrap_or(0)))
        })
    }
}
