//! Reads the fixtures that `reference.py` has written, and compares results with them. Included by the tests of several crates.

#![allow(dead_code, unreachable_pub)] // each test uses only a part of this file

use std::path::Path;

use burn::tensor::{Bool, Device, Int, Tensor, TensorData};
use drivetrain_nn::{EncoderConfig, NamedTensor, StateDict};
use safetensors::{Dtype, SafeTensors};

/// Largest difference allowed, relative to the largest magnitude of the tensor compared.
const TOLERANCE: f32 = 1e-5;

/// One `.safetensors` fixture.
pub struct Fixture {
    bytes: Vec<u8>,
    pub config: EncoderConfig,
    pub n_classes: usize,
}

impl Fixture {
    pub fn load(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/reference/fixtures/{name}.safetensors"));
        let bytes = std::fs::read(path).unwrap();
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        let meta = header.metadata().clone().unwrap();
        let config = serde_json::from_str(&meta["config"]).unwrap();
        let n_classes = meta["n_classes"].parse().unwrap();
        Self { bytes, config, n_classes }
    }

    pub fn floats(&self, name: &str) -> (Vec<usize>, Vec<f32>) {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        let view = file.tensor(name).unwrap();
        assert_eq!(view.dtype(), Dtype::F32);
        let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
        (view.shape().to_vec(), values)
    }

    pub fn ints<const D: usize>(&self, name: &str, device: &Device) -> Tensor<D, Int> {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        let view = file.tensor(name).unwrap();
        assert_eq!(view.dtype(), Dtype::I32);
        let values: Vec<i32> = view.data().chunks_exact(4).map(|b| i32::from_le_bytes(b.try_into().unwrap())).collect();
        Tensor::from_data(TensorData::new(values, view.shape().to_vec()), device)
    }

    /// All tensors whose names start with `prefix`, by the rest of their names.
    pub fn state(&self, prefix: &str) -> StateDict {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        let mut state = StateDict::default();
        for name in file.names() {
            if let Some(path) = name.strip_prefix(prefix) {
                let (shape, values) = self.floats(name);
                state.tensors.insert(path.to_owned(), NamedTensor { shape, values });
            }
        }
        state
    }

    pub fn inputs(&self, device: &Device) -> (Tensor<2, Int>, Tensor<2, Bool>) {
        (self.ints("ids", device), self.ints::<2>("mask", device).greater_elem(0))
    }
}

pub fn assert_close(what: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1e-3_f32, |scale, x| scale.max(x.abs()));
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= TOLERANCE * scale, "{what}[{i}]: {found}, PyTorch has {expected}");
    }
}

pub fn assert_same_state(what: &str, found: &StateDict, expected: &StateDict) {
    assert_eq!(found.tensors.keys().collect::<Vec<_>>(), expected.tensors.keys().collect::<Vec<_>>(), "{what}");
    for (name, expected) in &expected.tensors {
        let found = &found.tensors[name];
        assert_eq!(found.shape, expected.shape, "{what} {name}");
        assert_close(&format!("{what} {name}"), &found.values, &expected.values);
    }
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data_as::<f32>().as_slice::<f32>().unwrap().to_vec()
}
