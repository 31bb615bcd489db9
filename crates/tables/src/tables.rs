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

/// How many levels of nested archives are opened.
const MAX_DEPTH: usize = 2;

/// The tables of the file at `path`, in the order of the file: sheets of a workbook, tables and views of a database, members of an
/// archive, or the single table of a text or Parquet file. The format is recognised by the content; an extension that does not
/// match it is reported as a [remark](Table::remarks).
///
/// For an address such as `postgres://user@host/database`, these are the tables and views of that database ([`ReadOptions::tables`]
/// selects some of them); an address such as `s3://bucket/lake.parquet` leads to an object. The first needs the feature `databases`
/// of this crate, the second the feature `object-stores`. The password in an address appears in no message and in no table.
///
/// Each table is read when the iterator reaches it, and holds a sample of its rows: see [`ReadOptions::max_rows`] and
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
/// [`TableError`] if there is no such file, if its format is not one that holds tables, or if it is damaged before the first table.
/// For a table that cannot be read, the iterator returns an error, and then continues with the next table.
pub fn tables(path: &Path, options: &ReadOptions) -> Result<Tables, TableError> {
    match Address::parse(path)? {
        Some(address) if address.kind == Kind::Database => databases::tables(address, options).map(Tables),
        _ => open(Input::open(path, options)?, options, 0).map(Tables),
    }
}

/// The objects below an address that ends with a slash, such as `s3://bucket/folder/`, in order: the address of each, and its path
/// relative to the folder. `None` for other addresses and for files.
///
/// # Errors
/// [`TableError`] if the folder cannot be listed, or if this crate was built without the feature `object-stores`.
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

/// The current version of an object at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The address without passwords and signatures.
    pub address: PathBuf,
    /// What identifies the content: the size and the entity tag (`ETag`).
    pub tag: String,
}

/// The version of the object at an address such as `s3://bucket/sales.csv`, by which you can tell whether it has changed; none of
/// its content is read. `None` for other addresses and for files, and if the store returns no entity tag or cannot be reached.
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

/// The tables in `input`, which is read to its end; messages call it `name`.
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

/// The tables of one member; if it cannot be opened, the error takes their place.
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
