use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::terminal::Lang;
use drivetrain::tr;

use crate::terminal::{self, terminal};
use tabular_sense::evidence::Finding;
use tabular_sense::model::{Classifier, choose};
use tabular_sense_synth::sample::{parse_query, split_at_commas};

/// Print the five most likely types of a column that you enter in the form `nl|27<sep>31<sep>8`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Ask about these columns, each written as `name|value<sep>value…` [default: read from standard input, one per line].
    #[arg(value_name = "COLUMN")]
    columns: Vec<String>,
    /// Use the exported model in this folder [default: the built-in model].
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let classifier = Classifier::open(args.model.as_deref())?;
    let mut out = std::io::stdout().lock();
    if !args.columns.is_empty() {
        return args.columns.iter().try_for_each(|column| answer(&classifier, column.trim(), &mut out));
    }
    let stdin = std::io::stdin();
    let interactive = stdin.is_terminal();
    if interactive {
        let help = "column name|value<sep>value…   an empty line or Ctrl-D ends";
        let zh = "列名|值<sep>值…   空行或 Ctrl-D 结束";
        terminal().print(if terminal().lang == Lang::Zh { zh } else { help });
    }
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
        answer(&classifier, text, &mut out)?;
    }
}

/// Prints the most likely types of a column, and the types that were withheld from the answer.
fn answer(classifier: &Classifier, text: &str, out: &mut impl Write) -> Result<()> {
    let lang = terminal::lang();
    let mut column = parse_query(text);
    if let Some(values) = split_at_commas(&column.values) {
        let count = values.len();
        terminal().print(&tr!(
            lang,
            "note: read as {count} values at the commas; put <sep> between values that hold commas",
            "注意：按逗号读作 {count} 个值；值内含逗号时请用 <sep> 分隔"
        ));
        column.values = values;
    }
    for answer in classifier.answers(&[(&column.name, &column.values)], &classifier.predict) {
        let (thresholds, labels) = (&answer.thresholds, classifier.labels());
        for (label, probability) in choose(&answer.probabilities, None, Some(5)) {
            let mark = if f64::from(probability) >= thresholds[label] { '●' } else { ' ' };
            let bar = "█".repeat((probability * 20.0).round() as usize);
            writeln!(out, "  {mark} {:<12} {probability:.4} {bar}", labels.name(label))?;
        }
        if answer.from_name_only {
            writeln!(out, "  {}", tr!(lang, "from the name alone: there is no value", "仅凭列名：没有值"))?;
        }
        let is_removed =
            |one: &&Finding| labels.place(one.label).is_some_and(|place| one.is_removed(thresholds[place]));
        for finding in answer.findings.iter().filter(is_removed) {
            if let Some((reason, zh)) = finding.verdict.reason() {
                let (label, model) = (finding.label, finding.model);
                writeln!(
                    out,
                    "  {}",
                    tr!(lang, "not {label} ({model:.4}): {reason}", "不是 {label}（{model:.4}）：{zh}")
                )?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
