//! The loader yields the same batches with any number of workers, starting from any batch. Errors are returned in place
//! of the batch that caused them, and no thread is left behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use drivetrain_data::*;

const WORKERS: [usize; 5] = [0, 1, 2, 3, 8];

/// Numbers, of which one may be bad and one may panic.
struct Numbers {
    len: usize,
    bad: Option<usize>,
    panics: Option<usize>,
    /// How many samples were requested.
    asked: AtomicUsize,
}

impl Numbers {
    fn new(len: usize) -> Self {
        Self { len, bad: None, panics: None, asked: AtomicUsize::new(0) }
    }
}

impl Dataset for Numbers {
    type Sample = usize;

    fn len(&self) -> usize {
        self.len
    }

    fn get(&self, index: usize) -> Result<usize> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        assert_ne!(Some(index), self.panics, "a defect at {index}");
        if Some(index) == self.bad { Err(DataError::Config("torn".into())) } else { Ok(index) }
    }

    fn describe(&self, index: usize) -> String {
        format!("numbers line {}", index + 1)
    }
}

/// Collects numbers into batches, and refuses one number, which it names by its position in the batch.
struct Gather {
    refuses: usize,
}

impl Collate for Gather {
    type Sample = usize;
    type Batch = Vec<usize>;

    fn collate(&self, samples: Vec<usize>) -> Result<Vec<usize>> {
        match samples.iter().position(|&sample| sample == self.refuses) {
            Some(position) => Err(DataError::InBatch { position, problem: "unloved".into() }),
            None => Ok(samples),
        }
    }
}

fn loader(dataset: Numbers, refuses: usize, workers: usize, prefetch: usize) -> DataLoader<Numbers, Gather> {
    let sampler = LengthGroups::new(&vec![1; dataset.len], 4, 11, false).unwrap();
    DataLoader::new(Arc::new(dataset), Gather { refuses }, sampler, LoaderConfig { workers, prefetch })
}

fn batches(batches: EpochBatches<Vec<usize>>) -> Vec<Vec<usize>> {
    batches.collect::<Result<_>>().unwrap()
}

#[test]
fn any_number_of_workers_yields_the_planned_batches_from_any_batch_on() {
    for workers in WORKERS {
        for prefetch in [0, 1, 3] {
            let loader = loader(Numbers::new(50), usize::MAX, workers, prefetch);
            let plan = loader.plan(3);
            let planned: Vec<Vec<usize>> =
                plan.iter().map(|batch| batch.iter().map(|&index| index as usize).collect()).collect();
            assert_eq!(loader.batches(3), 13);
            assert_eq!(batches(loader.epoch(3)), planned);
            for first in 0..=planned.len() {
                assert_eq!(batches(loader.epoch_from(3, first)), planned[first..], "{workers} workers, from {first}");
            }
            assert!(loader.epoch_from(3, 99).next().is_none());
        }
    }
}

#[test]
fn the_position_is_where_to_resume() {
    for workers in WORKERS {
        let loader = loader(Numbers::new(50), usize::MAX, workers, 2);
        let mut epoch = loader.epoch(0);
        for _ in 0..5 {
            epoch.next().unwrap().unwrap();
        }
        let position = epoch.position();
        assert_eq!(epoch.size_hint().1, Some(8));
        assert_eq!(batches(epoch), batches(loader.epoch_from(0, position)));
    }
}

/// Reads an epoch whose seventh batch holds the culprit: six batches, the error, and nothing more.
fn fails_at_the_seventh(dataset: impl Fn(usize) -> Numbers, refuses: bool, check: impl Fn(&DataError, usize)) {
    let culprit = loader(Numbers::new(50), usize::MAX, 0, 1).plan(0).batch(6)[2] as usize;
    for workers in WORKERS {
        let loader = loader(dataset(culprit), if refuses { culprit } else { usize::MAX }, workers, 2);
        let mut epoch = loader.epoch(0);
        for _ in 0..6 {
            epoch.next().unwrap().unwrap();
        }
        check(&epoch.next().unwrap().unwrap_err(), culprit);
        assert!(epoch.next().is_none());
        assert!(epoch.next().is_none());
        assert_eq!(epoch.position(), 6);
    }
}

#[test]
fn a_bad_sample_is_an_error_in_its_place_that_names_it() {
    let dataset = |culprit| Numbers { bad: Some(culprit), ..Numbers::new(50) };
    fails_at_the_seventh(dataset, false, |error, culprit| {
        assert_eq!(error.to_string(), format!("numbers line {}: torn", culprit + 1));
    });
}

#[test]
fn a_sample_the_collate_refuses_is_named() {
    fails_at_the_seventh(
        |_| Numbers::new(50),
        true,
        |error, culprit| {
            assert_eq!(error.to_string(), format!("numbers line {}: unloved", culprit + 1));
        },
    );
}

#[test]
fn a_panic_becomes_an_error_in_its_place() {
    let dataset = |culprit| Numbers { panics: Some(culprit), ..Numbers::new(50) };
    fails_at_the_seventh(dataset, false, |error, culprit| {
        let DataError::Panicked { batch: 6, message } = error else { panic!("{error:?}") };
        assert!(message.contains(&format!("a defect at {culprit}")), "{message}");
    });
}

#[test]
fn dropping_an_epoch_early_stops_the_workers() {
    for workers in WORKERS {
        let loader = loader(Numbers::new(100_000), usize::MAX, workers, 2);
        let mut epoch = loader.epoch(0);
        epoch.next().unwrap().unwrap();
        drop(epoch);
        // All threads have ended: nobody but the loader holds the dataset, and nothing more is asked of it.
        assert_eq!(Arc::strong_count(loader.dataset()), 1);
        // One batch was read; per worker, at most `prefetch` batches are ready, one is being sent and one more has been
        // started.
        let asked = loader.dataset().asked.load(Ordering::Relaxed);
        assert!(asked <= 4 * (1 + workers * 4), "{workers} workers asked for {asked} samples");
    }
}

#[test]
fn an_epoch_of_nothing_ends_at_once() {
    for workers in WORKERS {
        assert!(loader(Numbers::new(0), usize::MAX, workers, 2).epoch(0).next().is_none());
    }
}
