//! Measures how long it takes to read tables, and how much memory: `read-tables FILE…` reads all tables of the files;
//! `read-tables --calamine FILE` reads the cells of a workbook with `calamine` alone, for comparison.
//! `benches/tables/files.py` writes large files.

use std::fs::File;
use std::io::BufReader;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use calamine::{DataRef, Reader, Xlsx};
use tabular_sense::tables::{ReadOptions, tables};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).peekable();
    let is_calamine = args.next_if_eq("--calamine").is_some();
    if args.peek().is_none() {
        bail!("expected files");
    }
    for path in args {
        let begin = Instant::now();
        let counts = if is_calamine { with_calamine(&path)? } else { with_tables(&path)? };
        println!("{path}: {counts}, {:.2} s, {}", begin.elapsed().as_secs_f64(), peak()?);
    }
    Ok(())
}

fn with_tables(path: &str) -> Result<String> {
    let (mut count, mut columns, mut values) = (0, 0, 0);
    for table in tables(path.as_ref(), &ReadOptions::default())? {
        let table = table?;
        count += 1;
        columns += table.columns.len();
        values += table.columns.len() * table.kept_rows();
    }
    Ok(format!("{count} tables, {columns} columns, {values} values"))
}

fn with_calamine(path: &str) -> Result<String> {
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?))?;
    let mut count = 0_u64;
    for sheet in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&sheet)?;
        while let Some(cell) = cells.next_cell()? {
            count += u64::from(!matches!(cell.get_value(), DataRef::Empty));
        }
    }
    Ok(format!("{count} cells"))
}

/// The peak memory of this process.
fn peak() -> Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("expected VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(format!("{} MB at most", kilobytes / 1024))
}
