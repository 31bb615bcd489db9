//! The file of a token store: how it is laid out, written and checked.
//!
//! ```text
//! header   12 words: magic, version, key (2), samples, ids, cut samples, cut ids, notes' bytes, body hash (2), own hash
//! ids      u32 each: the input ids, then the target ids of sample 0, of sample 1, …; padded to whole words
//! table    4 words a sample: first id, input length | target length << 32, line number, line offset
//! notes    JSON: the skipped lines
//! ```
//!
//! A word is 8 bytes in the machine's native byte order (little-endian on nearly all machines). On a machine with the other byte
//! order, the magic number does not match, and the store is rebuilt.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::{DataError, Result};
use crate::files::AtomicFile;
use crate::files::{Fingerprint, Hasher};
use crate::left_out::{SkippedLines, Truncation};
use crate::sample::EncodedSample;

const MAGIC: u64 = u64::from_be_bytes(*b"DTTOKENS");
const VERSION: u64 = 1;
const HEADER: usize = 12 * 8;
const ENTRY: usize = 4;

/// A mapped and checked store.
pub(crate) struct StoreFile {
    map: Mmap,
    samples: usize,
    ids: usize,
    pub(crate) truncated: Truncation,
    pub(crate) skipped: SkippedLines,
}

/// The entry of one sample in the table.
#[derive(Clone, Copy, Default)]
pub(crate) struct Entry {
    start: u64,
    lengths: u64,
    pub(crate) line: u64,
    pub(crate) offset: u64,
}

impl Entry {
    pub(crate) fn input_len(self) -> u32 {
        self.lengths as u32
    }

    pub(crate) fn target_len(self) -> u32 {
        (self.lengths >> 32) as u32
    }
}

impl StoreFile {
    /// The store in `file`; `None` if it is damaged or was not written for `key`.
    pub(crate) fn map(file: &File, key: Fingerprint) -> Option<Self> {
        // SAFETY: a map is sound as long as nobody changes the file's bytes under it. Stores are never written in
        // place: a new one is renamed over the old, whose bytes live on for as long as they are mapped.
        let map = unsafe { Mmap::map(file) }.ok()?;
        let (header, body) = map.split_at_checked(HEADER)?;
        let words: &[u64] = bytemuck::try_cast_slice(header).ok()?;
        let &[magic, version, key_high, key_low, samples, ids, cut_samples, cut_ids, notes, hash_high, hash_low, own] =
            words
        else {
            return None;
        };
        let whole = magic == MAGIC
            && version == VERSION
            && own == xxh3_64(&header[..HEADER - 8])
            && join(key_high, key_low) == key
            && join(hash_high, hash_low) == Fingerprint::of_bytes(body);
        if !whole {
            return None;
        }
        let (samples, ids) = (usize::try_from(samples).ok()?, usize::try_from(ids).ok()?);
        let table_end = table_start(ids)?.checked_add(samples.checked_mul(ENTRY * 8)?)?;
        let notes_bytes = map.get(table_end..).filter(|rest| rest.len() as u64 == notes)?;
        let skipped = serde_json::from_slice(notes_bytes).ok()?;
        let truncated = Truncation { samples: cut_samples, ids: cut_ids };
        let store = Self { samples, ids, truncated, skipped, map };
        // Every range is checked once here, so no later access can be out of bounds.
        (0..samples).all(|i| store.range(store.entry(i)).is_some()).then_some(store)
    }

    pub(crate) fn samples(&self) -> usize {
        self.samples
    }

    /// The table's row of sample `i`; all zeros beyond the last.
    pub(crate) fn entry(&self, i: usize) -> Entry {
        let read = || {
            let start = table_start(self.ids)?.checked_add(i.checked_mul(ENTRY * 8)?)?;
            let words: &[u64] = bytemuck::try_cast_slice(self.map.get(start..start + ENTRY * 8)?).ok()?;
            let &[start, lengths, line, offset] = words else { return None };
            Some(Entry { start, lengths, line, offset })
        };
        if i < self.samples { read().unwrap_or_default() } else { Entry::default() }
    }

    /// The input ids and the target ids of a sample.
    pub(crate) fn ids(&self, entry: Entry) -> (&[u32], &[u32]) {
        self.range(entry).unwrap_or_default()
    }

    fn range(&self, entry: Entry) -> Option<(&[u32], &[u32])> {
        let ids: &[u32] = bytemuck::try_cast_slice(self.map.get(HEADER..HEADER + self.ids * 4)?).ok()?;
        let from_start = ids.get(usize::try_from(entry.start).ok()?..)?;
        let (input, rest) = from_start.split_at_checked(entry.input_len() as usize)?;
        Some((input, rest.get(..entry.target_len() as usize)?))
    }
}

/// Where the table begins: after the ids, at a whole word.
fn table_start(ids: usize) -> Option<usize> {
    ids.checked_mul(4)?.checked_next_multiple_of(8)?.checked_add(HEADER)
}

fn join(high: u64, low: u64) -> Fingerprint {
    Fingerprint(u128::from(high) << 64 | u128::from(low))
}

fn split(Fingerprint(hash): Fingerprint) -> [u64; 2] {
    [(hash >> 64) as u64, hash as u64]
}

/// A store that is being written. Samples go straight to disk, so memory use does not grow with their number.
pub(crate) struct StoreWriter {
    path: PathBuf,
    key: Fingerprint,
    target: Target,
    /// The table, until the ids before it are complete.
    table: BufWriter<File>,
    hasher: Hasher,
    samples: u64,
    ids: u64,
    truncated: Truncation,
}

/// A file beside the samples or, if their folder is not writable, an unnamed one that disappears with the process.
enum Target {
    Beside(Box<AtomicFile>),
    Unnamed(BufWriter<File>),
}

impl Target {
    fn writer(&mut self) -> &mut BufWriter<File> {
        match self {
            Self::Beside(file) => file.writer(),
            Self::Unnamed(writer) => writer,
        }
    }
}

impl StoreWriter {
    pub(crate) fn create(path: &Path, key: Fingerprint) -> Result<Self> {
        let unnamed = || tempfile::tempfile().map_err(DataError::io(std::env::temp_dir()));
        let mut target = match AtomicFile::create(path) {
            Ok(file) => Target::Beside(Box::new(file)),
            Err(_) => Target::Unnamed(BufWriter::new(unnamed()?)),
        };
        // A placeholder: the values of the header are known only at the end.
        target.writer().write_all(&[0; HEADER]).map_err(DataError::io(path))?;
        Ok(Self {
            path: path.to_path_buf(),
            key,
            target,
            table: BufWriter::new(unnamed()?),
            hasher: Hasher::new(),
            samples: 0,
            ids: 0,
            truncated: Truncation::default(),
        })
    }

    /// Appends one sample. `None` for a sample of 2^32 ids or more.
    pub(crate) fn push(&mut self, encoded: &EncodedSample, line: u64, offset: u64) -> Option<Result<()>> {
        let (input, target) = (&encoded.sample.input, &encoded.sample.target);
        let lengths = u64::from(u32::try_from(input.len()).ok()?) | u64::from(u32::try_from(target.len()).ok()?) << 32;
        let entry = [self.ids, lengths, line, offset];
        self.ids += (input.len() + target.len()) as u64;
        self.samples += 1;
        self.truncated.samples += u64::from(encoded.cut > 0);
        self.truncated.ids += encoded.cut as u64;
        let mut write = || {
            for bytes in [bytemuck::cast_slice(input), bytemuck::cast_slice(target)] {
                self.hasher.update(bytes);
                self.target.writer().write_all(bytes)?;
            }
            self.table.write_all(bytemuck::cast_slice(&entry))
        };
        Some(write().map_err(DataError::io(&self.path)))
    }

    /// Completes the file, moves it to its destination and maps it.
    pub(crate) fn finish(mut self, skipped: &SkippedLines) -> Result<StoreFile> {
        let path = std::mem::take(&mut self.path);
        self.write_rest(skipped).map_err(DataError::io(&path))?;
        let file = match self.target {
            Target::Beside(file) => {
                file.commit()?;
                File::open(&path).map_err(DataError::io(&path))?
            }
            Target::Unnamed(writer) => writer.into_inner().map_err(|error| DataError::io(&path)(error.into_error()))?,
        };
        StoreFile::map(&file, self.key).ok_or_else(|| DataError::FileChanged {
            path,
            problem: "the token store just written cannot be read back".into(),
        })
    }

    fn write_rest(&mut self, skipped: &SkippedLines) -> io::Result<()> {
        let Self { target, hasher, .. } = self;
        let mut put = |bytes: &[u8]| {
            hasher.update(bytes);
            target.writer().write_all(bytes)
        };
        if self.ids % 2 == 1 {
            put(&[0; 4])?;
        }
        self.table.flush()?;
        let table = self.table.get_mut();
        table.seek(SeekFrom::Start(0))?;
        let mut block = vec![0; 1 << 16];
        loop {
            match table.read(&mut block) {
                Ok(0) => break,
                Ok(count) => put(&block[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let notes = serde_json::to_vec(skipped)?;
        put(&notes)?;
        let [key_high, key_low] = split(self.key);
        let [hash_high, hash_low] = split(self.hasher.finish());
        let Truncation { samples: cut_samples, ids: cut_ids } = self.truncated;
        let notes = notes.len() as u64;
        let mut words = [
            MAGIC,
            VERSION,
            key_high,
            key_low,
            self.samples,
            self.ids,
            cut_samples,
            cut_ids,
            notes,
            hash_high,
            hash_low,
            0,
        ];
        words[11] = xxh3_64(&bytemuck::cast_slice(&words)[..HEADER - 8]);
        let writer = self.target.writer();
        writer.seek(SeekFrom::Start(0))?;
        writer.write_all(bytemuck::cast_slice(&words))?;
        writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::TokenizedSample;

    #[test]
    fn a_store_that_cannot_stand_beside_its_samples_works_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let nowhere = folder.path().join("missing").join("samples.tokens");
        let key = Fingerprint::of_bytes(b"key");
        let mut writer = StoreWriter::create(&nowhere, key).unwrap();
        let sample = TokenizedSample { input: vec![7, 8], target: vec![1] };
        writer.push(&EncodedSample { sample, cut: 3 }, 5, 90).unwrap().unwrap();
        let store = writer.finish(&SkippedLines::default()).unwrap();
        let entry = store.entry(0);
        assert_eq!(store.ids(entry), (&[7, 8][..], &[1][..]));
        assert_eq!((store.samples(), entry.line, entry.offset, store.truncated.ids), (1, 5, 90, 3));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
