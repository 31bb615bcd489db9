use std::path::PathBuf;

use anyhow::Result;

use super::DEFAULT_RUN;
use tabular_sense::report::write_report;
use tabular_sense::run::RunFolder;

/// Write a run's page: one HTML file that needs no network.
///
/// `train` writes it at the end by itself, as report.html in the run's folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run's folder.
    #[arg(value_name = "RUN", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// The file to write [default: RUN/report.html].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let path = write_report(&RunFolder::new(&args.run), None, args.output.as_deref())?;
    say!("{}", path.display());
    Ok(())
}
