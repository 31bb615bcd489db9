//! The members of a zip archive.

use super::TableError;
use super::input::Input;

/// Whether a file that begins with these bytes is a zip archive.
pub(super) fn is_zip(start: &[u8]) -> bool {
    cfg!(feature = "compression") && start.starts_with(b"PK\x03\x04")
}

#[cfg(not(feature = "compression"))]
pub(super) fn members(_: Input) -> Result<Vec<Result<Input, TableError>>, TableError> {
    Ok(Vec::new())
}

/// The members that are files, in the order of the archive.
#[cfg(feature = "compression")]
pub(super) fn members(input: Input) -> Result<Vec<Result<Input, TableError>>, TableError> {
    with_zip::members(input)
}

#[cfg(feature = "compression")]
mod with_zip {
    use std::fs::File;
    use std::io::BufReader;

    use zip::{CompressionMethod, ZipArchive};

    use super::{Input, TableError};
    use crate::codec::Codec;

    const ZIP: &str = "a zip archive";
    /// The maximum number of members.
    const MAX_MEMBERS: usize = 100_000;

    pub(super) fn members(input: Input) -> Result<Vec<Result<Input, TableError>>, TableError> {
        let input = input.unpacked()?;
        let damaged =
            |place: String, problem: String| TableError::Damaged { path: input.name(), format: ZIP, place, problem };
        let file = input.on_disk()?.open().map_err(|error| input.error(error))?;
        let mut archive =
            ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(String::new(), error.to_string()))?;
        if archive.len() > MAX_MEMBERS {
            return Err(TableError::TooLarge {
                path: input.name(),
                what: "the number of its members",
                limit: "100,000",
            });
        }
        let members: Vec<_> = (0..archive.len()).filter_map(|index| member(&input, &mut archive, index)).collect();
        if members.is_empty() {
            return Err(TableError::NoTables { path: input.name(), expected: "a member that is a file" });
        }
        Ok(members)
    }

    /// A member; `None` for folders and for files that the operating system or the archiving program added.
    fn member(
        input: &Input,
        archive: &mut ZipArchive<BufReader<File>>,
        index: usize,
    ) -> Option<Result<Input, TableError>> {
        let problem = |name: &str, problem: String| {
            let path = input.name_of(name);
            Some(Err(TableError::Damaged { path, format: ZIP, place: String::new(), problem }))
        };
        let found = match archive.by_index_raw(index) {
            Ok(found) => found,
            Err(error) => return problem(&format!("member {}", index + 1), error.to_string()),
        };
        let name = String::from_utf8_lossy(found.name_raw()).into_owned();
        let base = name.rsplit('/').next().unwrap_or_default();
        if !found.is_file() || name.starts_with("__MACOSX/") || base.starts_with('.') || base == "Thumbs.db" {
            return None;
        }
        if found.encrypted() {
            return Some(Err(TableError::Protected { path: input.name_of(&name) }));
        }
        let codec = match found.compression() {
            CompressionMethod::Stored => None,
            CompressionMethod::Deflated => Some(Codec::Deflate),
            // Data in these formats begins with a magic number of its own, by which it is recognised.
            CompressionMethod::BZIP2 | CompressionMethod::ZSTD | CompressionMethod::XZ => None,
            method => return problem(&name, format!("the compression method {method} is not supported")),
        };
        let Some(begin) = found.data_start() else { return problem(&name, "it has no data".into()) };
        Some(input.member(&name, begin, found.compressed_size(), codec))
    }
}
