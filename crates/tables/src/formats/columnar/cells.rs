//! The text of a value in an array.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, IntervalDayTimeType, IntervalMonthDayNanoType,
    IntervalYearMonthType, RunEndIndexType, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, RunArray};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};

use crate::record::CELL_LIMIT;
use crate::{calendar, values};

/// The maximum nesting depth of values that are shown.
const MAX_DEPTH: usize = 16;

/// Appends the text of a value to `text`; nothing if there is no value. `depth` is the nesting depth of the value.
pub(crate) fn push(array: &dyn Array, row: usize, depth: usize, text: &mut String) {
    if row >= array.len() || array.is_null(row) {
        return;
    }
    match array.data_type() {
        DataType::Boolean => text.push_str(if array.as_boolean().value(row) { "true" } else { "false" }),
        DataType::Utf8 => text.push_str(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => text.push_str(array.as_string::<i64>().value(row)),
        DataType::Utf8View => text.push_str(array.as_string_view().value(row)),
        DataType::Binary => text.push_str(&values::bytes(array.as_binary::<i32>().value(row))),
        DataType::LargeBinary => text.push_str(&values::bytes(array.as_binary::<i64>().value(row))),
        DataType::BinaryView => text.push_str(&values::bytes(array.as_binary_view().value(row))),
        DataType::FixedSizeBinary(_) => text.push_str(&values::bytes(array.as_fixed_size_binary().value(row))),
        DataType::Dictionary(key, _) => push_dictionary(array, key, row, depth, text),
        kind if kind.is_numeric() => push_number(array, row, text),
        kind if kind.is_temporal() => push_moment(array, row, text),
        _ => push_nested(array, row, depth, text),
    }
}

fn push_number(array: &dyn Array, row: usize, text: &mut String) {
    let shown = match array.data_type() {
        DataType::Int8 => value::<Int8Type>(array, row).to_string(),
        DataType::Int16 => value::<Int16Type>(array, row).to_string(),
        DataType::Int32 => value::<Int32Type>(array, row).to_string(),
        DataType::Int64 => value::<Int64Type>(array, row).to_string(),
        DataType::UInt8 => value::<UInt8Type>(array, row).to_string(),
        DataType::UInt16 => value::<UInt16Type>(array, row).to_string(),
        DataType::UInt32 => value::<UInt32Type>(array, row).to_string(),
        DataType::UInt64 => value::<UInt64Type>(array, row).to_string(),
        DataType::Float16 => values::float_32(value::<Float16Type>(array, row).into()),
        DataType::Float32 => values::float_32(value::<Float32Type>(array, row)),
        DataType::Float64 => values::float(value::<Float64Type>(array, row)),
        DataType::Decimal32(..) => array.as_primitive::<Decimal32Type>().value_as_string(row),
        DataType::Decimal64(..) => array.as_primitive::<Decimal64Type>().value_as_string(row),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Decimal256(..) => array.as_primitive::<Decimal256Type>().value_as_string(row),
        _ => String::new(),
    };
    text.push_str(&shown);
}

fn value<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

fn push_moment(array: &dyn Array, row: usize, text: &mut String) {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let shown = match array.data_type() {
        DataType::Date32 => calendar::date(value::<Date32Type>(array, row).into()),
        DataType::Date64 => calendar::date(value::<Date64Type>(array, row).div_euclid(86_400_000)),
        DataType::Time32(Second) => time(value::<Time32SecondType>(array, row).into(), 1),
        DataType::Time32(_) => time(value::<Time32MillisecondType>(array, row).into(), 1_000),
        DataType::Time64(Microsecond) => time(value::<Time64MicrosecondType>(array, row), 1_000_000),
        DataType::Time64(_) => time(value::<Time64NanosecondType>(array, row), 1_000_000_000),
        DataType::Duration(Second) => time(value::<DurationSecondType>(array, row), 1),
        DataType::Duration(Millisecond) => time(value::<DurationMillisecondType>(array, row), 1_000),
        DataType::Duration(Microsecond) => time(value::<DurationMicrosecondType>(array, row), 1_000_000),
        DataType::Duration(Nanosecond) => time(value::<DurationNanosecondType>(array, row), 1_000_000_000),
        DataType::Timestamp(unit, zone) => {
            let (units, per_second) = match unit {
                Second => (value::<TimestampSecondType>(array, row), 1),
                Millisecond => (value::<TimestampMillisecondType>(array, row), 1_000),
                Microsecond => (value::<TimestampMicrosecondType>(array, row), 1_000_000),
                Nanosecond => (value::<TimestampNanosecondType>(array, row), 1_000_000_000),
            };
            timestamp(units, per_second, zone.as_deref())
        }
        _ => return push_nested(array, row, 0, text),
    };
    text.push_str(&shown);
}

/// A time in units of which there are `per_second` to the second.
fn time(units: i64, per_second: i64) -> String {
    let nanoseconds = units.unsigned_abs().saturating_mul(1_000_000_000 / per_second.unsigned_abs());
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{}", calendar::time(i64::try_from(nanoseconds).unwrap_or(i64::MAX)))
}

/// A date and a time. A time with a zone is shown at the zone's offset if the file states it, and in UTC otherwise.
fn timestamp(units: i64, per_second: i64, zone: Option<&str>) -> String {
    let Some(zone) = zone else { return calendar::date_time(units, per_second) };
    match offset(zone) {
        Some(seconds) => {
            format!(
                "{}{zone}",
                calendar::date_time(units.saturating_add(seconds.saturating_mul(per_second)), per_second)
            )
        }
        None => format!("{}+00:00", calendar::date_time(units, per_second)),
    }
}

/// An offset such as `+08:00`, in seconds.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=24).contains(&hours) && (0..60).contains(&minutes)).then_some(sign * (hours * 3600 + minutes * 60))
}

fn push_dictionary(array: &dyn Array, key: &DataType, row: usize, depth: usize, text: &mut String) {
    match key {
        DataType::Int8 => push_entry::<Int8Type>(array, row, depth, text),
        DataType::Int16 => push_entry::<Int16Type>(array, row, depth, text),
        DataType::Int32 => push_entry::<Int32Type>(array, row, depth, text),
        DataType::Int64 => push_entry::<Int64Type>(array, row, depth, text),
        DataType::UInt8 => push_entry::<UInt8Type>(array, row, depth, text),
        DataType::UInt16 => push_entry::<UInt16Type>(array, row, depth, text),
        DataType::UInt32 => push_entry::<UInt32Type>(array, row, depth, text),
        DataType::UInt64 => push_entry::<UInt64Type>(array, row, depth, text),
        _ => {}
    }
}

fn push_entry<K: ArrowDictionaryKeyType>(array: &dyn Array, row: usize, depth: usize, text: &mut String) {
    let Some(dictionary) = array.as_dictionary_opt::<K>() else { return };
    if let Some(entry) = dictionary.key(row) {
        push(dictionary.values().as_ref(), entry, depth + 1, text);
    }
}

/// Appends a value that contains others to `text`.
fn push_nested(array: &dyn Array, row: usize, depth: usize, text: &mut String) {
    if depth > MAX_DEPTH {
        text.push('…');
        return;
    }
    match array.data_type() {
        DataType::List(_) => push_list(array.as_list::<i32>().value(row).as_ref(), depth, text),
        DataType::LargeList(_) => push_list(array.as_list::<i64>().value(row).as_ref(), depth, text),
        DataType::FixedSizeList(..) => push_list(array.as_fixed_size_list().value(row).as_ref(), depth, text),
        DataType::ListView(_) => push_list(array.as_list_view::<i32>().value(row).as_ref(), depth, text),
        DataType::LargeListView(_) => push_list(array.as_list_view::<i64>().value(row).as_ref(), depth, text),
        DataType::Struct(_) => push_struct(array, row, depth, text),
        DataType::Map(..) => push_map(array, row, depth, text),
        DataType::Union(..) => {
            let unions = array.as_union();
            let index = unions.value_offset(row);
            push(unions.child(unions.type_id(row)).as_ref(), index, depth + 1, text);
        }
        DataType::RunEndEncoded(ends, _) => {
            if let Some((values, row)) = run(array, ends.data_type(), row) {
                push(values.as_ref(), row, depth + 1, text);
            }
        }
        DataType::Interval(IntervalUnit::YearMonth) => {
            let months = array.as_primitive::<IntervalYearMonthType>().value(row);
            text.push_str(&format!("P{}Y{}M", months / 12, months % 12));
        }
        DataType::Interval(IntervalUnit::DayTime) => {
            let value = array.as_primitive::<IntervalDayTimeType>().value(row);
            text.push_str(&format!("P{}DT{}S", value.days, f64::from(value.milliseconds) / 1e3));
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let value = array.as_primitive::<IntervalMonthDayNanoType>().value(row);
            text.push_str(&format!("P{}M{}DT{}S", value.months, value.days, value.nanoseconds as f64 / 1e9));
        }
        _ => {}
    }
}

fn push_list(values: &dyn Array, depth: usize, text: &mut String) {
    text.push('[');
    for row in 0..values.len() {
        if text.len() > CELL_LIMIT {
            break;
        }
        if row > 0 {
            text.push_str(", ");
        }
        push_json(values, row, depth, text);
    }
    text.push(']');
}

fn push_struct(array: &dyn Array, row: usize, depth: usize, text: &mut String) {
    let structs = array.as_struct();
    text.push('{');
    for (index, (name, values)) in structs.column_names().iter().zip(structs.columns()).enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&serde_json::Value::from(*name).to_string());
        text.push_str(": ");
        push_json(values.as_ref(), row, depth, text);
    }
    text.push('}');
}

fn push_map(array: &dyn Array, row: usize, depth: usize, text: &mut String) {
    let entries = array.as_map().value(row);
    text.push('{');
    for entry in 0..entries.len() {
        if text.len() > CELL_LIMIT {
            break;
        }
        if entry > 0 {
            text.push_str(", ");
        }
        let mut key = String::new();
        push(entries.column(0).as_ref(), entry, depth + 1, &mut key);
        text.push_str(&serde_json::Value::from(key).to_string());
        text.push_str(": ");
        push_json(entries.column(1).as_ref(), entry, depth, text);
    }
    text.push('}');
}

/// Appends a value as JSON: in quotes unless it is a number, a list or the like.
fn push_json(values: &dyn Array, row: usize, depth: usize, text: &mut String) {
    if is_nothing(values, row, 0) {
        text.push_str("null");
        return;
    }
    if is_bare(values, row) {
        push(values, row, depth + 1, text);
        return;
    }
    let mut shown = String::new();
    push(values, row, depth + 1, &mut shown);
    text.push_str(&serde_json::Value::from(shown).to_string());
}

/// Whether there is no value, even if the array's own null bitmap does not say so: in unions, run-end encoded arrays and null
/// arrays.
fn is_nothing(array: &dyn Array, row: usize, depth: usize) -> bool {
    let (values, row) = match array.data_type() {
        DataType::Union(..) if depth < MAX_DEPTH => {
            let unions = array.as_union();
            (unions.child(unions.type_id(row)).clone(), unions.value_offset(row))
        }
        DataType::RunEndEncoded(ends, _) if depth < MAX_DEPTH => {
            let Some(run) = run(array, ends.data_type(), row) else { return true };
            run
        }
        DataType::Null => return true,
        _ => return array.is_null(row),
    };
    is_nothing(values.as_ref(), row, depth + 1)
}

/// The values of a run-end encoded array with run ends of the type `ends`, and the index of a row's value among them.
fn run(array: &dyn Array, ends: &DataType, row: usize) -> Option<(ArrayRef, usize)> {
    match ends {
        DataType::Int16 => run_of(array.as_run_opt::<Int16Type>(), row),
        DataType::Int32 => run_of(array.as_run_opt::<Int32Type>(), row),
        _ => run_of(array.as_run_opt::<Int64Type>(), row),
    }
}

fn run_of<R: RunEndIndexType>(runs: Option<&RunArray<R>>, row: usize) -> Option<(ArrayRef, usize)> {
    runs.map(|runs| (ArrayRef::clone(runs.values()), runs.get_physical_index(row)))
}

/// Whether a value is written without quotes in JSON.
fn is_bare(array: &dyn Array, row: usize) -> bool {
    match array.data_type() {
        DataType::Union(..) => {
            let unions = array.as_union();
            is_bare(unions.child(unions.type_id(row)).as_ref(), unions.value_offset(row))
        }
        kind => is_bare_type(kind),
    }
}

fn is_bare_type(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_bare_type(values),
        DataType::RunEndEncoded(_, values) => is_bare_type(values.data_type()),
        kind => kind.is_numeric() || kind.is_nested() || matches!(kind, DataType::Boolean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_in_iso_form() {
        assert_eq!(timestamp(1_709_661_605, 1, None), "2024-03-05 18:00:05");
        assert_eq!(timestamp(1_709_661_605_250, 1_000, Some("+08:00")), "2024-03-06 02:00:05.25+08:00");
        assert_eq!(timestamp(-1, 1_000_000, Some("Asia/Shanghai")), "1969-12-31 23:59:59.999999+00:00");
        assert_eq!(time(-90, 1), "-00:01:30");
        timestamp(i64::MIN, 1_000_000_000, Some("-24:00"));
        timestamp(i64::MAX, 1, Some("+24:00"));
        assert_eq!([offset("UTC"), offset("+x:00"), offset("+1")], [None; 3]);
    }
}
