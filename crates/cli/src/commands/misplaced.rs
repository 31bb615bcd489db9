//! Settings that other programs take as flags but this one takes from its configuration. The error message names the field.

use clap::{Arg, ArgMatches, Command};
use drivetrain::tr;

use crate::error::UserError;
use crate::terminal::lang;

/// A flag, its other common name, and the configuration field that it corresponds to.
const FLAGS: [(&str, &str, &str); 9] = [
    ("epochs", "", "trainer.epochs"),
    ("batch-size", "batch", "data.batch_size"),
    ("learning-rate", "lr", "trainer.optimizer.learning_rate"),
    ("seed", "", "trainer.seed"),
    ("max-len", "max-length", "data.max_len"),
    ("patience", "", "trainer.early_stop.patience"),
    ("dropout", "", "trainer.dropout.initial"),
    ("weight-decay", "", "trainer.optimizer.weight_decay"),
    ("workers", "num-workers", "data.workers"),
];

/// The first of those flags that was given: its name, its field and its value, which may be empty.
#[derive(Debug, Default)]
pub(super) struct Misplaced(Option<(&'static str, &'static str, String)>);

impl clap::Args for Misplaced {
    fn augment_args(command: Command) -> Command {
        let flag = |(flag, alias, _): (&'static str, &'static str, &str)| {
            let aliases = (!alias.is_empty()).then_some(alias);
            let arg = Arg::new(flag).long(flag).aliases(aliases).hide(true);
            arg.num_args(0..=1).default_missing_value("").allow_hyphen_values(true)
        };
        command.args(FLAGS.map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Misplaced {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |(flag, _, field): (&'static str, &str, &'static str)| {
            Some((flag, field, matches.get_one::<String>(flag)?.clone()))
        };
        Ok(Self(FLAGS.into_iter().find_map(given)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Misplaced {
    /// Returns an error that names the field for the given flag, if any.
    pub(super) fn refuse(&self) -> Result<(), UserError> {
        let Some((flag, field, value)) = &self.0 else { return Ok(()) };
        let (section, name) = field.rsplit_once('.').unwrap_or_default();
        let value = if value.is_empty() { "…" } else { value };
        Err(UserError::new(tr!(
            lang(),
            "`train` has no flag --{flag}: that is `{field}` in the run's configuration",
            "`train` 没有 --{flag} 选项：它是配置项 `{field}`"
        ))
        .hint(tr!(
            lang(),
            "set `{name} = {value}` below `[{section}]` in a copy of the run's config.toml, or of a file in configs/, and give \
             that with --config",
            "请复制训练文件夹中的 config.toml 或 configs/ 中的一个文件，在 `[{section}]` 下写上 `{name} = {value}`，再用 --config 指定它"
        )))
    }
}
