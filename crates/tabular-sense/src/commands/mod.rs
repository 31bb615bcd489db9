//! The command line: one file a command.

/// `println!` to a reader who may stop early, as `head` does: that ends in an error which [`crate::error::is_broken_pipe`]
/// knows, not in a panic.
macro_rules! say {
    ($($text:tt)*) => {
        std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($text)*)))?
    };
}

mod ask;
mod evaluate;
mod generate;
mod inspect;
mod predict;
mod train;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// What does a column of a table mean? 32 types, several at once, Chinese and English.
#[derive(Debug, Parser)]
#[command(name = "tabular-sense", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Args),
    Predict(predict::Args),
    Ask(ask::Args),
    Generate(generate::Args),
    Evaluate(evaluate::Args),
    Inspect(inspect::Args),
}

/// Runs what the user asked for.
///
/// # Errors
/// Whatever went wrong; [`crate::error::exit_code`] says whose mistake it was.
pub fn run(cli: &Cli) -> Result<()> {
    match &cli.command {
        Command::Train(args) => train::run(args),
        Command::Predict(args) => predict::run(args),
        Command::Ask(args) => ask::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Inspect(args) => inspect::run(args),
    }
}

/// Where `train` without arguments leaves its run.
pub(crate) const DEFAULT_RUN: &str = "runs/default";

/// Where `train` without arguments leaves its model.
pub(crate) const DEFAULT_MODEL: &str = "runs/default/export";
