//! Work on many files at a time, whose results come in order.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};

use anyhow::Result;

/// Gives `take` what `make` makes of each path, in their order: it is made on all threads, of some paths at a time, while the
/// earlier ones are taken on this one. `make` may make several things of a path; they are taken as soon as they are there.
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
                // Not one that waits for room: a thread that waits might be the one on which the results taken next are made.
                let (sender, receiver) = channel();
                // Nobody receives it where an earlier one could not be taken.
                scope.spawn(move |_| make(path, &mut |made| drop(sender.send(made))));
                begun.push_back(receiver);
            }
            let Some(receiver) = begun.pop_front() else { return Ok(()) };
            // Ends with the thread; should it panic, the scope passes that on.
            for made in receiver {
                take(made)?;
            }
        }
    })
}
