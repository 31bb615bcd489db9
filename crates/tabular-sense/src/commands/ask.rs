use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::train::Lang;

use crate::model::{Classifier, choose};
use crate::sample::parse_query;
use crate::voice::voice;

/// Type `nl|27<sep>31<sep>8` and see the five likeliest types.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The exported model [default: the one that comes with the program].
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let classifier = Classifier::open(args.model.as_deref())?;
    let thresholds = classifier.thresholds();
    let stdin = std::io::stdin();
    let interactive = stdin.is_terminal();
    if interactive {
        let help = "column name|value<sep>value…   an empty line or Ctrl-D ends";
        let zh = "列名|值<sep>值…   空行或 Ctrl-D 结束";
        voice().say(if voice().lang == Lang::Zh { zh } else { help });
    }
    let mut out = std::io::stdout().lock();
    let mut line = Vec::new();
    loop {
        if interactive {
            eprint!("> ");
        }
        line.clear();
        if stdin.lock().read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            if interactive { return Ok(()) } else { continue }
        }
        let probabilities = classifier.probabilities(&[parse_query(text).input_text()]);
        for (label, probability) in probabilities.iter().flat_map(|row| choose(row, None, Some(5))) {
            let mark = if f64::from(probability) >= thresholds[label.index()] { '●' } else { ' ' };
            let bar = "█".repeat((probability * 20.0).round() as usize);
            writeln!(out, "  {mark} {:<12} {probability:.4} {bar}", label.code())?;
        }
        out.flush()?;
    }
}
