//! The bytes of an input, which are read more than once: a file, the content of a pipe, an object or a member of an archive, each
//! of which may be compressed or in UTF-32.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tempfile::{NamedTempFile, SpooledTempFile};

use super::address::{Address, Kind};
use super::codec::{self, Codec};
#[cfg(feature = "object-stores")]
use super::objects::{self, Opened, Remote, RemoteReader};
use super::utf_32::{self, Order, Utf32};
use super::{ReadOptions, TableError};

/// How many bytes from a pipe are kept in memory; if there are more, they go to a temporary file.
const IN_MEMORY: usize = 64 << 20;
/// The maximum number of layers of compression that are removed.
const MAX_LAYERS: usize = 4;
/// How large a compressed file may become, in bytes, if it has to be decompressed to disk to be read.
const MAX_UNPACKED: u64 = 8 << 30;

/// Where the bytes are, and what they are called in messages.
pub(super) struct Input {
    /// The file.
    pub(super) path: PathBuf,
    /// The name of the archive member; empty for the file itself.
    pub(super) member: String,
    bytes: Arc<Bytes>,
    /// Where the member is in the archive: its first byte and its length, as stored.
    range: Option<(u64, u64)>,
    /// How the bytes are compressed, the outermost first.
    layers: Vec<Codec>,
    utf_32: Option<(Order, &'static str)>,
    /// The content as a file of its own, once it has been asked for.
    on_disk: OnceLock<OnDisk>,
}

enum Bytes {
    File(OnDisk),
    /// What was read from a pipe.
    Kept(Mutex<SpooledTempFile>),
    /// An object of which ranges are read.
    #[cfg(feature = "object-stores")]
    Remote(Arc<Remote>),
}

impl Input {
    /// Opens the file at `path`, reads the pipe, or opens the object if `path` is an address.
    pub(super) fn open(path: &Path, options: &ReadOptions) -> Result<Self, TableError> {
        match Address::parse(path)? {
            Some(address) if address.kind == Kind::Object => Self::object(address, options),
            Some(address) if address.kind == Kind::Sqlite => Self::file(Path::new(&address.path)),
            Some(address) => Err(TableError::Address { path: address.shown() }),
            None => Self::file(path),
        }
    }

    /// An object in a bucket, or a file behind HTTP.
    #[cfg(feature = "object-stores")]
    fn object(address: Address, options: &ReadOptions) -> Result<Self, TableError> {
        let path = address.shown();
        match objects::open(address, options.time_limit)? {
            Opened::Remote(remote) => Self::new(&path, Bytes::Remote(remote)),
            Opened::Whole(file) => Self::new(&path, Bytes::File(OnDisk::temporary(file))),
        }
    }

    /// Without the feature, an error that says how to get it.
    #[cfg(not(feature = "object-stores"))]
    #[expect(clippy::needless_pass_by_value, reason = "as with the feature")]
    fn object(address: Address, _: &ReadOptions) -> Result<Self, TableError> {
        let (what, feature) = ("a file in an object store", "object-stores");
        Err(TableError::MissingFeature { path: address.shown(), what, feature })
    }

    /// A file on this machine.
    fn file(path: &Path) -> Result<Self, TableError> {
        let kind = fs::metadata(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => TableError::Missing { path: path.to_path_buf() },
            _ => TableError::Io { path: path.to_path_buf(), source },
        })?;
        if kind.is_dir() {
            return Err(TableError::Folder { path: path.to_path_buf() });
        }
        if !kind.is_file() {
            let pipe = File::open(path).map_err(|source| TableError::Io { path: path.to_path_buf(), source })?;
            return Self::keep(path, pipe);
        }
        Self::new(path, Bytes::File(OnDisk { path: path.to_path_buf(), temporary: None }))
    }

    /// Everything that can be read from `input`, under the name `name`.
    pub(super) fn keep(name: &Path, mut input: impl Read) -> Result<Self, TableError> {
        let io_error = |source| TableError::Io { path: name.to_path_buf(), source };
        let mut kept = SpooledTempFile::new(IN_MEMORY);
        io::copy(&mut input, &mut kept).map_err(io_error)?;
        kept.flush().map_err(io_error)?;
        Self::new(name, Bytes::Kept(Mutex::new(kept)))
    }

    fn new(path: &Path, bytes: Bytes) -> Result<Self, TableError> {
        Self::of(path.to_path_buf(), String::new(), Arc::new(bytes)).unwrapped()
    }

    /// Bytes as they are: not compressed, and all of them.
    fn of(path: PathBuf, member: String, bytes: Arc<Bytes>) -> Self {
        Self { path, member, bytes, range: None, layers: Vec::new(), utf_32: None, on_disk: OnceLock::new() }
    }

    /// A member of this archive: `length` bytes from `begin` on, compressed with `codec`.
    pub(super) fn member(&self, name: &str, begin: u64, length: u64, codec: Option<Codec>) -> Result<Self, TableError> {
        let input = Self {
            range: Some((self.range.map_or(0, |(begin, _)| begin) + begin, length)),
            layers: codec.into_iter().collect(),
            ..Self::of(self.path.clone(), self.part_name(name), Arc::clone(&self.bytes))
        };
        input.unwrapped()
    }

    /// The same content as an uncompressed file. Archives need this, because their members can be anywhere in the file.
    pub(super) fn unpacked(self) -> Result<Self, TableError> {
        let bytes = Arc::new(Bytes::File(self.on_disk()?));
        Ok(Self::of(self.path, self.member, bytes))
    }

    /// The same input with its bytes on this machine: an object is fetched.
    #[cfg_attr(not(feature = "object-stores"), expect(clippy::unnecessary_wraps, reason = "as with the feature"))]
    pub(super) fn fetched(self) -> Result<Self, TableError> {
        #[cfg(feature = "object-stores")]
        if let Bytes::Remote(remote) = &*self.bytes {
            let file = objects::fetch(remote)?;
            return Ok(Self { bytes: Arc::new(Bytes::File(OnDisk::temporary(file))), ..self });
        }
        Ok(self)
    }

    /// The object, if its bytes are the content itself: neither compressed nor an archive of which this is a member.
    #[cfg(feature = "object-stores")]
    #[cfg_attr(not(feature = "columnar"), allow(dead_code, reason = "no other format is read in ranges"))]
    pub(super) fn remote(&self) -> Option<&Arc<Remote>> {
        match &*self.bytes {
            Bytes::Remote(remote) if self.layers.is_empty() && self.range.is_none() => Some(remote),
            _ => None,
        }
    }

    /// Finds out how the bytes are compressed and whether they are UTF-32.
    fn unwrapped(mut self) -> Result<Self, TableError> {
        let mut start = self.start(codec::START)?;
        while self.layers.len() < MAX_LAYERS
            && let Some(codec) = codec::recognise(&start)
        {
            self.layers.push(codec);
            start = self.start(codec::START)?;
        }
        self.utf_32 = utf_32::order(&start);
        Ok(self)
    }

    /// The name of the file, followed by a slash and the name of the member, if any.
    pub(super) fn name(&self) -> PathBuf {
        self.name_of("")
    }

    /// The same with the name of a part of it, such as a sheet.
    pub(super) fn name_of(&self, part: &str) -> PathBuf {
        let name = self.part_name(part);
        if name.is_empty() {
            return self.path.clone();
        }
        let mut path = self.path.clone().into_os_string();
        path.push(" / ");
        path.push(name);
        path.into()
    }

    /// The name of a part without that of the file: the member, and after a slash the part of it.
    pub(super) fn part_name(&self, part: &str) -> String {
        let names: Vec<&str> = [self.member.as_str(), part].into_iter().filter(|name| !name.is_empty()).collect();
        names.join(" / ")
    }

    /// The first bytes, at most `count`.
    pub(super) fn start(&self, count: usize) -> Result<Vec<u8>, TableError> {
        let mut start = Vec::new();
        self.reader()?.take(count as u64).read_to_end(&mut start).map_err(|error| self.error(error))?;
        Ok(start)
    }

    /// The encoding of the file, if [`Self::reader`] yields the content in another one.
    pub(super) fn encoding(&self) -> Option<&'static str> {
        self.utf_32.map(|(_, name)| name)
    }

    /// Reads from the start.
    pub(super) fn reader(&self) -> Result<Box<dyn Read + '_>, TableError> {
        let mut bytes = self.stored().map_err(|source| self.error(source))?;
        for codec in &self.layers {
            bytes = codec.unpack(bytes).map_err(|source| self.error(source))?;
        }
        if let Some((order, _)) = self.utf_32 {
            bytes = Box::new(Utf32::new(bytes, order));
        }
        Ok(bytes)
    }

    /// Reads the bytes as they are stored.
    fn stored(&self) -> io::Result<Box<dyn Read + '_>> {
        let (begin, length) = self.range.unwrap_or((0, u64::MAX));
        Ok(match &*self.bytes {
            Bytes::File(on_disk) => {
                let mut file = on_disk.open()?;
                if self.range.is_none() {
                    return Ok(Box::new(file));
                }
                file.seek(SeekFrom::Start(begin))?;
                Box::new(file.take(length))
            }
            Bytes::Kept(kept) => Box::new(KeptReader { kept, at: begin }.take(length)),
            #[cfg(feature = "object-stores")]
            Bytes::Remote(remote) => Box::new(RemoteReader { remote: Arc::clone(remote), at: begin }.take(length)),
        })
    }

    /// The content as a file of its own, for formats that are not read from the first byte to the last.
    pub(super) fn on_disk(&self) -> Result<OnDisk, TableError> {
        if let (Bytes::File(on_disk), None, true) = (&*self.bytes, self.range, self.layers.is_empty()) {
            return Ok(on_disk.clone());
        }
        if let Some(on_disk) = self.on_disk.get() {
            return Ok(on_disk.clone());
        }
        let mut file = NamedTempFile::new().map_err(|source| TableError::Io { path: self.name(), source })?;
        self.copy_to(&mut file)?;
        let on_disk = OnDisk::temporary(file);
        Ok(self.on_disk.get_or_init(|| on_disk).clone())
    }

    fn copy_to(&self, target: &mut impl Write) -> Result<(), TableError> {
        let copied = io::copy(&mut self.reader()?.take(MAX_UNPACKED + 1), target).map_err(|error| self.error(error))?;
        if copied > MAX_UNPACKED {
            return Err(TableError::TooLarge { path: self.name(), what: "what it unpacks to", limit: "8 GiB" });
        }
        target.flush().map_err(|error| self.error(error))
    }

    /// A read error, with the file's name.
    pub(super) fn error(&self, source: io::Error) -> TableError {
        #[cfg(feature = "object-stores")]
        if let Bytes::Remote(remote) = &*self.bytes
            && let Some(failure) = remote.take_failure()
        {
            return failure;
        }
        let path = self.name();
        let is_damage = matches!(
            source.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData
                | io::ErrorKind::Other
        );
        match self.layers.last() {
            Some(Codec::Gzip) if is_damage => TableError::Gzip { path, source },
            Some(codec) if is_damage => {
                TableError::Damaged { path, format: codec.name(), place: String::new(), problem: source.to_string() }
            }
            _ => TableError::Io { path, source },
        }
    }
}

/// A file with random access; a temporary one is removed when the last value that refers to it is dropped.
#[derive(Clone)]
pub(super) struct OnDisk {
    path: PathBuf,
    #[allow(dead_code, reason = "held for its drop, which removes the file")]
    temporary: Option<Arc<NamedTempFile>>,
}

impl OnDisk {
    fn temporary(file: NamedTempFile) -> Self {
        Self { path: file.path().to_path_buf(), temporary: Some(Arc::new(file)) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn open(&self) -> io::Result<File> {
        File::open(&self.path)
    }
}

/// Reads what came through a pipe, from a given position on.
struct KeptReader<'a> {
    kept: &'a Mutex<SpooledTempFile>,
    at: u64,
}

impl Read for KeptReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.seek(SeekFrom::Start(self.at))?;
        let length = kept.read(buffer)?;
        self.at += length as u64;
        Ok(length)
    }
}
