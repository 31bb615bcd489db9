//! The command line of Tabular Sense.

use tabular_sense::voice::voice;
use tabular_sense::{commands, error};

fn main() {
    let cli = commands::Cli::of_arguments();
    if let Err(problem) = commands::run(&cli) {
        // Whoever reads our output may stop early, as `head` does: that is nobody's mistake.
        if error::is_broken_pipe(&problem) {
            return;
        }
        let what = if problem.is::<error::Interrupted>() { String::new() } else { error::heading() };
        voice().fail(&format!("{what}{}", error::describe(&problem)));
        std::process::exit(error::exit_code(&problem));
    }
}
