use burn::tensor::Tensor;

/// What an optimizer keeps for one parameter between steps: flat tensors, by the names that
/// [`Optimizer::state_names`](crate::Optimizer::state_names) declares.
#[derive(Clone, Debug, Default)]
pub struct ParamState {
    tensors: Vec<(String, Option<Tensor<1>>)>,
}

impl ParamState {
    /// An empty state, with room for tensors of these names.
    #[must_use]
    pub fn new(names: &[&str]) -> Self {
        Self { tensors: names.iter().map(|name| ((*name).to_owned(), None)).collect() }
    }

    /// Moves a tensor out, so that it can be changed in place: put the new one back with [`set`](Self::set). `None` before the
    /// first step.
    pub fn take(&mut self, name: &str) -> Option<Tensor<1>> {
        self.tensors.iter_mut().find(|(known, _)| known == name)?.1.take()
    }

    /// Keeps a tensor until the next step.
    ///
    /// # Panics
    /// When the optimizer has not declared `name`: the tensor would be lost on resume.
    pub fn set(&mut self, name: &str, tensor_n: Tensor<1>) {
        let kept = self.tensors.iter_mut().find(|(known, _)| known == name);
        let (_, tensor) = kept.unwrap_or_else(|| panic!("`Optimizer::state_names` does not declare `{name}`"));
        *tensor = Some(tensor_n);
    }

    /// The tensors that are there, with their names.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &Tensor<1>)> {
        self.tensors.iter().filter_map(|(name, tensor)| Some((name.as_str(), tensor.as_ref()?)))
    }
}
