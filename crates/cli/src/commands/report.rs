use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::data::write_atomically;
use tabular_sense::error::RunError;
use tabular_sense::report::gather;
use tabular_sense::run::RunFolder;

use super::default_run::DEFAULT_RUN;
use crate::page::page;
use crate::terminal::lang;

/// Write the report of a run: one HTML file that works offline.
///
/// `train` writes this report automatically at the end, as report.html in the run's folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Report on the run in this folder.
    #[arg(value_name = "RUN", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// Write to this file [default: RUN/report.html].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let run = RunFolder::new(&args.run);
    let html = page(gather(&run)?, lang());
    let path = args.output.clone().unwrap_or_else(|| run.file("report.html"));
    write_atomically(&path, |writer| writer.write_all(html.as_bytes()))
        .map_err(|source| RunError::Write { path: path.clone(), source })
        .map_err(tabular_sense::Error::from)?;
    say!("{}", path.display());
    Ok(())
}
