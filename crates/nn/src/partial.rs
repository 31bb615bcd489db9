//! Loads the weights of one model as the starting point of another.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use burn::module::Module;

use crate::{NnError, StateDict};

/// What [`StateDict::load_except`] did with each tensor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialLoad {
    /// Parameters of the model that were loaded, by path.
    pub loaded: Vec<String>,
    /// Parameters of the model that kept their initial values, by path.
    pub new: Vec<String>,
    /// Tensors that were given and belong to parts that were left out, by name.
    pub unused: Vec<String>,
}

impl fmt::Display for PartialLoad {
    /// One line: how many were loaded, and the names of the others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tensors loaded", self.loaded.len())?;
        for (what, names) in [("new", &self.new), ("not used", &self.unused)] {
            if !names.is_empty() {
                write!(f, "; {what}: {}", names.join(", "))?;
            }
        }
        Ok(())
    }
}

impl StateDict {
    /// Loads these parameters into `model`, except into the parts in `left_out`, for fine-tuning: those parts keep their initial
    /// values, and the tensors of this state for them are not used. A part is a path or its beginning up to a dot: `head` is
    /// `head.weight` and `head.bias`.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use drivetrain_nn::{EncoderConfig, Preset, SequenceClassifier, StateDict};
    ///
    /// let sizes = EncoderConfig { d_model: 4, d_feed_forward: 8, n_layers: 1, ..Preset::Micro.encoder(9, 5) };
    /// let pretrained = StateDict::of(&SequenceClassifier::new(&sizes, 3, 1, &Device::flex())?);
    /// // Other classes: the encoder is taken over, the head is new.
    /// let (model, report) = pretrained.load_except(SequenceClassifier::new(&sizes, 5, 2, &Device::flex())?, &["head"])?;
    /// assert_eq!(report.new, ["head.weight", "head.bias"]);
    /// assert_eq!(report.unused, ["head.bias", "head.weight"]);
    /// assert_eq!(report.to_string(), "20 tensors loaded; new: head.weight, head.bias; not used: head.bias, head.weight");
    /// # Ok::<(), drivetrain_nn::NnError>(())
    /// ```
    ///
    /// # Errors
    /// When a tensor of the other parts is missing, unknown or of another shape, or a part of `left_out` is neither in the model
    /// nor in this state.
    pub fn load_except<M: Module>(self, model: M, left_out: &[&str]) -> Result<(M, PartialLoad), NnError> {
        let report = RefCell::new(PartialLoad::default());
        let wanted = |path: &str| {
            let is_new = left_out.iter().any(|part| is_within(path, part));
            let mut report = report.borrow_mut();
            if is_new {
                report.new.push(path.to_owned())
            } else {
                report.loaded.push(path.to_owned())
            }
            !is_new
        };
        let (model, left) = self.load_some(model, wanted)?;
        let mut report = report.into_inner();
        for name in left.tensors.into_keys() {
            if !left_out.iter().any(|part| is_within(&name, part)) {
                return Err(NnError::UnknownTensor { name });
            }
            report.unused.push(name);
        }
        let matches = |part: &&&str| report.new.iter().chain(&report.unused).any(|path| is_within(path, part));
        match left_out.iter().find(|part| !matches(part)) {
            Some(name) => {
                let parts: BTreeSet<&str> = report.loaded.iter().map(|path| component(path)).collect();
                let known = parts.into_iter().collect::<Vec<_>>().join(", ");
                Err(NnError::UnknownPart { name: (*name).to_owned(), known })
            }
            None => Ok((model, report)),
        }
    }
}

/// Whether `path` is in the part of a model that `part` names.
fn is_within(path: &str, part: &str) -> bool {
    path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The first name of a path.
fn component(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}
