//! Fingerprints: 128 bits that stand for some bytes, used to check whether a cache still belongs to its source.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::error::{DataError, Result};

/// The xxh3-128 hash of some bytes. It guards against accidents, not against attackers. Shown and serialised as 32
/// hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

impl Fingerprint {
    /// The fingerprint of bytes in memory.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// The fingerprint of a file's content, read in blocks.
    ///
    /// # Errors
    /// [`DataError::Io`] when the file cannot be read.
    pub fn of_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut file = File::open(path).map_err(DataError::io(path))?;
        let mut hasher = Hasher::new();
        let mut block = vec![0; 1 << 20];
        loop {
            match file.read(&mut block) {
                Ok(0) => return Ok(hasher.finish()),
                Ok(count) => hasher.update(&block[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(DataError::io(path)(error)),
            }
        }
    }

    /// The first 16 hexadecimal digits: enough to distinguish cache files by name.
    #[must_use]
    pub fn short(self) -> String {
        format!("{:016x}", (self.0 >> 64) as u64)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        // `from_str_radix` alone would let a sign or a shorter number through.
        if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            u128::from_str_radix(text, 16).map(Self).map_err(|error| error.to_string())
        } else {
            Err(format!("expected a fingerprint of 32 hexadecimal digits, found `{text}`"))
        }
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Computes a fingerprint of bytes that arrive piece by piece.
#[derive(Default)]
pub struct Hasher(Xxh3);

impl Hasher {
    /// A hasher that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next bytes. How they are cut into pieces makes no difference.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Takes in one field of several: its length goes first, so that ("ab", "c") and ("a", "bc") differ.
    pub fn field(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The fingerprint of all bytes so far.
    #[must_use]
    pub fn finish(&self) -> Fingerprint {
        Fingerprint(self.0.digest128())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hash_like_the_whole_and_survive_text() {
        let whole = Fingerprint::of_bytes(b"name,age");
        let mut hasher = Hasher::new();
        hasher.update(b"name");
        hasher.update(b",age");
        assert_eq!(hasher.finish(), whole);
        assert_eq!(whole.to_string().parse(), Ok(whole));
        assert_eq!(serde_json::to_string(&whole).unwrap(), format!("\"{whole}\""));
        assert!("+0000000000000000000000000000001".parse::<Fingerprint>().is_err());
    }

    #[test]
    fn a_file_hashes_like_its_bytes() {
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|i| ((i * 31) >> 3) as u8).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(Fingerprint::of_file(&path).unwrap(), Fingerprint::of_bytes(&bytes));
        assert!(matches!(Fingerprint::of_file(folder.path().join("none")), Err(DataError::Io { .. })));
    }

    #[test]
    fn fields_keep_their_borders() {
        let of = |fields: [&[u8]; 2]| {
            let mut hasher = Hasher::new();
            fields.iter().for_each(|field| hasher.field(field));
            hasher.finish()
        };
        assert_ne!(of([b"ab", b"c"]), of([b"a", b"bc"]));
    }
}
