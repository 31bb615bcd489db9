//! Processes several files at a time, and returns the results in order.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use anyhow::Result;

/// Passes the results of `make` for each path to `take`, in the order of the paths. `make` runs on all threads, for several
/// paths at a time, while this thread takes the earlier results. `make` may produce several results for a path; each is taken
/// as soon as it is available.
pub(super) fn in_order<T: Send>(
    paths: &[PathBuf],
    make: impl Fn(&Path, &mut dyn FnMut(T)) + Sync,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    let at_a_time = 4 * rayon::current_num_threads();
    let make = &make;
    rayon::in_place_scope(|scope| {
        let mut begun: VecDeque<Receiver<T>> = VecDeque::with_capacity(at_a_time);
        let mut rest = paths.iter();
        loop {
            while begun.len() < at_a_time
                && let Some(path) = rest.next()
            {
                // The channel is unbounded: if a sender had to wait for room, its thread might be the one that has to produce
                // the results needed next.
                let (sender, receiver) = channel();
                // If an earlier result could not be taken, nobody receives this one.
                scope.spawn(move |_| make(path, &mut |made| drop(sender.send(made))));
                begun.push_back(receiver);
            }
            let Some(receiver) = begun.pop_front() else { return Ok(()) };
            // The loop ends when the task ends. If the task panics, the scope propagates the panic.
            for made in receiver {
                take(made)?;
            }
        }
    })
}
