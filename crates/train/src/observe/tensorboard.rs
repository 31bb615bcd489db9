//! TensorBoard's event files: TFRecord frames around `tensorflow.Event` messages.
//!
//! Written by hand because it is two small formats and nothing else: a frame is
//! `length u64 | masked crc32c of length | payload | masked crc32c of payload`, and of the protocol buffer only the fields
//! `wall_time = 1`, `step = 2`, `file_version = 3`, `summary = 5 { value = 1 { tag = 1, simple_value = 2 } }` are needed.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Event, Observer};
use crate::{Result, TrainError};

/// What the tags of single steps begin with; others are of validations.
const OF_STEPS: &str = "step/";

/// Scalars in two TensorBoard runs, `train` and `validation`, so that both losses share one chart. The horizontal axis
/// is the number of steps.
///
/// A resumed run goes on in the same files, from which it first cuts the steps that it will take again: no chart has an
/// overlap or a gap.
pub struct TensorBoard {
    folder: PathBuf,
    writers: Option<[EventFile; 2]>,
    every: u64,
}

impl TensorBoard {
    /// Writes below `folder`, training steps only every `every`-th (0: none).
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, every: u64) -> Self {
        Self { folder: folder.into(), writers: None, every }
    }
}

impl Observer for TensorBoard {
    fn on(&mut self, event: &Event<'_>) -> Result<()> {
        if let Event::RunStart(start) = event {
            let step = start.resumed_at.map_or(0, |at| at.step);
            let open = |part: &str| EventFile::open(&self.folder.join(part), step, start.validated_at);
            self.writers = Some([open("train")?, open("validation")?]);
        }
        let Some([train, validation]) = &mut self.writers else { return Ok(()) };
        match event {
            Event::Step(step) if self.every > 0 && step.step.is_multiple_of(self.every) => {
                let scalars = [
                    ("step/loss", step.loss),
                    ("step/gradient_norm", step.gradient_norm),
                    ("step/learning_rate", step.learning_rate),
                ];
                train.scalars(step.step + 1, &scalars)
            }
            Event::Validated(validated) => {
                let record = validated.record;
                train.scalars(
                    record.step,
                    &[
                        ("loss", record.train_loss),
                        ("learning_rate", record.learning_rate),
                        ("dropout", record.dropout),
                        ("samples_per_second", validated.samples_per_second),
                    ],
                )?;
                let mut scalars = vec![("loss", record.validation_loss), ("score", record.score)];
                let names: Vec<String> = record.figures.iter().map(|(name, _)| format!("metrics/{name}")).collect();
                scalars.extend(names.iter().zip(&record.figures).map(|(name, (_, value))| (name.as_str(), *value)));
                validation.scalars(record.step, &scalars)?;
                train.flush()?;
                validation.flush()
            }
            Event::Saving { .. } => {
                train.sync()?;
                validation.sync()
            }
            Event::RunEnd(_) => {
                train.flush()?;
                validation.flush()
            }
            _ => Ok(()),
        }
    }
}

/// What the names of our event files end in.
const NAME_END: &str = ".drivetrain";

/// One event file. Frames are collected and written by `flush`.
struct EventFile {
    path: PathBuf,
    file: File,
    pending: Vec<u8>,
}

impl EventFile {
    /// The file in `folder` where a run goes on: behind its first `step` steps and the validations up to `validated`. A run
    /// at its beginning has a new file, in place of any other.
    fn open(folder: &Path, step: u64, validated: u64) -> Result<Self> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let is_ours = |path: &PathBuf| path.to_string_lossy().ends_with(NAME_END);
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_ours).collect();
        paths.sort();
        let kept = if step > 0 && !paths.is_empty() { Some(paths.remove(0)) } else { None };
        for path in paths {
            std::fs::remove_file(&path).map_err(TrainError::io(&path))?;
        }
        match kept {
            Some(path) => Self::go_on(path, step, validated),
            None => Self::create(folder),
        }
    }

    fn go_on(path: PathBuf, step: u64, validated: u64) -> Result<Self> {
        let open = || -> std::io::Result<File> {
            let mut file = File::options().read(true).append(true).open(&path)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            let is_kept = |frame: &Frame<'_>| {
                let of_steps = frame.scalars.iter().any(|(tag, _)| tag.starts_with(OF_STEPS));
                frame.step <= if of_steps { step } else { validated }
            };
            let kept = frames(&bytes).map_while(std::result::Result::ok).take_while(is_kept).last();
            file.set_len(kept.map_or(0, |frame| frame.end) as u64)?;
            Ok(file)
        };
        let file = open().map_err(TrainError::io(&path))?;
        Ok(Self { path, file, pending: Vec::new() })
    }

    fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(TrainError::io(folder))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // TensorBoard reads files in the order of their names; the process id keeps two runs of one second apart.
        let name = format!("events.out.tfevents.{:010}.{}{NAME_END}", now.as_secs(), std::process::id());
        let path = folder.join(name);
        let file = File::options().create(true).append(true).open(&path).map_err(TrainError::io(&path))?;
        let mut this = Self { path, file, pending: Vec::new() };
        let mut message = wall_time();
        bytes_field(&mut message, 3, b"brain.Event:2");
        this.frame(&message);
        this.flush()?;
        Ok(this)
    }

    fn scalars(&mut self, step: u64, scalars: &[(&str, f64)]) -> Result<()> {
        let mut summary = Vec::new();
        for (tag, value) in scalars {
            let mut entry = Vec::new();
            bytes_field(&mut entry, 1, tag.as_bytes());
            entry.push(2 << 3 | 5);
            entry.extend((*value as f32).to_le_bytes());
            bytes_field(&mut summary, 1, &entry);
        }
        let mut message = wall_time();
        message.push(2 << 3);
        varint(&mut message, step);
        bytes_field(&mut message, 5, &summary);
        self.frame(&message);
        if self.pending.len() > 1 << 16 { self.flush() } else { Ok(()) }
    }

    fn frame(&mut self, message: &[u8]) {
        let length = (message.len() as u64).to_le_bytes();
        self.pending.extend(length);
        self.pending.extend(masked_crc(&length));
        self.pending.extend(message);
        self.pending.extend(masked_crc(message));
    }

    fn flush(&mut self) -> Result<()> {
        self.file.write_all(&self.pending).map_err(TrainError::io(&self.path))?;
        self.pending.clear();
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        self.flush()?;
        self.file.sync_data().map_err(TrainError::io(&self.path))
    }
}

/// The checksum of a TFRecord: crc32c, rotated and shifted so that a checksum of data with checksums stays useful.
fn masked_crc(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8).to_le_bytes()
}

fn wall_time() -> Vec<u8> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let mut message = vec![1 << 3 | 1];
    message.extend(seconds.to_le_bytes());
    message
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes_field(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    out.push(number << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend(bytes);
}

/// The scalars of an event file written by [`TensorBoard`], as (step, tag, value), with every checksum verified.
///
/// # Errors
/// Says what is wrong and at which byte.
pub fn read_scalars(file: &[u8]) -> std::result::Result<Vec<(u64, String, f32)>, String> {
    let mut found = Vec::new();
    for frame in frames(file) {
        let Frame { step, scalars, .. } = frame?;
        found.extend(scalars.into_iter().map(|(tag, value)| (step, tag.into_owned(), value)));
    }
    Ok(found)
}

/// One record of an event file.
struct Frame<'a> {
    /// Where it ends in the file.
    end: usize,
    step: u64,
    scalars: Vec<(Cow<'a, str>, f32)>,
}

/// The records of an event file, up to and with the first that is damaged.
fn frames(file: &[u8]) -> impl Iterator<Item = std::result::Result<Frame<'_>, String>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= file.len() {
            return None;
        }
        let frame = read_frame(file, at).map_err(|problem| format!("the frame at byte {at} {problem}"));
        at = frame.as_ref().map_or(file.len(), |frame| frame.end);
        Some(frame)
    })
}

fn read_frame(file: &[u8], at: usize) -> std::result::Result<Frame<'_>, String> {
    let cut = || "is cut short".to_owned();
    let (length_bytes, rest) = file.get(at..).and_then(<[u8]>::split_first_chunk::<8>).ok_or_else(cut)?;
    let (length_crc, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let length = usize::try_from(u64::from_le_bytes(*length_bytes)).map_err(|_| cut())?;
    let (message, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    let (message_crc, _) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    if *length_crc != masked_crc(length_bytes) || *message_crc != masked_crc(message) {
        return Err("has a wrong checksum".into());
    }
    let mut frame = Frame { end: at + 16 + length, step: 0, scalars: Vec::new() };
    for (number, value) in fields(message)? {
        match (number, value) {
            (2, Field::Varint(step)) => frame.step = step,
            (5, Field::Bytes(summary)) => {
                for (_, entry) in fields(summary)? {
                    let Field::Bytes(entry) = entry else { continue };
                    frame.scalars.push(read_scalar(entry)?);
                }
            }
            _ => {}
        }
    }
    Ok(frame)
}

fn read_scalar(entry: &[u8]) -> std::result::Result<(Cow<'_, str>, f32), String> {
    let (mut tag, mut scalar) = (Cow::Borrowed(""), 0.0);
    for (number, value) in fields(entry)? {
        match (number, value) {
            (1, Field::Bytes(bytes)) => tag = String::from_utf8_lossy(bytes),
            (2, Field::Fixed32(bits)) => scalar = f32::from_bits(bits),
            _ => {}
        }
    }
    Ok((tag, scalar))
}

enum Field<'a> {
    Varint(u64),
    Fixed32(u32),
    Fixed64,
    Bytes(&'a [u8]),
}

/// The fields of a protocol buffer message.
fn fields(mut message: &[u8]) -> std::result::Result<Vec<(u64, Field<'_>)>, String> {
    let cut = || "ends inside a field".to_owned();
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = take_varint(&mut message).ok_or_else(cut)?;
        let field = match key & 7 {
            0 => Field::Varint(take_varint(&mut message).ok_or_else(cut)?),
            1 => {
                message = message.get(8..).ok_or_else(cut)?;
                Field::Fixed64
            }
            2 => {
                let length = take_varint(&mut message).ok_or_else(cut)? as usize;
                let (bytes, rest) = message.split_at_checked(length).ok_or_else(cut)?;
                message = rest;
                Field::Bytes(bytes)
            }
            5 => {
                let (bits, rest) = message.split_first_chunk::<4>().ok_or_else(cut)?;
                message = rest;
                Field::Fixed32(u32::from_le_bytes(*bits))
            }
            other => return Err(format!("has the unknown wire type {other}")),
        };
        found.push((key >> 3, field));
    }
    Ok(found)
}

fn take_varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = EventFile::create(folder.path()).unwrap();
        file.scalars(300, &[("loss", 0.25), ("metrics/f1", 0.5)]).unwrap();
        file.scalars(70_000, &[("loss", 0.125)]).unwrap();
        file.flush().unwrap();
        let mut bytes = std::fs::read(&file.path).unwrap();
        let scalar = |step, tag: &str, value| (step, tag.to_owned(), value);
        let expected = vec![scalar(300, "loss", 0.25), scalar(300, "metrics/f1", 0.5), scalar(70_000, "loss", 0.125)];
        assert_eq!(read_scalars(&bytes), Ok(expected));
        let last = bytes.len() - 6;
        bytes[last] ^= 1;
        assert!(read_scalars(&bytes).unwrap_err().contains("checksum"));
    }

    #[test]
    fn the_checksum_is_tensorflows() {
        // The length of TensorBoard's own first record, 24 bytes, and its checksum as TensorFlow writes it.
        assert_eq!(masked_crc(&24_u64.to_le_bytes()), [0xA3, 0x7F, 0x4B, 0x22]);
    }
}
