//! Chooses the rows that are read from a Parquet file without a page index on a server.
//!
//! Without an index, a page can be found only through the headers of all pages before it, and each header takes a request.
//! Therefore the columns of a few row groups are fetched as a whole, or, if row groups are too large for that, the beginning of
//! each column in a few of them.

use std::ops::Range;

use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use crate::scatter;

/// About how many bytes are fetched for a sample.
const FETCHED: u64 = 64 << 20;
/// The minimum number of places in the table that are read if whole row groups are fetched; if fewer fit, the beginnings of row
/// groups are read instead.
const MIN_RUNS: u64 = 4;
/// The maximum size of a page before compression, in bytes, as nearly all programs write them.
const PAGE: u64 = 1 << 20;
/// How many bytes of a column's pages are fetched in one request if the size of the first page is not known.
const FIRST: u64 = 256 << 10;
/// The minimum number of rows read from the beginning of a row group, however large the rows are.
const MIN_ROWS: u64 = 100;
/// Ranges that are at most this far apart are fetched in one request.
const GAP: u64 = 64 << 10;
/// The largest range of one request.
const REQUEST: u64 = 8 << 20;

/// Which rows are read, and how.
pub(super) struct Choice {
    /// Runs of rows, in order.
    pub(super) runs: Vec<Range<u64>>,
    /// Whether only the beginnings of row groups are read.
    pub(super) are_starts: bool,
}

/// Chooses `kept` of the rows of the groups; `rows` holds the number of rows in each group. Up to `most` runs from all over the
/// table are chosen if their row groups can be fetched as a whole, otherwise the beginnings of as many row groups as can be
/// fetched, but at least one.
pub(super) fn choose(groups: &[RowGroupMetaData], rows: &[u64], kept: u64, most: u64, seed: u64) -> Choice {
    let fits = |runs: &Vec<Range<u64>>| {
        let touched = touched(rows, runs);
        touched.iter().map(|group| bytes(&groups[*group])).sum::<u64>() <= FETCHED
    };
    let total = rows.iter().sum();
    let least = MIN_RUNS.min(groups.len() as u64).min(most).max(1);
    let spread = (least..=most.max(least)).rev().map(|count| scatter::runs(total, kept, count, seed)).find(fits);
    match spread {
        Some(runs) => Choice { runs, are_starts: false },
        None => starts(groups, rows, kept, most, seed),
    }
}

/// The first rows of some row groups, one group from each of as many equal parts of the file.
fn starts(groups: &[RowGroupMetaData], rows: &[u64], kept: u64, most: u64, seed: u64) -> Choice {
    let all = groups.len() as u64;
    let start: u64 = groups.iter().flat_map(RowGroupMetaData::columns).map(start_bytes).sum::<u64>() / all.max(1);
    let count = (FETCHED / start.max(1)).clamp(1, most.clamp(1, all.max(1)));
    let begins: Vec<u64> = rows.iter().scan(0, |begin, rows| Some(std::mem::replace(begin, *begin + rows))).collect();
    let runs = scatter::runs(all, count, count, seed).into_iter().flatten().map(|group| {
        let (group, rows, begin) = (&groups[group as usize], rows[group as usize], begins[group as usize]);
        let affordable = u128::from(rows) * u128::from(FETCHED / count) / u128::from(bytes(group).max(1));
        let affordable = u64::try_from(affordable).unwrap_or(u64::MAX).max(MIN_ROWS);
        begin..begin + rows.min(affordable).min(kept.div_ceil(count))
    });
    let runs: Vec<Range<u64>> = runs.filter(|run| !run.is_empty()).collect();
    let is_all = runs.iter().map(|run| run.end - run.start).sum::<u64>() == rows.iter().sum::<u64>();
    Choice { runs, are_starts: !is_all }
}

/// The byte ranges of the columns of a row group, or of their beginnings, for the columns whose index `is_wanted` accepts. Adjacent
/// ranges are joined.
pub(super) fn ranges(group: &RowGroupMetaData, are_starts: bool, is_wanted: impl Fn(usize) -> bool) -> Vec<Range<u64>> {
    let wanted = group.columns().iter().enumerate().filter(|(number, _)| is_wanted(*number));
    let mut chunks: Vec<Range<u64>> = wanted
        .map(|(_, column)| {
            let (begin, length) = (begin(column), compressed(column));
            let length = if are_starts { length.min(dictionary(column) + FIRST) } else { length };
            begin..begin.saturating_add(length)
        })
        .collect();
    chunks.sort_by_key(|chunk| chunk.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for chunk in chunks {
        match joined.last_mut() {
            Some(last) if chunk.start <= last.end.saturating_add(GAP) => last.end = last.end.max(chunk.end),
            _ => joined.push(chunk),
        }
    }
    joined.into_iter().flat_map(requests).collect()
}

fn requests(range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = range.end;
    range.step_by(REQUEST as usize).map(move |begin| begin..begin.saturating_add(REQUEST).min(end))
}

/// The row groups that hold some of the rows.
fn touched(rows: &[u64], runs: &[Range<u64>]) -> Vec<usize> {
    let mut begin = 0;
    let ends = rows.iter().map(|rows| {
        begin += rows;
        begin
    });
    let holds = |(group, end): (usize, u64)| {
        let begin = end - rows[group];
        runs.iter().any(|run| run.start < end && run.end > begin).then_some(group)
    };
    ends.enumerate().filter_map(holds).collect()
}

fn bytes(group: &RowGroupMetaData) -> u64 {
    group.columns().iter().map(compressed).fold(0, u64::saturating_add)
}

fn compressed(column: &ColumnChunkMetaData) -> u64 {
    column.compressed_size().max(0) as u64
}

fn begin(column: &ColumnChunkMetaData) -> u64 {
    column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset()).max(0) as u64
}

/// The size of the dictionary in bytes.
fn dictionary(column: &ColumnChunkMetaData) -> u64 {
    (column.data_page_offset().max(0) as u64).saturating_sub(begin(column)).min(compressed(column))
}

/// The size of the dictionary and the first page, roughly, but at least what is fetched in one request.
fn start_bytes(column: &ColumnChunkMetaData) -> u64 {
    let (all, dictionary) = (compressed(column), dictionary(column));
    let pages = u128::from(column.uncompressed_size().max(1) as u64).div_ceil(u128::from(PAGE)) as u64;
    (dictionary + ((all - dictionary) / pages.max(1)).max(FIRST)).min(all)
}
