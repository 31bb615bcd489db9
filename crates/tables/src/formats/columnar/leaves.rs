//! The columns of a schema: fields of structs become columns `a.b`.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{DataType, Fields, Schema};

use crate::record::CELLS_LIMIT;

/// The maximum nesting depth of structs that become columns; deeper ones are shown as a single value.
const MAX_DEPTH: usize = 32;

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) name: String,
    /// The type, as Arrow writes it.
    pub(super) declared: String,
    /// The index of the field, then that of the field within it, and so on.
    path: Vec<usize>,
}

/// The columns of a schema, and how many more there are than the limit allows.
pub(super) fn of(schema: &Schema) -> (Vec<Leaf>, u64) {
    let (mut leaves, mut surplus) = (Vec::new(), 0);
    add(&schema.fields, "", &mut Vec::new(), &mut leaves, &mut surplus);
    (leaves, surplus)
}

fn add(fields: &Fields, prefix: &str, path: &mut Vec<usize>, leaves: &mut Vec<Leaf>, surplus: &mut u64) {
    for (index, field) in fields.iter().enumerate() {
        let name = if prefix.is_empty() { field.name().clone() } else { format!("{prefix}.{}", field.name()) };
        path.push(index);
        match field.data_type() {
            DataType::Struct(inner) if path.len() < MAX_DEPTH => add(inner, &name, path, leaves, surplus),
            _ if leaves.len() >= CELLS_LIMIT => *surplus += 1,
            // A dictionary is an encoding, not a type.
            DataType::Dictionary(_, value) => {
                leaves.push(Leaf { name, declared: value.to_string(), path: path.clone() });
            }
            other => leaves.push(Leaf { name, declared: declared(other), path: path.clone() }),
        }
        path.pop();
    }
}

fn declared(kind: &DataType) -> String {
    let text = kind.to_string();
    text.chars().take(200).collect()
}

impl Leaf {
    /// Calls `each` with the column's array in a batch, and with a function that returns whether all structs around the value of a
    /// row are present. Does nothing if the batch has another schema.
    pub(super) fn values(&self, batch: &RecordBatch, each: impl FnOnce(&ArrayRef, &dyn Fn(usize) -> bool)) {
        let Some((first, rest)) = self.path.split_first() else { return };
        let Some(mut array) = batch.columns().get(*first) else { return };
        let mut around: Vec<&StructArray> = Vec::new();
        for index in rest {
            let Some(structs) = array.as_struct_opt() else { return };
            around.push(structs);
            let Some(inner) = structs.columns().get(*index) else { return };
            array = inner;
        }
        each(array, &|row| around.iter().all(|structs| structs.is_valid(row)));
    }
}
