use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use drivetrain::data::{Stop, write_atomically};
use drivetrain::tr;

use tabular_sense::columns::LabelledColumn;
use tabular_sense::config::SamplesConfig;
use tabular_sense::held_out::held_out_columns;
use tabular_sense::labels::Labels;
use tabular_sense::prepare::generate_samples;

use crate::progress::Bars;
use crate::terminal;

/// Write labelled sample columns, one JSON object per line.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Generate this many columns of each type, plus one column without a type for every five columns with a type.
    #[arg(long, value_name = "N", default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..))]
    per_type: u32,
    /// Use this random seed; the same seed gives the same output.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Add this many variants of each training column of the built-in labelled tables; each variant holds a different random
    /// sample of the column's values.
    #[arg(long, value_name = "N", default_value_t = 0)]
    written: u32,
    /// Write the columns of the built-in labelled tables that are held out from training, instead of generated columns:
    /// `evaluate --columns` reads them.
    #[arg(long, conflicts_with_all = ["per_type", "seed", "written"])]
    held_out: bool,
    /// Write to this file; `-` is stdout.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<()> {
    if args.held_out {
        return write_held_out(&args.output);
    }
    let samples = SamplesConfig { per_type: args.per_type as usize, seed: args.seed, written: args.written as usize };
    if args.output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let written =
            tabular_sense_synth::generate(samples.mixture(), &mut out, &mut |_| Ok(())).and_then(|_| out.flush());
        return match written {
            // The reader has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        };
    }
    let written = generate_samples(samples, &args.output, &Bars::new(&Stop::new()))?;
    let output = args.output.display();
    terminal::terminal().print(&tr!(
        terminal::lang(),
        "{written} samples in {output}",
        "{output} 中有 {written} 个样本"
    ));
    Ok(())
}

/// Writes the labelled columns of the held-out tables, in the format that `evaluate --columns` reads.
fn write_held_out(output: &Path) -> Result<()> {
    let known = Labels::built_in();
    let line = |LabelledColumn { id, name, values, labels, ambiguous, lang, source, .. }: LabelledColumn| {
        let labels: Vec<&str> = labels.iter().map(|label| known.name(label)).collect();
        let line = serde_json::json!({
            "id": id,
            "name": name,
            "values": values,
            "labels": labels,
            "lang": lang,
            "ambiguous": ambiguous,
            "source": source,
        });
        format!("{line}\n")
    };
    let lines: String = held_out_columns().into_iter().map(line).collect();
    if output.as_os_str() == "-" {
        return match std::io::stdout().lock().write_all(lines.as_bytes()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        };
    }
    Ok(write_atomically(output, |writer| writer.write_all(lines.as_bytes()))?)
}
