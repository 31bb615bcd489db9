//! The parts of a workbook that is a zip archive.

use std::io::BufReader;

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use crate::TableError;
use crate::input::Input;

/// The maximum size of the strings that all sheets share, in bytes: they are held in memory.
const MAX_STRINGS: u64 = 2 << 30;
/// A part larger than this, in bytes, must not have a compression ratio above [`MAX_RATIO`]: no sheet of a real
/// workbook has.
const LARGE: u64 = 64 << 20;
const MAX_RATIO: u64 = 500;

/// The archive, where the file is one.
pub(super) fn open(input: &Input) -> Option<ZipArchive<BufReader<std::fs::File>>> {
    let file = input.on_disk().ok()?.open().ok()?;
    ZipArchive::new(BufReader::new(file)).ok()
}

/// Whether a file that begins with `start` is a zip archive with this part in it.
pub(super) fn has(start: &[u8], input: &Input, part: &str) -> bool {
    start.starts_with(b"PK\x03\x04") && open(input).is_some_and(|archive| archive.index_for_name(part).is_some())
}

/// Refuses archives that were made to exhaust the memory (zip bombs).
pub(super) fn check(input: &Input) -> Result<(), TableError> {
    let Some(mut archive) = open(input) else { return Ok(()) };
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index_raw(index) else { continue };
        let name = String::from_utf8_lossy(part.name_raw()).to_lowercase();
        let too_large = |what, limit| Err(TableError::TooLarge { path: input.name(), what, limit });
        if name.contains("sharedstrings") && part.size() > MAX_STRINGS {
            return too_large("the text of its cells", "2 GiB");
        }
        if part.size() > LARGE && part.size() / part.compressed_size().max(1) > MAX_RATIO {
            return too_large("what a part of it unpacks to", "500 times its size");
        }
    }
    Ok(())
}

/// The value of an attribute of an element in such a part, whatever its namespace prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(quick_xml::escape::unescape(&found.value).map_or_else(|_| found.value.to_string(), |text| text.into_owned()))
}
