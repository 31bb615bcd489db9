//! The two formats that an event file consists of, implemented only as far as they are needed.
//!
//! A file is a sequence of frames, `length u64 | masked crc32c of length | payload | masked crc32c of payload` (TFRecord). A
//! payload is a protocol buffer `tensorflow.Event`: `wall_time = 1`, `step = 2`, `file_version = 3`, `summary = 5`, where a summary
//! is a list of values: `tag = 1`, `simple_value = 2`, `histo = 5`, `tensor = 8`, `metadata = 9`.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

/// A message of a protocol buffer, field by field.
#[derive(Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn integer(mut self, field: u8, value: u64) -> Self {
        self.0.push(field << 3);
        varint(&mut self.0, value);
        self
    }

    pub(super) fn double(mut self, field: u8, value: f64) -> Self {
        self.0.push(field << 3 | 1);
        self.0.extend(value.to_le_bytes());
        self
    }

    pub(super) fn float(mut self, field: u8, value: f32) -> Self {
        self.0.push(field << 3 | 5);
        self.0.extend(value.to_le_bytes());
        self
    }

    pub(super) fn bytes(mut self, field: u8, bytes: &[u8]) -> Self {
        self.0.push(field << 3 | 2);
        varint(&mut self.0, bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    pub(super) fn text(self, field: u8, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    pub(super) fn message(self, field: u8, message: Self) -> Self {
        self.bytes(field, &message.0)
    }

    pub(super) fn doubles(self, field: u8, values: &[f64]) -> Self {
        let packed: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.bytes(field, &packed)
    }

    /// Several messages in one field.
    pub(super) fn messages(self, field: u8, messages: impl IntoIterator<Item = Self>) -> Self {
        messages.into_iter().fold(self, |whole, message| whole.message(field, message))
    }
}

/// An event with the current time.
pub(super) fn event() -> Message {
    Message::new().double(1, seconds_now())
}

pub(super) fn seconds_now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// Appends a message as a frame.
pub(super) fn frame(out: &mut Vec<u8>, message: &Message) {
    let length = (message.0.len() as u64).to_le_bytes();
    out.extend(length);
    out.extend(masked_crc(&length));
    out.extend(&message.0);
    out.extend(masked_crc(&message.0));
}

/// The checksum of a TFRecord: crc32c, rotated and offset by a constant, so that a checksum of data that contains checksums is
/// still useful.
fn masked_crc(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8).to_le_bytes()
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// One record of an event file.
pub(super) struct Frame<'a> {
    /// Where it ends in the file.
    pub(super) end: usize,
    pub(super) step: u64,
    /// The tags of the values, and the values of those that are scalars.
    pub(super) scalars: Vec<(Cow<'a, str>, Option<f32>)>,
}

/// The records of an event file, up to and including the first that is damaged.
pub(super) fn frames(file: &[u8]) -> impl Iterator<Item = std::result::Result<Frame<'_>, String>> {
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

fn read_scalar(entry: &[u8]) -> std::result::Result<(Cow<'_, str>, Option<f32>), String> {
    let (mut tag, mut scalar) = (Cow::Borrowed(""), None);
    for (number, value) in fields(entry)? {
        match (number, value) {
            (1, Field::Bytes(bytes)) => tag = String::from_utf8_lossy(bytes),
            (2, Field::Fixed32(bits)) => scalar = Some(f32::from_bits(bits)),
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
    fn the_checksum_is_tensorflows() {
        // The length of TensorBoard's own first record, 24 bytes, and its checksum as TensorFlow writes it.
        assert_eq!(masked_crc(&24_u64.to_le_bytes()), [0xA3, 0x7F, 0x4B, 0x22]);
    }
}
