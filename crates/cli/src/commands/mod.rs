//! The command line, with one file per command.

/// `println!` for a reader that may stop early, such as `head`. This gives an error, which [`crate::error::is_broken_pipe`]
/// recognises, instead of a panic.
macro_rules! say {
    ($($text:tt)*) => {
        std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($text)*)))?
    };
}

mod ask;
mod compare;
mod default_run;
mod evaluate;
mod explain;
mod generate;
mod help_zh;
mod inspect;
mod learn;
mod misplaced;
mod predict;
mod reading;
mod report;
mod runs;
mod train;
mod types;
mod watch;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use drivetrain::terminal::{Lang, LogFormat, Terminal};

use crate::terminal::{locale, set_terminal};

/// Find the semantic types of a table's columns (none, one or several per column), or train a model for this task.
#[derive(Debug, Parser)]
#[command(name = "tabular-sense", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Show no progress and no messages except warnings and errors. Results are still printed.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Write messages to stderr in this format.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    log_format: Format,
    /// Use this language in messages and reports [default: the locale's].
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Plain lines, with progress bars in a terminal.
    Text,
    /// One JSON object per line.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// English.
    En,
    /// 中文
    Zh,
}

impl Cli {
    /// Parses the process's arguments; exits if they ask for help or are invalid.
    #[must_use]
    pub(crate) fn of_arguments() -> Self {
        let is_chinese = language_of_arguments() == Lang::Zh;
        let mut command = if is_chinese { help_zh::translate(Self::command()) } else { Self::command() };
        if is_chinese && std::env::args_os().len() == 1 {
            eprint!("{}", command.render_help());
            std::process::exit(2);
        }
        let parsed = command.try_get_matches().and_then(|matches| Self::from_arg_matches(&matches));
        parsed.unwrap_or_else(|problem| match help_zh::error(&problem).filter(|_| is_chinese) {
            Some(message) => {
                eprintln!("{message}");
                std::process::exit(problem.exit_code());
            }
            None => problem.exit(),
        })
    }

    fn terminal(&self) -> Terminal {
        let lang = match self.lang {
            Some(Language::En) => Lang::En,
            Some(Language::Zh) => Lang::Zh,
            None => locale(),
        };
        let format = if self.log_format == Format::Json { LogFormat::Json } else { LogFormat::Text };
        Terminal { lang, format, is_quiet: self.quiet }
    }
}

/// The language that the arguments ask for, determined before the arguments are validated.
fn language_of_arguments() -> Lang {
    let arguments: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let after = arguments.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str()).next_back();
    match after.or_else(|| arguments.iter().filter_map(|argument| argument.strip_prefix("--lang=")).next_back()) {
        Some("zh") => Lang::Zh,
        Some("en") => Lang::En,
        _ => locale(),
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Train(train::Args),
    Learn(learn::Args),
    Predict(predict::Args),
    Ask(ask::Args),
    Generate(generate::Args),
    Evaluate(evaluate::Args),
    Inspect(inspect::Args),
    Report(report::Args),
    Watch(watch::Args),
    Runs(runs::Args),
    Compare(compare::Args),
    Types(types::Args),
}

/// Runs what the user asked for.
///
/// # Errors
/// Any error; [`crate::error::exit_code`] distinguishes user errors from failures.
pub(crate) fn run(cli: &Cli) -> Result<()> {
    set_terminal(cli.terminal());
    match &cli.command {
        Command::Train(args) => train::run(args),
        Command::Learn(args) => learn::run(args),
        Command::Predict(args) => predict::run(args),
        Command::Ask(args) => ask::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Report(args) => report::run(args),
        Command::Watch(args) => watch::run(args),
        Command::Runs(args) => runs::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Types(args) => types::run(args),
    }
}
