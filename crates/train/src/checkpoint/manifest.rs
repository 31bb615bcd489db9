use std::collections::BTreeMap;
use std::path::Path;

use drivetrain_data::{Fingerprint, read_bounded};
use serde::{Deserialize, Serialize};

use crate::Position;

/// Version of the layout of a checkpoint folder.
pub(super) const FORMAT: u32 = 2;
/// The largest manifest that is read, in bytes.
const LARGEST: u64 = 1 << 20;
pub(super) const MANIFEST: &str = "manifest.json";

/// What a checkpoint folder holds, and the hash of each file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// Where the run stood.
    pub position: Position,
    /// File name to the xxh3-128 of its content, in hexadecimal.
    pub files: BTreeMap<String, Fingerprint>,
    /// The xxh3-128 of this manifest, computed with zeros in this field.
    pub own: Fingerprint,
}

impl Manifest {
    /// The manifest of these files, for a run that stands at `position`.
    #[must_use]
    pub fn new(position: Position, files: BTreeMap<String, Fingerprint>) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let blank = Self { format: FORMAT, program, position, files, own: Fingerprint(0) };
        Self { own: Fingerprint::of_bytes(&blank.to_bytes()), ..blank }
    }

    /// The file's content. There is only one way to write a manifest, so that any changed byte shows.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Numbers, strings and a map with strings for keys can always be written as JSON.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads and verifies the manifest in `folder`.
    ///
    /// # Errors
    /// Says what is wrong.
    pub(super) fn read(folder: &Path) -> Result<Self, String> {
        let bytes = read_bounded(folder.join(MANIFEST), LARGEST).map_err(|error| format!("{MANIFEST}: {error}"))?;
        let manifest: Self =
            serde_json::from_slice(&bytes).map_err(|error| format!("{MANIFEST} is damaged: {error}"))?;
        if manifest.format != FORMAT {
            return Err(format!("its format is {}, this program reads format {FORMAT}", manifest.format));
        }
        let blank = Self { own: Fingerprint(0), ..manifest.clone() };
        if manifest.own != Fingerprint::of_bytes(&blank.to_bytes()) || manifest.to_bytes() != bytes {
            return Err(format!("{MANIFEST} is damaged: its content does not have the hash that it names"));
        }
        Ok(manifest)
    }
}
