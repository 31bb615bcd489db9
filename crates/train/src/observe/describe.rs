//! Events as English text, for TensorBoard and for terminals.

use std::fmt;

use super::{Event, Incident};

/// How many samples of a batch are named.
const SHOWN: usize = 3;

impl fmt::Display for Event<'_> {
    /// A change of the run as a sentence, without a full stop; nothing for other events.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewBest { monitored, value, former: None, .. } => {
                write!(f, "first best: {} {value:.5}", monitored.monitor)
            }
            Self::NewBest { monitored, value, former: Some(former), .. } => {
                write!(f, "new best: {} {former:.5} → {value:.5}", monitored.monitor)
            }
            Self::LearningRate { old, new, .. } => write!(f, "learning rate {old:.3e} → {new:.3e}"),
            Self::Dropout { old, new, .. } => {
                write!(f, "dropout {old:.3} → {new:.3} (training loss falls, validation loss rises); patience restarts")
            }
            Self::NearEarlyStop { count, patience, .. } => {
                write!(f, "{count} of {patience} validations without improvement before early stop")
            }
            Self::EarlyStop { count, best, monitored, .. } => {
                let validations = if *count == 1 { "validation" } else { "validations" };
                write!(f, "early stop: {count} {validations} without improvement")?;
                match best {
                    Some(best) => {
                        write!(f, "; best: epoch {}, {} {:.5}", best.epoch + 1, monitored.monitor, best.value)
                    }
                    None => Ok(()),
                }
            }
            Self::Incident(incident) => incident.fmt(f),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Incident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Incident { outlier, epoch, batch, step, is_skipped, .. } = self;
        let epoch = epoch + 1;
        if outlier.is_of_validation() {
            write!(f, "{outlier} after step {step} (epoch {epoch}; first in batch {batch} of the validation set): ")?;
            return f.write_str(match is_skipped {
                true => "this model cannot be the best; either it has diverged, or a sample is damaged",
                false => {
                    "the model has diverged, or validation samples are damaged; training stops, and this model is not saved"
                }
            });
        }
        write!(f, "{outlier} at step {step} (epoch {epoch}, batch {batch}): ")?;
        f.write_str(match is_skipped {
            true => "the batch is skipped",
            false => "training stops before it touches the weights",
        })
    }
}

impl Incident<'_> {
    /// Where the first samples of the batch come from, and how many more there are.
    #[must_use]
    pub fn first_places(&self) -> (Vec<&str>, usize) {
        let places = self.samples.iter().take(SHOWN).map(|sample| sample.place.as_str()).collect();
        (places, self.samples.len().saturating_sub(SHOWN))
    }
}
