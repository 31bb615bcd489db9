use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_nn::{NamedTensor, ParamPath, ParamVisitor, StateDict, visit_params};

/// Running means of one parameter's gradient, flat.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    pub(super) exp_avg_n: Tensor<1>,
    pub(super) exp_avg_sq_n: Tensor<1>,
}

impl Moments {
    pub(super) fn zeros(n: usize, device: &Device) -> Self {
        let zeros_n = Tensor::zeros([n], device);
        Self { exp_avg_n: zeros_n.clone(), exp_avg_sq_n: zeros_n }
    }
}

/// What AdamW keeps between steps.
#[derive(Clone, Debug, Default)]
pub(super) struct AdamWState {
    /// Steps taken.
    pub(super) step: u64,
    /// By the path of the parameter.
    pub(super) moments: BTreeMap<String, Moments>,
}

impl AdamWState {
    /// The running means as named flat tensors, `exp_avg.PATH` and `exp_avg_sq.PATH`.
    pub(super) fn to_tensors(&self) -> StateDict {
        let mut state = StateDict::default();
        for (path, moments) in &self.moments {
            for (kind, tensor) in [("exp_avg", &moments.exp_avg_n), ("exp_avg_sq", &moments.exp_avg_sq_n)] {
                let data = tensor.to_data_as::<f32>();
                let values = data.as_slice::<f32>().map(<[f32]>::to_vec).unwrap_or_default();
                let named = NamedTensor { shape: vec![values.len()], values };
                state.tensors.insert(format!("{kind}.{path}"), named);
            }
        }
        state
    }

    /// The state after `step` steps, with the running means that [`to_tensors`](Self::to_tensors) gave.
    pub(super) fn from_tensors(step: u64, state: StateDict, device: &Device) -> Result<Self, String> {
        let device = device.clone().inner();
        let mut tensors = state.tensors;
        let mut moments = BTreeMap::new();
        let paths: Vec<String> =
            tensors.keys().filter_map(|name| name.strip_prefix("exp_avg.")).map(str::to_owned).collect();
        for path in paths {
            let mut take = |kind: &str| {
                let name = format!("{kind}.{path}");
                let tensor = tensors.remove(&name).ok_or(format!("the optimizer's state holds no `{name}`"))?;
                let n = tensor.values.len();
                Ok::<_, String>(Tensor::from_data(TensorData::new(tensor.values, [n]), &device))
            };
            let (exp_avg_n, exp_avg_sq_n) = (take("exp_avg")?, take("exp_avg_sq")?);
            moments.insert(path, Moments { exp_avg_n, exp_avg_sq_n });
        }
        match tensors.into_keys().next() {
            Some(name) => Err(format!("the optimizer's state holds an unknown tensor `{name}`")),
            None => Ok(Self { step, moments }),
        }
    }

    /// Whether the running means are of the parameters of `model`.
    pub(super) fn check<M: Module>(&self, model: &M) -> Result<(), String> {
        let mut sizes = Sizes { moments: &self.moments, mismatch: None, known: 0 };
        visit_params(model, &mut sizes);
        match sizes.mismatch {
            Some(problem) => Err(problem),
            None if sizes.known < self.moments.len() => {
                Err("it has running means of parameters that are not there".into())
            }
            None => Ok(()),
        }
    }
}

/// Compares the sizes of the running means with those of the parameters.
struct Sizes<'a> {
    moments: &'a BTreeMap<String, Moments>,
    mismatch: Option<String>,
    known: usize,
}

impl ParamVisitor for Sizes<'_> {
    fn visit<const D: usize>(&mut self, path: &ParamPath, param: &Param<Tensor<D>>) {
        let path = path.as_str();
        // A parameter that never had a gradient has none.
        let Some(moments) = self.moments.get(path) else { return };
        self.known += 1;
        let expected = param.lazy_shape().num_elements();
        let sizes = [&moments.exp_avg_n, &moments.exp_avg_sq_n].map(|tensor| tensor.dims()[0]);
        if sizes.iter().any(|size| *size != expected) {
            self.mismatch
                .get_or_insert(format!("`{path}` has {sizes:?} running means, expected {expected} of each kind"));
        }
    }
}
