//! Arrow IPC, which is also the format of Feather: files, of which a few batches are read, and streams.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::ArrowError;

use super::gather::Gather;
use super::head::Head;
use super::leaves;
use crate::guard;
use crate::input::Input;
use crate::scatter;
use crate::source::{Source, TableIter};
use crate::{ReadOptions, Table, TableError};

/// What error messages call it.
const FILE: &str = "an Arrow file";
const MAGIC: &[u8] = b"ARROW1";
/// What Feather files began with before they were Arrow files.
const FEATHER: &[u8] = b"FEA1";
/// The largest batch in bytes; a batch is read as a whole.
const MAX_BATCH: u64 = 2 << 30;
/// The longest header of a message, in bytes.
const MAX_HEAD: u64 = 256 << 20;
/// The continuation marker before the length of a message.
const CONTINUES: [u8; 4] = [0xFF; 4];
/// How many runs of rows are read from a large file.
const RUNS: u64 = 16;

pub(in crate::formats) struct Arrow;

impl Source for Arrow {
    fn name(&self) -> &'static str {
        "Arrow"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["arrow", "feather", "ipc", "arrows"]
    }

    fn recognises(&self, start: &[u8], _: &Input) -> bool {
        start.starts_with(MAGIC) || start.starts_with(FEATHER) || is_stream(start)
    }

    fn tables(&self, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
        let start = input.start(8)?;
        if start.starts_with(FEATHER) {
            let (looks_like, advice) = ("a Feather file of the first version", "write it again with a current pyarrow");
            return Err(TableError::Binary { path: input.name(), looks_like, advice });
        }
        let read = || if start.starts_with(MAGIC) { read_file(&input, options) } else { read_stream(&input, options) };
        let table = guard::catch(read).unwrap_or_else(|| Err(Problem::Text("it says what cannot be".into())));
        let table = table.map_err(|problem| match problem {
            Problem::Text(problem) => {
                TableError::Damaged { path: input.name(), format: FILE, place: String::new(), problem }
            }
            Problem::Table(error) => error,
        })?;
        Ok(Box::new(std::iter::once(Ok(table))))
    }
}

/// Why a file cannot be read.
enum Problem {
    Text(String),
    Table(TableError),
}

impl From<ArrowError> for Problem {
    fn from(error: ArrowError) -> Self {
        Self::Text(error.to_string())
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::Text(error.to_string())
    }
}

impl From<TableError> for Problem {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

/// Whether a file begins with the schema message of a stream.
fn is_stream(start: &[u8]) -> bool {
    let Some(([0xFF, 0xFF, 0xFF, 0xFF, length @ ..], rest)) = start.split_first_chunk::<8>() else { return false };
    let message = rest.get(..u32::from_le_bytes(*length) as usize);
    let message = message.and_then(|message| arrow_ipc::root_as_message(message).ok());
    message.is_some_and(|message| message.header_as_schema().is_some())
}

/// The runs of rows to keep, out of `rows` rows.
fn runs(rows: u64, options: &ReadOptions) -> Vec<Range<u64>> {
    if options.names_only {
        return Vec::new();
    }
    let kept = options.max_scattered_rows.min(options.max_rows).max(1) as u64;
    scatter::runs(rows, kept, RUNS, options.seed)
}

fn read_file(input: &Input, options: &ReadOptions) -> Result<Table, Problem> {
    let on_disk = input.on_disk()?;
    let mut file = on_disk.open()?;
    let batches = batches(&mut file, input)?;
    let rows = batches.iter().map(|batch| batch.head.rows).sum();
    let runs = runs(rows, options);
    let mut reader = FileReader::try_new_buffered(on_disk.open()?, None)?;
    let (leaves, surplus) = leaves::of(&reader.schema());
    let mut gather = Gather::new(leaves, options.max_bytes);
    let mut begin = 0;
    for (index, batch) in batches.iter().enumerate() {
        let end = begin + batch.head.rows;
        if runs.iter().any(|run| run.start < end && run.end > begin) {
            batch.check(&mut file, input)?;
            reader.set_index(index)?;
            let Some(batch) = reader.next().transpose()? else { break };
            if !add(&mut gather, &batch, begin, &runs) {
                break;
            }
        }
        begin = end;
    }
    finish(gather, rows, surplus, input)
}

/// The batches of a file, according to its footer and the headers of the batches.
fn batches(file: &mut File, input: &Input) -> Result<Vec<Batch>, Problem> {
    let size = file.metadata()?.len();
    let mut end = [0; 10];
    file.seek(SeekFrom::End(-10))?;
    file.read_exact(&mut end)?;
    let length = arrow_ipc::reader::read_footer_length(end)? as u64;
    if length + 10 > size {
        return Err(Problem::Text("its footer is longer than the file".into()));
    }
    let mut footer = vec![0; length as usize];
    file.seek(SeekFrom::Start(size - 10 - length))?;
    file.read_exact(&mut footer)?;
    let footer = arrow_ipc::root_as_footer(&footer).map_err(|error| Problem::Text(error.to_string()))?;
    for block in footer.dictionaries().into_iter().flatten() {
        // Dictionaries are read as soon as the file is opened.
        Batch::open(file, block, size, input)?.check(file, input)?;
    }
    footer.recordBatches().into_iter().flatten().map(|block| Batch::open(file, block, size, input)).collect()
}

/// A batch of a file.
struct Batch {
    head: Head,
    /// Where its body begins.
    body: u64,
}

impl Batch {
    fn open(file: &mut File, block: &arrow_ipc::Block, size: u64, input: &Input) -> Result<Self, Problem> {
        if block.bodyLength() as u64 > MAX_BATCH {
            return Err(too_large(input));
        }
        let length = block.metaDataLength().max(0) as u64;
        let begin = block.offset().max(0) as u64;
        if begin.saturating_add(length).saturating_add(block.bodyLength() as u64) > size {
            return Err(Problem::Text("a batch lies beyond the end of the file".into()));
        }
        let mut message = vec![0; length as usize];
        file.seek(SeekFrom::Start(begin))?;
        file.read_exact(&mut message)?;
        // Old files have no continuation marker before the length.
        let skipped = if message.starts_with(&CONTINUES) { 8 } else { 4 };
        let head = Head::parse(message.get(skipped..).unwrap_or_default()).map_err(Problem::Text)?;
        Ok(Self { head, body: begin + length })
    }

    /// Refuses a batch that would take too much memory.
    fn check(&self, file: &mut File, input: &Input) -> Result<(), Problem> {
        let unpacked = self.head.unpacked(|offset| {
            let mut size = [0; 8];
            file.seek(SeekFrom::Start(self.body.saturating_add(offset)))?;
            file.read_exact(&mut size)?;
            Ok(size)
        })?;
        if unpacked > MAX_BATCH { Err(too_large(input)) } else { Ok(()) }
    }
}

fn too_large(input: &Input) -> Problem {
    TableError::TooLarge { path: input.name(), what: "a batch of its rows", limit: "2 GiB" }.into()
}

/// Reads a stream twice, because the number of rows is known only at its end.
fn read_stream(input: &Input, options: &ReadOptions) -> Result<Table, Problem> {
    let rows = rows_of_stream(input)?;
    let runs = runs(rows, options);
    let reader = StreamReader::try_new(BufReader::new(input.reader()?), None)?;
    let (leaves, surplus) = leaves::of(&reader.schema());
    let mut gather = Gather::new(leaves, options.max_bytes);
    let mut begin = 0;
    for batch in reader {
        if runs.last().is_none_or(|last| last.end <= begin) {
            break;
        }
        let batch = batch?;
        if !add(&mut gather, &batch, begin, &runs) {
            break;
        }
        begin += batch.num_rows() as u64;
    }
    finish(gather, rows, surplus, input)
}

/// Counts the rows of a stream by the headers of its messages, and refuses messages that would take too much memory.
fn rows_of_stream(input: &Input) -> Result<u64, Problem> {
    let mut reader = BufReader::new(input.reader()?);
    let mut rows = 0;
    let mut body = Vec::new();
    while let Some(message) = next_message(&mut reader)? {
        let head = Head::parse(&message).map_err(Problem::Text)?;
        if head.body > MAX_BATCH {
            return Err(too_large(input));
        }
        body.clear();
        reader.by_ref().take(head.body).read_to_end(&mut body)?;
        if (body.len() as u64) < head.body {
            return Err(Problem::Text("it ends in the middle of a batch".into()));
        }
        let unpacked = head.unpacked(|offset| {
            let size = usize::try_from(offset).ok().and_then(|at| body.get(at..)?.first_chunk::<8>());
            size.copied().ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
        })?;
        if unpacked > MAX_BATCH {
            return Err(too_large(input));
        }
        rows += head.rows;
    }
    Ok(rows)
}

/// The next message of a stream, without its body; `None` at the end.
fn next_message(reader: &mut impl Read) -> Result<Option<Vec<u8>>, Problem> {
    let mut length = Vec::new();
    reader.take(4).read_to_end(&mut length)?;
    if length == CONTINUES {
        length.clear();
        reader.take(4).read_to_end(&mut length)?;
    }
    let length = length.first_chunk::<4>().map_or(0, |length| u64::from(u32::from_le_bytes(*length)));
    if length == 0 {
        return Ok(None);
    }
    let mut message = Vec::new();
    reader.take(length.min(MAX_HEAD)).read_to_end(&mut message)?;
    if (message.len() as u64) < length {
        Err(Problem::Text("it ends in the middle of a message".into()))
    } else {
        Ok(Some(message))
    }
}

/// Adds the rows of a batch that are in the runs; returns false if there is no room for more.
fn add(gather: &mut Gather, batch: &RecordBatch, begin: u64, runs: &[Range<u64>]) -> bool {
    let end = begin + batch.num_rows() as u64;
    runs.iter().all(|run| {
        let (first, last) = (run.start.max(begin), run.end.min(end));
        first >= last || gather.add(batch, (first - begin) as usize..(last - begin) as usize)
    })
}

fn finish(gather: Gather, rows: u64, surplus: u64, input: &Input) -> Result<Table, Problem> {
    let mut table = Gather::into_table(vec![gather], input, "", "Arrow");
    if table.columns.is_empty() {
        return Err(TableError::NoColumns { path: input.name() }.into());
    }
    table.rows = rows;
    table.surplus = surplus;
    Ok(table)
}
