//! All tables of a file or a database, whatever its format.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::address::{Address, Kind};
use super::archive;
use super::databases;
use super::formats;
use super::input::Input;
use super::source::{Source, TableIter};
use super::{ReadOptions, Table, TableError};

/// Archives in archives are opened this often.
const MAX_DEPTH: usize = 2;

/// The tables of the file at `path`, in its order: sheets of a workbook, tables and views of a database, members of an archive, or
/// the one table that a text or a Parquet file is. The format is found in the content; an extension that says something else is a
/// [remark](Table::remarks).
///
/// An address such as `postgres://user@host/database` gives the tables and views of that database ([`ReadOptions::tables`] chooses
/// among them), and one such as `s3://bucket/lake.parquet` an object. Each is a feature of this crate, `databases` and
/// `object-stores`. No message and no table shows the password of an address.
///
/// Each table is read when it is asked for, and holds a sample of its rows: see [`ReadOptions::max_rows`] and
/// [`ReadOptions::max_scattered_rows`].
///
/// ```no_run
/// # use tabular_sense_tables::{ReadOptions, tables};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// for table in tables("book.xlsx".as_ref(), &ReadOptions::default())? {
///     let table = table?;
///     println!("{}: {} columns", table.title(), table.columns.len());
/// }
/// # Ok(()) }
/// ```
///
/// # Errors
/// [`TableError`], when there is no such file, it is of no format that holds tables, or it is damaged before the first of them. The
/// iterator gives an error for a table that cannot be read, and goes on with the next one.
pub fn tables(path: &Path, options: &ReadOptions) -> Result<Tables, TableError> {
    match Address::parse(path)? {
        Some(address) if address.kind == Kind::Database => databases::tables(address, options).map(Tables),
        _ => open(Input::open(path, options)?, options, 0).map(Tables),
    }
}

/// The objects below an address that ends with a slash, such as `s3://bucket/folder/`: the address of each and its path from there
/// on, in order. `None` for other addresses and for files.
///
/// # Errors
/// [`TableError`], when the folder cannot be listed, or this crate was built without the feature `object-stores`.
pub fn objects(path: &Path, options: &ReadOptions) -> Result<Option<Vec<(PathBuf, String)>>, TableError> {
    let Some(address) = Address::parse(path)? else { return Ok(None) };
    let is_folder = address.kind == Kind::Object && (address.path.is_empty() || address.path.ends_with('/'));
    if is_folder { list(path, &address, options).map(Some) } else { Ok(None) }
}

#[cfg(feature = "object-stores")]
fn list(path: &Path, address: &Address, options: &ReadOptions) -> Result<Vec<(PathBuf, String)>, TableError> {
    let folder = path.to_string_lossy();
    let folder = folder.trim_end_matches('/');
    let keys = super::objects::list(address, options.time_limit)?;
    Ok(keys.into_iter().map(|key| (format!("{folder}/{key}").into(), key)).collect())
}

/// Without the feature, an error that says how to get it.
#[cfg(not(feature = "object-stores"))]
fn list(_: &Path, address: &Address, _: &ReadOptions) -> Result<Vec<(PathBuf, String)>, TableError> {
    let (what, feature) = ("a file in an object store", "object-stores");
    Err(TableError::MissingFeature { path: address.shown(), what, feature })
}

/// An object at an address, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The address without passwords and signatures.
    pub address: PathBuf,
    /// What changes with the content: the size and the entity tag (`ETag`).
    pub tag: String,
}

/// What tells whether the object at an address such as `s3://bucket/sales.csv` has changed; no byte of its content is read. `None`
/// for other addresses and for files, and where the store tells no entity tag or cannot be asked.
#[must_use]
pub fn object_version(path: &Path, options: &ReadOptions) -> Option<ObjectVersion> {
    let address = Address::parse(path).ok()?.filter(|address| address.kind == Kind::Object)?;
    Some(ObjectVersion { address: address.shown(), tag: version(&address, options)? })
}

#[cfg(feature = "object-stores")]
fn version(address: &Address, options: &ReadOptions) -> Option<String> {
    super::objects::version(address, options.time_limit)
}

#[cfg(not(feature = "object-stores"))]
fn version(_: &Address, _: &ReadOptions) -> Option<String> {
    None
}

/// The tables of what `input` gives, read to its end; `name` is what messages call it.
///
/// # Errors
/// As [`tables`].
pub fn tables_from(input: impl Read, name: &Path, options: &ReadOptions) -> Result<Tables, TableError> {
    open(Input::keep(name, input)?, options, 0).map(Tables)
}

/// The tables of a file, one after the other; see [`tables`].
pub struct Tables(TableIter);

impl Iterator for Tables {
    type Item = Result<Table, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

fn open(input: Input, options: &ReadOptions, depth: usize) -> Result<TableIter, TableError> {
    let (format, start) = formats::detect(&input)?;
    let input = if format.reads_ranges() { input } else { input.fetched()? };
    // Workbooks are zip archives too, and have been recognised as what they are.
    if archive::is_zip(&start) && format.name() == crate::read::TEXT && depth < MAX_DEPTH {
        let options = options.clone();
        let members = archive::members(input)?;
        return Ok(Box::new(members.into_iter().flat_map(move |member| open_member(member, &options, depth))));
    }
    read(format, input, options)
}

/// The tables of one member; what keeps it from being opened is an error in their place.
fn open_member(member: Result<Input, TableError>, options: &ReadOptions, depth: usize) -> TableIter {
    match member.and_then(|member| open(member, options, depth + 1)) {
        Ok(tables) => tables,
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

fn read(format: &'static dyn Source, input: Input, options: &ReadOptions) -> Result<TableIter, TableError> {
    let other_extension = formats::other_extension(&input, format);
    let names_only = options.names_only;
    let max_rows = if names_only { 1 } else { options.max_rows };
    let tables = format.tables(input, &ReadOptions { max_rows, ..options.clone() })?;
    Ok(Box::new(tables.map(move |table| {
        table.map(|mut table| {
            table.other_extension.clone_from(&other_extension);
            if names_only {
                table.columns.iter_mut().for_each(|column| column.values = Vec::new());
            }
            table
        })
    })))
}
