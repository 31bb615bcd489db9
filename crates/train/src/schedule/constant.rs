use serde_json::{Value, json};

use super::rate::{Progress, Schedule};

/// The rate stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    rate: f64,
}

impl Constant {
    pub(super) const fn new(rate: f64) -> Self {
        Self { rate }
    }
}

impl Schedule for Constant {
    fn rate(&self, _at: &Progress) -> f64 {
        self.rate
    }

    fn depends_on_total_steps(&self) -> bool {
        false
    }

    fn rescale(&mut self, factor: f64) {
        self.rate *= factor;
    }

    fn state(&self) -> Value {
        json!({ "current": self.rate })
    }

    /// Keeps the rate that another schedule, such as a plateau, left.
    fn restore(&mut self, state: &Value) -> Result<(), String> {
        self.rate = state["current"].as_f64().unwrap_or(self.rate);
        Ok(())
    }
}
