//! The values of an Avro file.

use super::schema::{Kind, MAX_DEPTH, Schema, Type};
use crate::named_rows::NamedRows;
use crate::record::CELL_LIMIT;
use crate::{calendar, values};

/// Reads a record into the row, or a value of another type into a column without a name.
pub(super) fn read_row(schema: &Schema, bytes: &mut &[u8], rows: &mut NamedRows) -> Result<(), String> {
    read(schema, schema.root_type(), bytes, &mut String::new(), 0, rows)
}

fn read(
    schema: &Schema,
    of: Type,
    bytes: &mut &[u8],
    name: &mut String,
    depth: usize,
    rows: &mut NamedRows,
) -> Result<(), String> {
    match schema.kind(of) {
        Kind::Union(types) => read(schema, branch(types, bytes)?, bytes, name, depth, rows),
        Kind::Record(fields) if depth < MAX_DEPTH && !rows.is_column(name) => {
            let length = name.len();
            for (field, of) in fields {
                if length > 0 {
                    name.push('.');
                }
                name.push_str(field);
                let read = read(schema, *of, bytes, name, depth + 1, rows);
                name.truncate(length);
                read?;
            }
            Ok(())
        }
        _ => {
            let mut text = String::new();
            push(schema, of, bytes, Shape::Plain, depth, &mut text)?;
            if !text.is_empty() {
                rows.set_named(name, &text);
            }
            Ok(())
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Plain,
    Json,
}

/// Appends the text of a value to `text`; nothing if the value is null, unless it is inside another value.
fn push(
    schema: &Schema,
    of: Type,
    bytes: &mut &[u8],
    shape: Shape,
    depth: usize,
    text: &mut String,
) -> Result<(), String> {
    if depth > 4 * MAX_DEPTH {
        return Err("its values lie too deep in one another".into());
    }
    let shown = match schema.kind(of) {
        Kind::Null => {
            text.push_str(if shape == Shape::Json { "null" } else { "" });
            return Ok(());
        }
        Kind::Boolean => {
            text.push_str(if take(bytes, 1)?[0] == 0 { "false" } else { "true" });
            return Ok(());
        }
        Kind::Int | Kind::Long => {
            text.push_str(&long(bytes)?.to_string());
            return Ok(());
        }
        Kind::Float => {
            text.push_str(&f32::from_le_bytes(array(bytes)?).to_string());
            return Ok(());
        }
        Kind::Double => {
            text.push_str(&values::float(f64::from_le_bytes(array(bytes)?)));
            return Ok(());
        }
        Kind::Decimal(of, scale) => {
            let digits = match schema.kind(*of) {
                Kind::Fixed(size) => take(bytes, *size)?,
                _ => sized(bytes)?,
            };
            text.push_str(&decimal(digits, *scale));
            return Ok(());
        }
        Kind::Union(types) => {
            let of = branch(types, bytes)?;
            return push(schema, of, bytes, shape, depth + 1, text);
        }
        Kind::Array(of) => return push_items(schema, *of, bytes, false, depth, text),
        Kind::Map(of) => return push_items(schema, *of, bytes, true, depth, text),
        Kind::Record(fields) => {
            text.push('{');
            for (index, (name, of)) in fields.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                text.push_str(&serde_json::Value::from(name.as_str()).to_string());
                text.push_str(": ");
                push(schema, *of, bytes, Shape::Json, depth + 1, text)?;
            }
            text.push('}');
            return Ok(());
        }
        Kind::Bytes => values::bytes(sized(bytes)?),
        Kind::Fixed(size) => values::bytes(take(bytes, *size)?),
        Kind::String => String::from_utf8_lossy(sized(bytes)?).into_owned(),
        Kind::Enum(symbols) => {
            let index = usize::try_from(long(bytes)?).ok();
            index.and_then(|index| symbols.get(index)).ok_or("expected one of the symbols of an enum")?.clone()
        }
        Kind::Date => calendar::date(long(bytes)?),
        Kind::Time(per_second) => calendar::time(long(bytes)?.max(0).saturating_mul(1_000_000_000 / per_second)),
        Kind::Timestamp(per_second, has_zone) => {
            let zone = if *has_zone { "+00:00" } else { "" };
            format!("{}{zone}", calendar::date_time(long(bytes)?, *per_second))
        }
    };
    match shape {
        Shape::Plain => text.push_str(&shown),
        Shape::Json => text.push_str(&serde_json::Value::from(shown).to_string()),
    }
    Ok(())
}

/// Appends the items of an array, or the entries of a map, as JSON.
fn push_items(
    schema: &Schema,
    of: Type,
    bytes: &mut &[u8],
    is_map: bool,
    depth: usize,
    text: &mut String,
) -> Result<(), String> {
    text.push(if is_map { '{' } else { '[' });
    let mut is_first = true;
    loop {
        let mut count = long(bytes)?;
        if count == 0 {
            break;
        }
        if count < 0 {
            long(bytes)?;
            count = count.saturating_neg();
        }
        for _ in 0..count {
            let (before, length) = (bytes.len(), text.len());
            text.push_str(if std::mem::replace(&mut is_first, false) { "" } else { ", " });
            if is_map {
                text.push_str(&serde_json::Value::from(String::from_utf8_lossy(sized(bytes)?)).to_string());
                text.push_str(": ");
            }
            push(schema, of, bytes, Shape::Json, depth + 1, text)?;
            if text.len() > CELL_LIMIT {
                text.truncate(length);
            }
            if bytes.len() == before {
                // There may be any number of items that take no bytes, such as nulls.
                break;
            }
        }
    }
    text.push(if is_map { '}' } else { ']' });
    Ok(())
}

fn branch(types: &[Type], bytes: &mut &[u8]) -> Result<Type, String> {
    let index = usize::try_from(long(bytes)?).ok();
    index.and_then(|index| types.get(index)).copied().ok_or_else(|| "expected one of the types of a union".into())
}

/// The next `count` bytes.
pub(super) fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], String> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or("a value goes beyond the end of its block")?;
    *bytes = rest;
    Ok(taken)
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], String> {
    take(bytes, N)?.try_into().map_err(|_| String::new())
}

/// A length, followed by as many bytes.
fn sized<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let length = usize::try_from(long(bytes)?).map_err(|_| "a value has a length below 0")?;
    take(bytes, length)
}

/// A variable-length integer: seven bits per byte, zigzag-encoded.
pub(super) fn long(bytes: &mut &[u8]) -> Result<i64, String> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?[0];
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Ok((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
    Err("a number is longer than numbers are".into())
}

/// A big-endian integer in two's complement, with the decimal point before its last `scale` digits.
fn decimal(bytes: &[u8], scale: usize) -> String {
    // No program writes larger numbers.
    let Some(start) = 16_usize.checked_sub(bytes.len()) else { return values::bytes(bytes) };
    let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) { 0xFF } else { 0 };
    let mut whole = [sign; 16];
    whole[start..].copy_from_slice(bytes);
    let number = i128::from_be_bytes(whole);
    let mut digits = number.unsigned_abs().to_string();
    if scale > 0 {
        let width = scale + 1;
        digits = format!("{digits:0>width$}");
        digits.insert(digits.len() - scale, '.');
    }
    if number < 0 { format!("-{digits}") } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        for (bytes, number) in [(&[0_u8][..], 0), (&[1], -1), (&[2], 1), (&[0x80, 1], 64)] {
            assert_eq!(long(&mut &*bytes), Ok(number));
        }
        assert!(long(&mut &[0x80; 12][..]).is_err() && long(&mut &[][..]).is_err());
        assert_eq!([decimal(&[4, 210], 2), decimal(&[255], 3), decimal(&[], 0)], ["12.34", "-0.001", "0"]);
    }
}
