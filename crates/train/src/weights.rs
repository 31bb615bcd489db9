//! Named tensors as `safetensors` files.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use drivetrain_data::write_atomically;
use drivetrain_nn::{NamedTensor, StateDict};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use crate::{Result, TrainError};

/// Writes `state` to `path`, whole or not at all. The same state gives the same bytes.
///
/// # Errors
/// When the file cannot be written.
pub fn write_safetensors(path: &Path, state: &StateDict) -> Result<()> {
    let file = safetensors_of(path, state)?;
    write_atomically(path, |writer| writer.write_all(&file))?;
    Ok(())
}

/// Reads a file of 32-bit floats.
///
/// # Errors
/// When the file cannot be read, is not in the safetensors format, or holds anything but 32-bit floats.
pub fn read_safetensors(path: &Path) -> Result<StateDict> {
    safetensors_from(path, &std::fs::read(path).map_err(TrainError::io(path))?)
}

/// The content of a safetensors file with the tensors of `state`. `path` is used only in errors.
///
/// # Errors
/// When the number of values of a tensor does not match its shape.
pub fn safetensors_of(path: &Path, state: &StateDict) -> Result<Vec<u8>> {
    let bytes: Vec<(&String, &NamedTensor, Vec<u8>)> = state
        .tensors
        .iter()
        .map(|(name, tensor)| (name, tensor, tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect()))
        .collect();
    let unusable =
        |error: safetensors::SafeTensorError| TrainError::Weights { path: path.into(), problem: error.to_string() };
    let mut views = Vec::with_capacity(bytes.len());
    for (name, tensor, data) in &bytes {
        let view = TensorView::new(Dtype::F32, tensor.shape.clone(), data).map_err(unusable)?;
        views.push((name.as_str(), view));
    }
    // `format: pt` is what Python's loaders look for.
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize(views, Some(metadata)).map_err(unusable)
}

/// Reads the tensors from `bytes`, the content of a safetensors file. `path` is used only in errors.
///
/// # Errors
/// Those of [`read_safetensors`], except that nothing is read from disk.
pub fn safetensors_from(path: &Path, bytes: &[u8]) -> Result<StateDict> {
    let unusable = |problem: String| TrainError::Weights { path: path.into(), problem };
    let file = SafeTensors::deserialize(bytes).map_err(|error| unusable(error.to_string()))?;
    let mut state = StateDict::default();
    for (name, view) in file.tensors() {
        if view.dtype() != Dtype::F32 {
            return Err(unusable(format!("tensor `{name}` holds {:?}, expected F32", view.dtype())));
        }
        let values = view.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        state.tensors.insert(name, NamedTensor { shape: view.shape().to_vec(), values });
    }
    Ok(state)
}
