//! The files of one checkpoint folder.

use std::path::Path;

use drivetrain_data::Fingerprint;

use super::manifest::Manifest;
use super::{Checkpoint, CheckpointMeta};
use crate::weights::safetensors_from;
use crate::{Result, TrainError};

pub(super) const MODEL: &str = "model.safetensors";
pub(super) const OPTIMIZER: &str = "optimizer.safetensors";
pub(super) const AVERAGE: &str = "average.safetensors";
pub(super) const STATE: &str = "state.json";

/// Whether the checkpoint in `place` is the one with this manifest, and is undamaged.
pub(super) fn is_same(place: &Path, manifest: &Manifest) -> bool {
    Manifest::read(place).is_ok_and(|there| there == *manifest) && is_whole(place)
}

/// Whether all files in `place` have the hashes that its manifest lists.
pub(super) fn is_whole(place: &Path) -> bool {
    let is_intact = |(name, hash): (&String, &Fingerprint)| {
        Fingerprint::of_file(place.join(name)).is_ok_and(|found| found == *hash)
    };
    Manifest::read(place).is_ok_and(|manifest| manifest.files.iter().all(is_intact))
}

/// The files of one checkpoint folder, each verified when it is read.
pub(super) struct Files<'a> {
    path: &'a Path,
    manifest: Manifest,
}

impl<'a> Files<'a> {
    pub(super) fn of(path: &'a Path) -> Result<Self> {
        let manifest = Manifest::read(path).map_err(|problem| TrainError::Checkpoint { path: path.into(), problem })?;
        Ok(Self { path, manifest })
    }

    fn unusable(&self, problem: String) -> TrainError {
        TrainError::Checkpoint { path: self.path.into(), problem }
    }

    fn read(&self, name: &str) -> Result<Vec<u8>> {
        let listed = self.manifest.files.get(name);
        let expected = listed.ok_or_else(|| self.unusable(format!("its manifest does not list {name}")))?;
        let bytes = std::fs::read(self.path.join(name)).map_err(|error| self.unusable(format!("{name}: {error}")))?;
        let found = Fingerprint::of_bytes(&bytes);
        if found != *expected {
            return Err(self.unusable(format!("{name} is damaged (hash {found}, its manifest lists {expected})")));
        }
        Ok(bytes)
    }

    pub(super) fn meta(&self) -> Result<CheckpointMeta> {
        let meta: CheckpointMeta = serde_json::from_slice(&self.read(STATE)?)
            .map_err(|error| self.unusable(format!("{STATE} cannot be read: {error}")))?;
        Ok(CheckpointMeta { state: meta.state.mended(), ..meta })
    }
}

/// Reads and verifies one checkpoint folder.
pub(super) fn load(path: &Path) -> Result<Checkpoint> {
    let files = Files::of(path)?;
    let meta = files.meta()?;
    let average = match meta.average_count {
        0 => None,
        _ => Some(safetensors_from(&path.join(AVERAGE), &files.read(AVERAGE)?)?),
    };
    Ok(Checkpoint {
        model: safetensors_from(&path.join(MODEL), &files.read(MODEL)?)?,
        optimizer: safetensors_from(&path.join(OPTIMIZER), &files.read(OPTIMIZER)?)?,
        average,
        meta,
    })
}
