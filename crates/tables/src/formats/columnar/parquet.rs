//! Parquet. From a large file, a few runs of rows are read, and only the pages that hold them.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};

use super::gather::Gather;
use super::leaves;
use super::place::Place;
use super::unindexed::{self, Choice};
use crate::guard;
use crate::input::Input;
use crate::scatter;
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

/// What error messages call it.
const FILE: &str = "a Parquet file";
/// How many fields are read at a time; a page of each is held in memory.
const FIELDS: usize = 8;
/// Rows per batch.
const BATCH: usize = 1024;
/// The size of a page in bytes, as nearly all programs write them.
const PAGE: u64 = 1 << 20;
/// About how many bytes are decompressed for a sample. At least [`MIN_RUNS`] runs are read in any case.
const UNPACKED: u64 = 256 << 20;
const MIN_RUNS: u64 = 4;
const MAX_RUNS: u64 = 64;
const MAX_REMOTE_RUNS: u64 = 8;
/// The maximum number of fields of a remote file that are read at a time; what is fetched of them is held in memory, too.
const REMOTE_FIELDS: usize = 4;
/// How many requests to a server run at the same time.
const REQUESTS: usize = 8;

pub(in crate::formats) struct Parquet;

impl Source for Parquet {
    fn name(&self) -> &'static str {
        "Parquet"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["parquet", "pq"]
    }

    fn recognises(&self, start: &[u8], _: &Input) -> bool {
        start.starts_with(b"PAR1") || start.starts_with(b"PARE")
    }

    fn reads_ranges(&self) -> bool {
        true
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let table = read(&input, &Place::of(&input)?, options)?;
        Ok(Box::new(std::iter::once(Ok(table))))
    }
}

fn damaged(input: &Input, place: String, problem: String) -> TableError {
    TableError::Damaged { path: input.name(), format: FILE, place, problem }
}

fn read(input: &Input, place: &Place, options: &ReadOptions) -> Result<Table, TableError> {
    let is_encrypted = input.start(4)?.starts_with(b"PARE");
    let open = || {
        let policy = if place.is_remote() { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip };
        ArrowReaderMetadata::load(&place.open(&[])?, ArrowReaderOptions::new().with_page_index_policy(policy))
    };
    let metadata = match guard::catch(open) {
        Some(Ok(metadata)) => metadata,
        _ if is_encrypted => return Err(TableError::Protected { path: input.name() }),
        Some(Err(error)) => {
            return Err(damaged(input, "its footer".into(), text_of(&error)))
                .map_err(|damage| place.or_failure(damage));
        }
        None => return Err(damaged(input, "its footer".into(), "it says what cannot be".into())),
    };
    let kept = options.max_scattered_rows.min(options.max_rows).max(1) as u64;
    let plan = if options.names_only {
        Plan::default()
    } else {
        Plan::new(metadata.metadata(), place.is_remote(), kept, options.seed)
    };
    let (leaves, surplus) = leaves::of(metadata.schema());
    if leaves.is_empty() {
        return Err(TableError::NoColumns { path: input.name() });
    }
    let gathers = gather(&metadata, place, &plan, leaves.len(), options.max_bytes)
        .map_err(|(fields, problem)| place.or_failure(damaged(input, columns(&metadata, fields), problem)))?;
    let mut table = Gather::into_table(gathers, input, "", "Parquet");
    table.rows = rows(metadata.metadata()).iter().sum();
    table.surplus = surplus;
    if plan.are_starts {
        table.group_starts = Some((plan.groups.len() as u64, metadata.metadata().num_row_groups() as u64));
    }
    Ok(table)
}

/// The fields that could not be read.
fn columns(metadata: &ArrowReaderMetadata, fields: Range<usize>) -> String {
    let names = metadata.schema().fields();
    match (names.get(fields.start), names.get(fields.end - 1)) {
        (Some(first), Some(last)) if first != last => {
            format!("the columns from `{}` to `{}`", first.name(), last.name())
        }
        (Some(first), _) => format!("the column `{}`", first.name()),
        _ => String::new(),
    }
}

fn text_of(error: &ParquetError) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or(text.clone(), |(_, problem)| problem.to_owned())
}

/// How many rows each row group has.
fn rows(metadata: &ParquetMetaData) -> Vec<u64> {
    metadata.row_groups().iter().map(|group| group.num_rows().max(0) as u64).collect()
}

/// Whether there is a page index for all columns.
fn has_page_index(metadata: &ParquetMetaData) -> bool {
    metadata.row_groups().iter().flat_map(|group| group.columns()).all(|column| column.offset_index_offset().is_some())
}

/// How many runs of rows can be read without decompressing too much: each run takes a page of each column.
fn number_of_runs(metadata: &ParquetMetaData) -> u64 {
    let groups = metadata.row_groups();
    let page =
        |column: &parquet::file::metadata::ColumnChunkMetaData| (column.uncompressed_size().max(0) as u64).min(PAGE);
    let pages: u64 = groups.iter().flat_map(|group| group.columns()).map(page).sum();
    let per_run = pages / groups.len().max(1) as u64;
    (UNPACKED / per_run.max(1)).clamp(MIN_RUNS, MAX_RUNS)
}

/// Which rows are read.
#[derive(Default)]
struct Plan {
    /// The row groups that hold them, with the rows of each that are read. Nothing after the last of these rows in a group is
    /// looked at.
    groups: Vec<(usize, RowSelection)>,
    /// Whether only the beginnings of row groups are read.
    are_starts: bool,
    /// Whether the columns of a group are fetched before they are read, because there is no page index.
    is_fetched_before: bool,
}

impl Plan {
    fn new(metadata: &ParquetMetaData, is_remote: bool, kept: u64, seed: u64) -> Self {
        let rows = rows(metadata);
        // Each run in a remote file takes one request per column.
        let most = number_of_runs(metadata).min(if is_remote { MAX_REMOTE_RUNS } else { MAX_RUNS });
        let is_fetched_before = is_remote && !has_page_index(metadata);
        let Choice { runs, are_starts } = if is_fetched_before {
            unindexed::choose(metadata.row_groups(), &rows, kept, most, seed)
        } else {
            Choice { runs: scatter::runs(rows.iter().sum(), kept, most, seed), are_starts: false }
        };
        Self { groups: selections(&rows, &runs), are_starts, is_fetched_before }
    }

    /// The ranges that are fetched before some fields are read.
    fn ranges(&self, metadata: &ArrowReaderMetadata, fields: &Range<usize>) -> Vec<Range<u64>> {
        if !self.is_fetched_before {
            return Vec::new();
        }
        let is_wanted = |column| fields.contains(&metadata.parquet_schema().get_column_root_idx(column));
        let groups = self.groups.iter().map(|(group, _)| metadata.metadata().row_group(*group));
        groups.flat_map(|group| unindexed::ranges(group, self.are_starts, is_wanted)).collect()
    }
}

/// The row groups that hold some of the rows, with the rows of each that are read.
fn selections(rows: &[u64], runs: &[Range<u64>]) -> Vec<(usize, RowSelection)> {
    let (mut groups, mut begin) = (Vec::new(), 0);
    for (index, count) in rows.iter().enumerate() {
        let end = begin + count;
        let inside = runs.iter().map(|run| run.start.max(begin)..run.end.min(end)).filter(|run| run.start < run.end);
        let (mut at, mut selectors) = (begin, Vec::new());
        for run in inside {
            selectors.push(RowSelector::skip((run.start - at) as usize));
            selectors.push(RowSelector::select((run.end - run.start) as usize));
            at = run.end;
        }
        selectors.retain(|selector| selector.row_count > 0);
        if !selectors.is_empty() {
            groups.push((index, selectors.into()));
        }
        begin = end;
    }
    groups
}

/// Reads the planned rows of all columns, a few fields at a time, on as many threads as there are processors; for a remote file, on
/// at least one thread per simultaneous request.
fn gather(
    metadata: &ArrowReaderMetadata,
    place: &Place,
    plan: &Plan,
    leaves: usize,
    max_bytes: usize,
) -> Result<Vec<Gather>, (Range<usize>, String)> {
    let fields = metadata.schema().fields().len();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let (most_threads, at_a_time) = if place.is_remote() {
        (REQUESTS.max(processors), fields.div_ceil(REQUESTS).clamp(1, REMOTE_FIELDS))
    } else {
        (processors, FIELDS)
    };
    let parts: Vec<Range<usize>> =
        (0..fields.div_ceil(at_a_time)).map(|part| part * at_a_time..((part + 1) * at_a_time).min(fields)).collect();
    let results: Vec<Mutex<Option<Result<Gather, String>>>> = parts.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((part, result)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| parts.get(n).zip(results.get(n)))
        {
            let read = guard::catch(|| gather_part(metadata, place, plan, part.clone(), max_bytes / leaves));
            let read = read.unwrap_or_else(|| Err(guard::PANICKED.into()));
            if let Ok(mut result) = result.lock() {
                *result = Some(read);
            }
        }
    };
    let threads = most_threads.min(parts.len());
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let read = results.into_iter().zip(parts).map(|(result, part)| match result.into_inner() {
        Ok(Some(result)) => result.map_err(|problem| (part, problem)),
        _ => Err((part, "it was not read".into())),
    });
    read.collect()
}

/// Reads the planned rows of some fields. Each of their columns may take `max_column_bytes` bytes.
fn gather_part(
    metadata: &ArrowReaderMetadata,
    place: &Place,
    plan: &Plan,
    fields: Range<usize>,
    max_column_bytes: usize,
) -> Result<Gather, String> {
    let ranges = plan.ranges(metadata, &fields);
    let mask = ProjectionMask::roots(metadata.parquet_schema(), fields.clone());
    let (leaves, _) = leaves::of(&metadata.schema().project(&fields.collect::<Vec<_>>()).map_err(|e| e.to_string())?);
    let max_bytes = max_column_bytes.saturating_mul(leaves.len());
    let mut gather = Gather::new(leaves, max_bytes);
    let bytes = place.open(&ranges).map_err(|error| error.to_string())?;
    for (group, selection) in &plan.groups {
        let bytes = bytes.try_clone().map_err(|error| error.to_string())?;
        // One reader per row group: a reader that continued with the next group would search for it page by page.
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, metadata.clone())
            .with_projection(mask.clone())
            .with_batch_size(BATCH)
            .with_row_groups(vec![*group])
            .with_row_selection(selection.clone())
            .build()
            .map_err(|error| text_of(&error))?;
        for batch in reader {
            let batch = batch.map_err(|error| error.to_string())?;
            if !gather.add(&batch, 0..batch.num_rows()) {
                return Ok(gather);
            }
        }
    }
    Ok(gather)
}
