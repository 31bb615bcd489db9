//! Parquet. Of a large file a few runs of rows are read, and of its pages only those that hold them.

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
use super::place::{Bytes, Place};
use crate::guard;
use crate::input::Input;
use crate::scatter;
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

/// What error messages call it.
const FILE: &str = "a Parquet file";
/// Fields that are read at a time: a page of each is held in memory.
const FIELDS: usize = 8;
/// Rows of a batch.
const BATCH: usize = 1024;
/// How large a page is, as nearly all programs write them, in bytes.
const PAGE: u64 = 1 << 20;
/// How much is unpacked for a sample, in bytes, roughly. At least [`MIN_RUNS`] runs are read all the same.
const UNPACKED: u64 = 256 << 20;
const MIN_RUNS: u64 = 4;
const MAX_RUNS: u64 = 64;
const MAX_REMOTE_RUNS: u64 = 8;

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
        ArrowReaderMetadata::load(&place.open()?, ArrowReaderOptions::new().with_page_index_policy(policy))
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
    let rows = rows(metadata.metadata());
    let kept = options.max_scattered_rows.min(options.max_rows).max(1) as u64;
    let runs = if options.names_only {
        Vec::new()
    } else {
        // Each run of a remote file is a request for each column.
        let most = if place.is_remote() { MAX_REMOTE_RUNS } else { MAX_RUNS };
        scatter::runs(rows.iter().sum(), kept, number_of_runs(metadata.metadata()).min(most), options.seed)
    };
    let plan = Plan::new(&rows, &runs);
    let (leaves, surplus) = leaves::of(metadata.schema());
    if leaves.is_empty() {
        return Err(TableError::NoColumns { path: input.name() });
    }
    let gathers = gather(&metadata, place, &plan, leaves.len(), options.max_bytes)
        .map_err(|(fields, problem)| place.or_failure(damaged(input, columns(&metadata, fields), problem)))?;
    let mut table = Gather::into_table(gathers, input, "", "Parquet");
    table.rows = rows.iter().sum();
    table.surplus = surplus;
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

/// How many runs of rows can be read without unpacking too much: a page of each column for each run.
fn number_of_runs(metadata: &ParquetMetaData) -> u64 {
    let groups = metadata.row_groups();
    let page =
        |column: &parquet::file::metadata::ColumnChunkMetaData| (column.uncompressed_size().max(0) as u64).min(PAGE);
    let pages: u64 = groups.iter().flat_map(|group| group.columns()).map(page).sum();
    let per_run = pages / groups.len().max(1) as u64;
    (UNPACKED / per_run.max(1)).clamp(MIN_RUNS, MAX_RUNS)
}

/// Which rows are read.
struct Plan {
    /// The row groups that hold them.
    groups: Vec<usize>,
    /// The rows of these, one group after the other.
    selection: RowSelection,
}

impl Plan {
    fn new(rows: &[u64], runs: &[Range<u64>]) -> Self {
        let (mut groups, mut selectors, mut begin) = (Vec::new(), Vec::new(), 0);
        for (index, count) in rows.iter().enumerate() {
            let end = begin + count;
            let inside =
                runs.iter().map(|run| run.start.max(begin)..run.end.min(end)).filter(|run| run.start < run.end);
            let mut at = begin;
            for run in inside {
                selectors.push(RowSelector::skip((run.start - at) as usize));
                selectors.push(RowSelector::select((run.end - run.start) as usize));
                at = run.end;
            }
            if at > begin {
                groups.push(index);
                selectors.push(RowSelector::skip((end - at) as usize));
            }
            begin = end;
        }
        selectors.retain(|selector| selector.row_count > 0);
        Self { groups, selection: selectors.into() }
    }
}

/// Reads the planned rows of all columns, a few fields at a time, on as many threads as there are processors.
fn gather(
    metadata: &ArrowReaderMetadata,
    place: &Place,
    plan: &Plan,
    leaves: usize,
    max_bytes: usize,
) -> Result<Vec<Gather>, (Range<usize>, String)> {
    let fields = metadata.schema().fields().len();
    let parts: Vec<Range<usize>> =
        (0..fields.div_ceil(FIELDS)).map(|part| part * FIELDS..((part + 1) * FIELDS).min(fields)).collect();
    let results: Vec<Mutex<Option<Result<Gather, String>>>> = parts.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((part, result)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| parts.get(n).zip(results.get(n)))
        {
            let read = guard::catch(|| gather_part(metadata, place.open(), plan, part.clone(), max_bytes / leaves));
            let read = read.unwrap_or_else(|| Err(guard::PANICKED.into()));
            if let Ok(mut result) = result.lock() {
                *result = Some(read);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(parts.len());
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let read = results.into_iter().zip(parts).map(|(result, part)| match result.into_inner() {
        Ok(Some(result)) => result.map_err(|problem| (part, problem)),
        _ => Err((part, "it was not read".into())),
    });
    read.collect()
}

/// Reads the planned rows of some fields. Each of their columns may take so many bytes.
fn gather_part(
    metadata: &ArrowReaderMetadata,
    file: std::io::Result<Bytes>,
    plan: &Plan,
    fields: Range<usize>,
    max_column_bytes: usize,
) -> Result<Gather, String> {
    let file = file.map_err(|error| error.to_string())?;
    let mask = ProjectionMask::roots(metadata.parquet_schema(), fields);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
        .with_projection(mask)
        .with_batch_size(BATCH)
        .with_row_groups(plan.groups.clone())
        .with_row_selection(plan.selection.clone())
        .build()
        .map_err(|error| text_of(&error))?;
    let (leaves, _) = leaves::of(&arrow_array::RecordBatchReader::schema(&reader));
    let max_bytes = max_column_bytes.saturating_mul(leaves.len());
    let mut gather = Gather::new(leaves, max_bytes);
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        if !gather.add(&batch, 0..batch.num_rows()) {
            break;
        }
    }
    Ok(gather)
}
