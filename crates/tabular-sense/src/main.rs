//! The command line of Tabular Sense.

use clap::Parser;
use tabular_sense::{commands, error};

fn main() {
    let cli = commands::Cli::parse();
    if let Err(problem) = commands::run(&cli) {
        eprintln!("error: {problem:#}");
        std::process::exit(error::exit_code(&problem));
    }
}
