//! The command line of Tabular Sense.

mod commands;
mod signals;

use tabular_sense::error;
use tabular_sense::terminal::terminal;

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
