//! The formats that tables are stored in: each has a file or folder here and a line in [`SOURCES`].

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

/// All formats; those that are recognised with certainty come first. Delimited text is last, because it accepts what no other
/// format does.
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

/// How many bytes are needed to recognise the format of a file.
const START: usize = 256 << 10;

/// The format of a file, by its content, and the first bytes of it.
pub(super) fn detect(input: &Input) -> Result<(&'static dyn Source, Vec<u8>), super::TableError> {
    let start = input.start(START)?;
    let found = SOURCES.iter().find(|format| format.recognises(&start, input)).unwrap_or(&SOURCES[SOURCES.len() - 1]);
    Ok((*found, start))
}

/// Extensions of compressed files, which come after the extension of the content.
const COMPRESSED: [&str; 5] = ["gz", "zst", "bz2", "xz", "zip"];

/// Whether a file is a table, judging by its name: it has the extension of a format that rarely holds anything else, possibly
/// followed by that of a compression format (`people.csv.gz`), or it is a zip archive. HTML pages are left out, since few of them
/// contain tables.
///
/// The format of a file is recognised by its content; this function only tells which files of a folder are worth opening.
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
    // The rest is the name proper, which must not be missing.
    let has_name = parts.next().is_some();
    let is_known = |source: &&dyn Source| source.name() != html::HTML && source.extensions().contains(&extension);
    is_archive || (has_name && SOURCES.iter().any(is_known))
}

/// The extension of a file, if it belongs to a format other than `format`.
pub(super) fn other_extension(input: &Input, format: &dyn Source) -> Option<String> {
    let name = input.name().file_name()?.to_string_lossy().to_lowercase();
    let mut parts = name.rsplit('.').skip_while(|end| COMPRESSED.contains(end));
    let extension = parts.next()?;
    let is_extension = parts.next().is_some() && !format.extensions().contains(&extension);
    let is_known = || SOURCES.iter().any(|other| other.extensions().contains(&extension));
    (is_extension && is_known()).then(|| extension.to_owned())
}
