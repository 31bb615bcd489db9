//! TensorBoard's event files: TFRecord frames around `tensorflow.Event` messages.
//!
//! Written by hand because it is two small formats and nothing else: a frame is
//! `length u64 | masked crc32c of length | payload | masked crc32c of payload`, and of the protocol buffer only the fields
//! `wall_time = 1`, `step = 2`, `file_version = 3`, `summary = 5 { value = 1 { tag = 1, simple_value = 2 } }` are needed.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Event, Observer};
use crate::{Result, TrainError};

/// Scalars in two TensorBoard runs, `train` and `validation`, so that both losses share one chart. The horizontal axis
/// is the number of steps.
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
        if let Event::RunStart(_) = event {
            let open = |part: &str| EventFile::create(&self.folder.join(part));
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
            Event::RunEnd(_) => {
                train.flush()?;
                validation.flush()
            }
            _ => Ok(()),
        }
    }
}

/// One event file. Frames are collected and written by `flush`.
struct EventFile {
    path: PathBuf,
    file: File,
    pending: Vec<u8>,
}

impl EventFile {
    fn create(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(TrainError::io(folder))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // TensorBoard reads files in the order of their names; the process id keeps two runs of one second apart.
        let name = format!("events.out.tfevents.{:010}.{}.drivetrain", now.as_secs(), std::process::id());
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
    let mut scalars = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let part = |from: usize, len: usize| {
            file.get(from..from + len).ok_or(format!("the file ends inside the frame at byte {at}"))
        };
        let length_bytes = part(at, 8)?;
        let length = u64::from_le_bytes(length_bytes.try_into().unwrap_or_default()) as usize;
        let message = part(at + 12, length)?;
        if part(at + 8, 4)? != masked_crc(length_bytes) || part(at + 12 + length, 4)? != masked_crc(message) {
            return Err(format!("the frame at byte {at} has a wrong checksum"));
        }
        let mut step = 0;
        for (number, value) in fields(message)? {
            match (number, value) {
                (2, Field::Varint(value)) => step = value,
                (5, Field::Bytes(summary)) => {
                    for (_, entry) in fields(summary)? {
                        let Field::Bytes(entry) = entry else { continue };
                        let (mut tag, mut scalar) = (String::new(), 0.0);
                        for (number, value) in fields(entry)? {
                            match (number, value) {
                                (1, Field::Bytes(bytes)) => tag = String::from_utf8_lossy(bytes).into_owned(),
                                (2, Field::Fixed32(bits)) => scalar = f32::from_bits(bits),
                                _ => {}
                            }
                        }
                        scalars.push((step, tag, scalar));
                    }
                }
                _ => {}
            }
        }
        at += 16 + length;
    }
    Ok(scalars)
}

enum Field<'a> {
    Varint(u64),
    Fixed32(u32),
    Fixed64,
    Bytes(&'a [u8]),
}

/// The fields of a protocol buffer message.
fn fields(mut message: &[u8]) -> std::result::Result<Vec<(u64, Field<'_>)>, String> {
    let cut = || "a message ends inside a field".to_owned();
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
            other => return Err(format!("unknown wire type {other}")),
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
