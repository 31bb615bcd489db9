//! `inspect`: a sample file, or a run.

mod run;
mod samples;

use std::path::PathBuf;

use anyhow::Result;

use super::default_run::DEFAULT_RUN;

/// Show the sample lengths and label counts of a sample file, and how much padding its batches need; or the state of a run.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Inspect this sample file or run folder.
    #[arg(value_name = "FILE|FOLDER", default_value = DEFAULT_RUN)]
    path: PathBuf,
    /// Measure the lengths of a sample file in tokens of this tokenizer [default: in characters].
    #[arg(long, value_name = "FILE")]
    tokenizer: Option<PathBuf>,
    /// Compute how much padding a sample file needs in batches of this size.
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: u32,
}

pub(super) fn run(args: &Args) -> Result<()> {
    if args.path.is_dir() {
        return run::inspect(&args.path);
    }
    samples::inspect(&args.path, args.tokenizer.as_deref(), args.batch_size as usize)
}
