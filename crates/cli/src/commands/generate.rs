use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::data::Stop;
use drivetrain::tr;

use crate::progress::Bars;
use crate::terminal;
use tabular_sense::config::SamplesConfig;
use tabular_sense::prepare::generate_samples;
use tabular_sense_synth::{self, GeneratorConfig};

/// Write labelled sample columns, one JSON object a line.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Generate this many samples of each type; columns of no type are added in proportion.
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..))]
    per_type: u32,
    /// Draw with this seed; the same seed gives the same bytes.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Write to this file; `-` is stdout.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let config = GeneratorConfig { per_type: args.per_type as usize, seed: args.seed };
    if args.output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let written = tabular_sense_synth::generate(config, &mut out, &mut |_| Ok(())).and_then(|_| out.flush());
        return match written {
            // The reader has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        };
    }
    let samples = SamplesConfig { per_type: config.per_type, seed: config.seed };
    let written = generate_samples(samples, &args.output, &Bars::new(&Stop::new()))?;
    let output = args.output.display();
    terminal::terminal().print(&tr!(
        terminal::lang(),
        "{written} samples in {output}",
        "{output} 中有 {written} 个样本"
    ));
    Ok(())
}
