use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::data::{Progress, Unit, write_atomically};
use drivetrain::train::TerminalProgress;

use crate::generate::{self, GeneratorConfig};

/// Write labelled sample columns, one JSON object a line.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Samples of each of the 32 types; columns of none of them are added in proportion.
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..))]
    per_type: u32,
    /// The same seed gives the same bytes.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The file to write; `-` is stdout.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let config = GeneratorConfig { per_type: args.per_type as usize, seed: args.seed };
    let progress = TerminalProgress::default();
    if args.output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let written = generate::generate(config, &mut out, &mut |_| {}).and_then(|_| out.flush());
        return match written {
            // The reader has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        };
    }
    progress.start("generating samples", config.total(), Unit::Samples);
    let written =
        write_atomically(&args.output, |writer| generate::generate(config, writer, &mut |n| progress.advance(n)));
    progress.finish();
    eprintln!("{} samples in {}", written?, args.output.display());
    Ok(())
}
