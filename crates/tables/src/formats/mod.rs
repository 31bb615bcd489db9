//! The formats that tables are stored in: each is a file here and a line in [`SOURCES`].

mod avro;
#[cfg(feature = "columnar")]
pub(crate) mod columnar;
mod delimited;
mod html;
mod json;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "workbooks")]
mod workbook;

use std::path::Path;

use super::input::Input;
use super::source::Source;

/// All of them, the ones that are recognised with certainty first. Delimited text is last: it takes what no other does.
static SOURCES: &[&dyn Source] = &[
    #[cfg(feature = "workbooks")]
    &workbook::Xlsx,
    #[cfg(feature = "workbooks")]
    &workbook::Xlsb,
    #[cfg(feature = "workbooks")]
    &workbook::Ods,
    #[cfg(feature = "workbooks")]
    &workbook::Xls,
    #[cfg(feature = "columnar")]
    &columnar::Parquet,
    #[cfg(feature = "columnar")]
    &columnar::Arrow,
    #[cfg(feature = "sqlite")]
    &sqlite::Sqlite,
    &avro::Avro,
    &json::Json,
    &html::Html,
    &delimited::DelimitedText,
];

/// How many bytes tell what a file is.
const START: usize = 256 << 10;

/// The format of a file, by its content, and the first bytes of it.
pub(super) fn detect(input: &Input) -> Result<(&'static dyn Source, Vec<u8>), super::TableError> {
    let start = input.start(START)?;
    let found = SOURCES.iter().find(|format| format.recognises(&start, input)).unwrap_or(&SOURCES[SOURCES.len() - 1]);
    Ok((*found, start))
}

/// Extensions of compressed files, which follow those of what is in them.
const COMPRESSED: [&str; 5] = ["gz", "zst", "bz2", "xz", "zip"];

/// Whether a file's name is that of a table: it has the extension of a format that holds hardly anything else, or that of one and
/// that of a compression (`people.csv.gz`), or it is a zip archive. Pages of HTML are left out, since few of them are tables.
///
/// What a file is comes from its content; this tells which files of a folder are worth a look.
///
/// ```
/// use tabular_sense_tables::has_table_extension;
///
/// assert!(has_table_extension("data/People.CSV.gz".as_ref()) && has_table_extension("book.xlsx".as_ref()));
/// assert!(!has_table_extension("page.html".as_ref()) && !has_table_extension("csv".as_ref()));
/// ```
#[must_use]
pub fn has_table_extension(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let mut parts = name.rsplit('.').peekable();
    let is_archive = parts.peek() == Some(&"zip");
    let extension = parts.by_ref().find(|end| !COMPRESSED.contains(end)).unwrap_or_default();
    // What is left is the name, which a file has to have.
    let has_name = parts.next().is_some();
    let is_known = |source: &&dyn Source| source.name() != html::HTML && source.extensions().contains(&extension);
    is_archive || (has_name && SOURCES.iter().any(is_known))
}

/// The extension of a file where it is that of another format than `format`.
pub(super) fn other_extension(input: &Input, format: &dyn Source) -> Option<String> {
    let name = input.name().file_name()?.to_string_lossy().to_lowercase();
    let mut parts = name.rsplit('.').skip_while(|end| COMPRESSED.contains(end));
    let extension = parts.next()?;
    let is_extension = parts.next().is_some() && !format.extensions().contains(&extension);
    let is_known = || SOURCES.iter().any(|other| other.extensions().contains(&extension));
    (is_extension && is_known()).then(|| extension.to_owned())
}
