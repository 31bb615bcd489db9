//! The flags of `predict`.

use std::path::PathBuf;

use super::mask::Shown;
use crate::commands::reading::Reading;
use tabular_sense_tables::Wildcard;

/// Find the types of each column of a table.
///
/// A table is delimited text (CSV, TSV, or text with another delimiter), a sheet of a workbook (XLSX, XLSB, XLS, ODS),
/// a table of an SQLite database, or a table in a Parquet, Arrow, JSON, JSON Lines, Avro or HTML file. Files may be
/// compressed with gzip, zstd, bzip2, xz or zip. The format, the encoding, the delimiter, the quotes, and any lines
/// above and below the table are detected automatically. If the program was built with `--features full`, it also
/// reads databases (PostgreSQL, MySQL, MariaDB), and files in an object store or on a web server.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// Read these tables: files, folders with all their subfolders, or `-` for standard input. An address names a
    /// database (`postgres://user@host/database`, `mysql://…`, `sqlite:file`), or an object or a folder of objects
    /// (`s3://bucket/folder/`, `gs://…`, `az://…`, `https://…`); all but `sqlite:` need a program that was built with
    /// `--features full`.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Use the exported model in this folder [default: the built-in model].
    #[arg(long, value_name = "FOLDER")]
    pub(super) model: Option<PathBuf>,
    /// Write one JSON object per column; short for --format jsonl.
    #[arg(long, conflicts_with = "format")]
    pub(super) json: bool,
    /// Give the reasons for each answer: how many values look like values of the type, how many have a valid checksum,
    /// what the column's name suggests, and the probability without the name.
    #[arg(long)]
    pub(super) explain: bool,
    /// Also find the custom types that this file defines by rules: patterns, lists, checksums, ranges, column names.
    #[arg(long, value_name = "FILE")]
    pub(super) types: Option<PathBuf>,
    /// Also write the answers to this CSV file, where you can correct them; `learn --corrections` then learns from the
    /// file.
    #[arg(long, value_name = "FILE")]
    pub(super) corrections: Option<PathBuf>,
    /// Report all types with at least this probability.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(super) threshold: Option<f64>,
    /// Report the K most likely types of each column, even improbable ones; with --threshold, omit types below the
    /// threshold.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) top_k: Option<u16>,
    /// Average the probabilities over N random samples of a column's values. If the probability of any type is close to
    /// its threshold, take 5 × N samples. A column of at most ten values is sampled once [default: the model's setting,
    /// usually 5].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) draws: Option<u16>,
    /// Ignore the values: find the types from the column names alone.
    #[arg(long)]
    pub(super) no_values: bool,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// In folders, read only files that match this pattern, such as `*.csv` or `2024/**`; may be repeated.
    #[arg(long, value_name = "PATTERN", help_heading = "Reading folders")]
    pub(super) include: Vec<Wildcard>,
    /// In folders, skip files and folders that match this pattern; may be repeated.
    #[arg(long, value_name = "PATTERN", help_heading = "Reading folders")]
    pub(super) exclude: Vec<Wildcard>,
    /// Skip files that are in this list and have not changed, and add the others to it. The list is created if it does
    /// not exist.
    #[arg(long, value_name = "LIST", help_heading = "Reading folders")]
    pub(super) resume: Option<PathBuf>,
    /// Write the answers in this format.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub(super) format: Format,
    /// Write the answers to this file [default: stdout].
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Show only columns with personal data.
    #[arg(long, help_heading = "Personal data")]
    pub(super) personal: bool,
    /// Exit with code 3 if a column has personal data of at least this level.
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Personal data")]
    pub(super) fail_on: Option<FailOn>,
    /// Mask examples of personal data, as in 138****5678; default for --format html.
    #[arg(long, conflicts_with = "no_mask", help_heading = "Personal data")]
    pub(super) mask: bool,
    /// Do not mask examples of personal data.
    #[arg(long, help_heading = "Personal data")]
    pub(super) no_mask: bool,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Aligned tables, for reading.
    Text,
    /// One JSON document.
    Json,
    /// One JSON object per column.
    Jsonl,
    /// One line of CSV per column.
    Csv,
    /// Tables in Markdown.
    Markdown,
    /// One HTML page, which works offline.
    Html,
    /// Frictionless Table Schema; for several tables, a Data Package.
    TableSchema,
    /// CSV on the Web metadata.
    Csvw,
    /// OpenLineage dataset events with tags, one per line.
    Openlineage,
    /// A `schema.yml` for dbt with meta and tags.
    Dbt,
}

/// The level of personal data that `--fail-on` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FailOn {
    /// Personal data of any kind.
    Personal,
    /// Sensitive personal data (GB/T 35273), or special categories of personal data (GDPR).
    Sensitive,
}

impl Args {
    /// The output format.
    pub(super) const fn format(&self) -> Format {
        if self.json { Format::Jsonl } else { self.format }
    }

    /// How examples are shown.
    pub(super) const fn shown(&self) -> Shown {
        let is_masked = self.mask || (matches!(self.format(), Format::Html) && !self.no_mask);
        if is_masked { Shown::Masked } else { Shown::Whole }
    }
}

/// A probability strictly between 0 and 1.
pub(in crate::commands) fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("expected a number above 0 and below 1".to_owned()),
    }
}
