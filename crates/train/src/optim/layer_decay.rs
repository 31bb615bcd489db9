//! Layer-wise decay of the learning rate, as for fine-tuning BERT (Sun et al. 2019, "How to Fine-Tune BERT for Text
//! Classification?", §5.3.2).

use std::collections::BTreeMap;

use crate::Result;
use crate::config_value::require;

/// Factors of the learning rate by depth: `decay^(L − 1 − i)` for layer `i` of a stack of `L` layers, `decay^L` for embeddings (the
/// largest `L` where there are several stacks), 1 for all other parameters.
pub(super) struct LayerDecay {
    decay: f64,
    /// The number of layers of each stack: `encoder.layers`.
    layers: BTreeMap<String, i32>,
}

impl LayerDecay {
    /// For a model with these components.
    ///
    /// # Errors
    /// When `decay` is not 1, but there is no numbered layer.
    pub(super) fn new<'a>(decay: f64, components: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut layers = BTreeMap::new();
        for (stack, number) in components.filter_map(layer_of) {
            let count: &mut i32 = layers.entry(stack.to_owned()).or_default();
            *count = (*count).max(number.saturating_add(1));
        }
        let expected = "1 for a model without numbered layers, such as `encoder.layers.0`";
        require("layer_decay", decay, decay == 1.0 || !layers.is_empty(), expected)?;
        Ok(Self { decay, layers })
    }

    /// What the rate of a parameter of `component` is multiplied by.
    pub(super) fn factor(&self, component: &str, is_embedding: bool) -> f64 {
        let deepest = self.layers.values().max().copied().unwrap_or(0);
        let above = match layer_of(component) {
            Some((stack, number)) => self.layers.get(stack).map_or(0, |count| count - 1 - number),
            None if is_embedding => deepest,
            None => 0,
        };
        self.decay.powi(above)
    }
}

/// The stack and the number of a layer: for `encoder.layers.3`, (`encoder.layers`, 3).
fn layer_of(component: &str) -> Option<(&str, i32)> {
    let (stack, number) = component.rsplit_once('.').unwrap_or(("", component));
    Some((stack, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeper_layers_learn_faster() {
        let components = ["embedding", "encoder.layers.0", "encoder.layers.1", "encoder.layers.2", "encoder", "head"];
        let decay = LayerDecay::new(0.5, components.into_iter()).unwrap();
        let factors = components.map(|component| decay.factor(component, component == "embedding"));
        assert_eq!(factors, [0.125, 0.25, 0.5, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn each_stack_decays_by_itself() {
        let components = ["encoder.0", "encoder.1", "decoder.0", "decoder.1", "decoder.2", "tokens"];
        let decay = LayerDecay::new(0.5, components.into_iter()).unwrap();
        let factors = components.map(|component| decay.factor(component, component == "tokens"));
        assert_eq!(factors, [0.5, 1.0, 0.25, 0.5, 1.0, 0.125]);
    }

    #[test]
    fn without_layers_there_is_nothing_to_decay_by() {
        let message = LayerDecay::new(0.9, ["tokens", "head"].into_iter()).err().map(|error| error.to_string());
        let expected =
            "`layer_decay` is 0.9, but it must be 1 for a model without numbered layers, such as `encoder.layers.0`";
        assert_eq!(message.as_deref(), Some(expected));
        assert!(LayerDecay::new(1.0, ["tokens", "head"].into_iter()).is_ok());
    }
}
