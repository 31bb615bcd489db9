use std::panic::{AssertUnwindSafe, catch_unwind};

use drivetrain_data::panic_message;

use super::Event;
use crate::{Result, TrainError};

/// What an observer asks the run to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Control {
    /// Continue.
    #[default]
    Continue,
    /// End after the current step and, if one is due, the validation after it. Everything is saved, and the run can be resumed from
    /// there. [`Summary::stopped_by`](crate::Summary::stopped_by) names the observer.
    Stop,
}

/// Receives every event of a run: to log it, to show it, or to end the run.
///
/// ```
/// use drivetrain_train::{Control, Event, Monitored, Observer, Result};
///
/// /// Keeps the best score, and ends the run when that is good enough.
/// #[derive(Default)]
/// struct BestScore(Option<f64>);
///
/// impl Observer for BestScore {
///     fn on(&mut self, event: &Event<'_>) -> Result<Control> {
///         if let Event::NewBest { value, .. } = event {
///             self.0 = Some(*value);
///         }
///         Ok(if self.0 >= Some(0.75) { Control::Stop } else { Control::Continue })
///     }
/// }
///
/// let (mut observer, monitored) = (BestScore::default(), &Monitored::default());
/// observer.on(&Event::EpochStart { epoch: 0, epochs: 3, batches: 100, first_batch: 0 })?;
/// let answer = observer.on(&Event::NewBest { epoch: 0, step: 100, monitored, value: 0.5, former: None })?;
/// assert_eq!((observer.0, answer), (Some(0.5), Control::Continue));
/// let answer = observer.on(&Event::NewBest { epoch: 1, step: 200, monitored, value: 0.75, former: Some(0.5) })?;
/// assert_eq!((observer.0, answer), (Some(0.75), Control::Stop));
/// # Ok::<(), drivetrain_train::TrainError>(())
/// ```
///
/// Register it with [`Trainer::observe`](crate::Trainer::observe). To read what the observer has collected after `fit`, share it
/// (`Arc<Mutex<_>>`).
pub trait Observer: Send {
    /// Receives one event.
    ///
    /// # Errors
    /// When its output cannot be written: the run then ends instead of continuing without a record.
    fn on(&mut self, event: &Event<'_>) -> Result<Control>;

    /// Its name in messages; by default, the name of its type.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }
}

impl<O: Observer + ?Sized> Observer for Box<O> {
    fn on(&mut self, event: &Event<'_>) -> Result<Control> {
        (**self).on(event)
    }

    fn name(&self) -> &str {
        (**self).name()
    }
}

/// The observers of a trainer.
#[derive(Default)]
pub(crate) struct Observers {
    all: Vec<Box<dyn Observer>>,
    /// The observer that asked to stop the run.
    stopped_by: Option<String>,
    /// The error of the first observer that panicked.
    panicked: Option<TrainError>,
}

impl Observers {
    pub(crate) fn push(&mut self, observer: impl Observer + 'static) {
        self.all.push(Box::new(observer));
    }

    /// The observer that asked to stop the run, if one did.
    pub(crate) fn stopped_by(&self) -> Option<&str> {
        self.stopped_by.as_deref()
    }

    /// Forgets a requested stop, so that the next call of `fit` can train.
    pub(crate) fn forget_stop(&mut self) {
        self.stopped_by = None;
    }

    /// The error of an observer that panicked; returned only once.
    pub(crate) fn take_panic(&mut self) -> Option<TrainError> {
        self.panicked.take()
    }

    /// Sends the event to every observer. An observer that panics receives no further events, since its state may be inconsistent.
    /// The others still do, and the run ends as soon as it can be saved.
    pub(crate) fn emit(&mut self, event: &Event<'_>) -> Result<()> {
        let mut index = 0;
        while let Some(observer) = self.all.get_mut(index) {
            match catch_unwind(AssertUnwindSafe(|| observer.on(event))) {
                Ok(Ok(Control::Continue)) => {}
                Ok(Ok(Control::Stop)) => {
                    self.stopped_by.get_or_insert_with(|| observer.name().to_owned());
                }
                Ok(Err(error)) => return Err(error),
                Err(panic) => {
                    let name = observer.name().to_owned();
                    drop(self.all.remove(index));
                    let (event, message) = (event.name(), panic_message(&*panic));
                    self.panicked.get_or_insert(TrainError::ObserverPanicked { name, event, message });
                    continue;
                }
            }
            index += 1;
        }
        Ok(())
    }
}
