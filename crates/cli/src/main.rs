//! The command line of Tabular Sense.
//!
//! ```text
//! commands ─ one file per command        host ─ the command line as the host of a training run
//! error ─ errors as the user sees them   chinese ─ errors and hints in Chinese
//! notices, page, progress, show ─ results of the library, in the user's language
//! signals ─ SIGINT and SIGTERM           terminal ─ how this process prints messages
//! ```

/// The values of columns are many small strings, which are allocated and freed on all threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod chinese;
mod commands;
mod error;
mod host;
mod notices;
mod page;
mod progress;
mod show;
mod signals;
mod terminal;

use terminal::terminal;

fn main() {
    let cli = commands::Cli::of_arguments();
    if let Err(problem) = commands::run(&cli) {
        // A reader of our output may stop early, as `head` does: that is nobody's error.
        if error::is_broken_pipe(&problem) {
            return;
        }
        let what = if problem.is::<error::Interrupted>() { String::new() } else { error::heading() };
        terminal().error(&format!("{what}{}", error::describe(&problem)));
        std::process::exit(error::exit_code(&problem));
    }
}
