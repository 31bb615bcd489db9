//! The speed of the data path, which prepares samples before a model sees them. Each command prints one line of JSON.
//!
//! ```text
//! versus-files index FOLDER     GB/s of indexing a sample file of 1 GB that is in the page cache
//! versus-files store FOLDER     samples/s of encoding samples of 10 values, by our code and by the `tokenizers` crate
//! versus-files tables FOLDER    writes tables for `tabular-sense predict`
//! ```

use std::fmt::Write as _;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use drivetrain::data::{LineIndex, OnBadLine, Silent, TokenStore, Tokenizer};
use rayon::prelude::*;
use serde_json::json;
use tabular_sense::encoder::ColumnEncoder;
use tabular_sense::labels::Labels;
use tabular_sense_synth::GeneratorConfig;
use tabular_sense_synth::sample::ColumnSample;

const VALUES: usize = 10;
const ROUNDS: usize = 5;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, folder] = arguments.as_slice() else { bail!("expected a command and a folder") };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    let found = match command.as_str() {
        "index" => index(folder)?,
        "store" => store(folder)?,
        "tables" => tables(folder)?,
        other => bail!("no command `{other}`"),
    };
    println!("{found}");
    Ok(())
}

/// Generated samples with at least ten values, truncated to ten.
fn samples(n: usize) -> Vec<ColumnSample> {
    let generator = GeneratorConfig { per_type: n.max(1), seed: 1 };
    let all = (0..generator.total()).map(|i| generator.sample(i)).filter(|sample| sample.values.len() >= VALUES);
    let cut = all.take(n).map(|mut sample| {
        sample.values.truncate(VALUES);
        sample
    });
    cut.collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn index(folder: &Path) -> Result<serde_json::Value> {
    let path = folder.join("index.jsonl");
    let lines: String = samples(20_000).iter().map(|sample| sample.to_json_line() + "\n").collect();
    let mut file = BufWriter::new(std::fs::File::create(&path)?);
    let copies = 1_000_000_000 / lines.len() + 1;
    (0..copies).try_for_each(|_| file.write_all(lines.as_bytes()))?;
    file.flush()?;
    let bytes = (copies * lines.len()) as f64;
    let mut speeds = Vec::new();
    for _ in 0..ROUNDS {
        warm(&path)?;
        let _ = std::fs::remove_file(folder.join("index.jsonl.idx"));
        let started = Instant::now();
        let index = LineIndex::open(&path, &Silent)?;
        speeds.push(bytes / started.elapsed().as_secs_f64() / 1e9);
        ensure!(index.len() == copies * 20_000);
    }
    std::fs::remove_file(&path)?;
    Ok(json!({ "gb_per_second": median(speeds) }))
}

/// Reads a file once, so that it is in the page cache.
fn warm(path: &Path) -> Result<()> {
    let (mut file, mut buffer) = (std::fs::File::open(path)?, vec![0; 1 << 20]);
    while file.read(&mut buffer)? > 0 {}
    Ok(())
}

fn store(folder: &Path) -> Result<serde_json::Value> {
    let path = folder.join("store.jsonl");
    let samples = samples(100_000);
    let texts: Vec<String> = samples.iter().map(tabular_sense::input::text_of).collect();
    std::fs::write(&path, samples.iter().map(|sample| sample.to_json_line() + "\n").collect::<String>())?;
    let tokenizer = Tokenizer::train(texts.iter().step_by(5).cloned().map(Ok), 8000, &Silent)?;
    let document = folder.join("tokenizer.json");
    tokenizer.save(&document)?;
    let theirs = tokenizers::Tokenizer::from_file(&document).map_err(anyhow::Error::msg)?;
    let index = LineIndex::open(&path, &Silent)?;

    let (mut ours_rates, mut their_rates) = (Vec::new(), Vec::new());
    // Each round uses another length limit, and so another store; an existing store would be loaded instead of built.
    for round in 0..ROUNDS {
        let labels = Labels::built_in();
        let encoder = ColumnEncoder { tokenizer: tokenizer.clone(), max_len: 4096 + round, labels };
        let started = Instant::now();
        let store = TokenStore::open(&index, &encoder, OnBadLine::Fail, &Silent)?;
        ours_rates.push(texts.len() as f64 / started.elapsed().as_secs_f64());

        // The crate encodes a fifth of the texts, on all threads, as its users would; reading and writing files is not
        // timed.
        let part = texts.len() / 5;
        let started = Instant::now();
        let encoded: Vec<_> = texts[..part].par_iter().map(|text| theirs.encode_fast(text.as_str(), false)).collect();
        their_rates.push(part as f64 / started.elapsed().as_secs_f64());
        for (i, encoding) in encoded.into_iter().enumerate() {
            let encoding = encoding.map_err(anyhow::Error::msg)?;
            ensure!(encoding.get_ids() == store.input(i), "other ids for {:?}", texts[i]);
        }
    }
    let (ours, theirs) = (median(ours_rates), median(their_rates));
    Ok(json!({ "samples_per_second": ours, "crate_samples_per_second": theirs, "ratio": ours / theirs }))
}

/// Writes one table with many columns, many tables with few columns each, and a small table.
fn tables(folder: &Path) -> Result<serde_json::Value> {
    let columns = samples(20_000);
    let table = |columns: &[ColumnSample]| {
        let mut text = String::new();
        let cell = |text: &mut String, i: usize, cell: &str| {
            let comma = if i > 0 { "," } else { "" };
            let _ = write!(text, "{comma}\"{}\"", cell.replace('"', "\"\""));
        };
        columns.iter().enumerate().for_each(|(i, column)| cell(&mut text, i, &column.name));
        for row in 0..VALUES {
            text.push('\n');
            columns.iter().enumerate().for_each(|(i, column)| cell(&mut text, i, &column.values[row]));
        }
        text.push('\n');
        text
    };
    std::fs::write(folder.join("wide.csv"), table(&columns))?;
    std::fs::write(folder.join("small.csv"), table(&columns[..10]))?;
    let many = folder.join("many");
    std::fs::create_dir_all(&many)?;
    for (i, part) in columns.chunks(20).enumerate() {
        std::fs::write(many.join(format!("{i}.csv")), table(part))?;
    }
    Ok(json!({ "columns": columns.len(), "folder": folder }))
}
