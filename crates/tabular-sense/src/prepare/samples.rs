//! Generated samples.

use std::path::{Path, PathBuf};

use drivetrain::data::{DataError, Progress, Unit, Work, write_atomically};
use drivetrain::run::RunFolder;
use tabular_sense_synth as synth;

use super::origins::{Earlier, Generated};
use crate::config::SamplesConfig;
use crate::error::Result;

/// The run's own sample file, written if it is missing or was generated with other settings.
pub(super) fn own_samples(
    generated: Generated,
    run: &RunFolder,
    earlier: &Earlier,
    progress: &dyn Progress,
) -> Result<PathBuf> {
    let path = run.file("samples.jsonl");
    if !(earlier.keeps_samples(generated) && path.exists()) {
        generate_samples(generated.1, &path, progress)?;
    }
    Ok(path)
}

/// Writes a sample file atomically.
///
/// # Errors
/// When it cannot be written.
pub fn generate_samples(config: SamplesConfig, path: &Path, progress: &dyn Progress) -> Result<u64> {
    let mixture = config.mixture();
    progress.start(Work::Named("generating samples"), mixture.total(), Unit::Samples);
    let mut on_written = |n| {
        progress.advance(n);
        if progress.is_stop_requested() { Err(std::io::Error::other("stopped")) } else { Ok(()) }
    };
    let written = write_atomically(path, |writer| synth::generate(mixture, writer, &mut on_written));
    progress.finish();
    match written {
        Err(_) if progress.is_stop_requested() => Err(DataError::Stopped.into()),
        other => Ok(other?),
    }
}
