//! The command line in Chinese: help texts, and errors in arguments.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

/// The texts, by command and flag; `about` and `long_about` are the texts of the command itself. The tables [`HEADINGS`] and
/// [`READING`] are not commands.
type Texts = BTreeMap<String, BTreeMap<String, String>>;

static TEXTS: LazyLock<Texts> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/help.zh.toml")).unwrap_or_default());

/// The headings of groups of options.
const HEADINGS: &str = "headings";

/// The options shared by all commands that read tables.
const READING: &str = "reading";

/// The program itself; all commands share its options.
const PROGRAM: &str = "tabular-sense";

/// `{{usage}}` and the like are filled in by clap.
const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

fn entry(table: &str, key: &str) -> Option<&'static str> {
    TEXTS.get(table)?.get(key).map(String::as_str)
}

/// The text for a command's flag.
fn flag_text(command: &str, flag: &str) -> Option<&'static str> {
    [command, READING, PROGRAM].into_iter().find_map(|table| entry(table, flag))
}

/// The command line with its help in Chinese.
pub(super) fn translate(mut command: Command) -> Command {
    command.build();
    translate_one(command)
}

fn translate_one(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let subcommands: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let mut command =
        command.help_template(TEMPLATE).subcommand_help_heading("命令").mut_args(|arg| translate_arg(&name, arg));
    if let Some(about) = entry(&name, "about") {
        let more = entry(&name, "long_about").map(|more| format!("\n\n{more}")).unwrap_or_default();
        command = command.about(about).long_about(format!("{about}{more}"));
    }
    subcommands.into_iter().fold(command, |command, name| command.mut_subcommand(name, translate_one))
}

fn translate_arg(command: &str, arg: Arg) -> Arg {
    let Some(help) = flag_text(command, arg.get_id().as_str()) else { return arg };
    let heading = match arg.get_help_heading() {
        Some(heading) => entry(HEADINGS, heading).unwrap_or("选项"),
        None if arg.is_positional() => "参数",
        None => "选项",
    };
    // Without this, clap would sort positional arguments below our heading by name.
    let arg = match arg.get_index() {
        Some(index) => arg.display_order(index),
        None => arg,
    };
    // The text already contains defaults and possible values; clap would add them in English.
    arg.help(help).long_help(help).help_heading(heading).hide_default_value(true).hide_possible_values(true)
}

/// The error in the arguments, in Chinese; `None` if help or the version was requested.
pub(super) fn error(error: &clap::Error) -> Option<String> {
    let of = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let mut message = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return None;
        }
        ErrorKind::UnknownArgument => format!("没有 `{arg}` 这个参数"),
        ErrorKind::InvalidSubcommand => format!("没有 `{}` 这个命令", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "需要一个命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{arg}"),
        ErrorKind::ArgumentConflict => format!("`{arg}` 不能与 `{}` 同时使用", of(ContextKind::PriorArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{arg}` 需要一个值"),
        ErrorKind::InvalidValue => format!("`{arg}` 的值 `{value}` 无效"),
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(|source| reason(&source.to_string()));
            format!("`{arg}` 的值 `{value}` 无效{}", reason.map(|reason| format!("：{reason}")).unwrap_or_default())
        }
        ErrorKind::TooManyValues => format!("`{arg}` 的值太多：`{value}` 是多余的"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("`{arg}` 的值太少"),
        ErrorKind::NoEquals => format!("`{arg}` 与它的值之间需要等号"),
        ErrorKind::InvalidUtf8 => "参数不是有效的 UTF-8".to_owned(),
        _ => error.to_string(),
    };
    let valid = of(ContextKind::ValidValue);
    if !valid.is_empty() {
        message.push_str(&format!("，可用的值：{valid}"));
    }
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let hint = suggested.into_iter().map(of).find(|text| !text.is_empty());
    let hint = hint.map_or_else(|| "用 --help 查看用法".to_owned(), |text| format!("是否想写 `{text}`？"));
    Some(format!("错误：{message}\n提示：{hint}"))
}

/// Why a value is invalid, translated from the messages of our own parsers and of clap.
fn reason(english: &str) -> String {
    let known = [
        ("expected a number above 0 and below 1", "应为大于 0 且小于 1 的数"),
        (
            "expected one to four characters that are neither quotes",
            "应为一到四个字符（引号和换行除外），或 tab、comma、semicolon、pipe、space、none",
        ),
        ("invalid digit found in string", "应为非负整数"),
        ("cannot parse integer from empty string", "应为非负整数"),
        ("number too large", "数太大"),
    ];
    if let Some((_, chinese)) = known.iter().find(|(start, _)| english.starts_with(start)) {
        return (*chinese).to_owned();
    }
    // clap: "0 is not in 1..=65535".
    match english.split_once(" is not in ") {
        Some((_, range)) => format!("应在 {range} 之内"),
        None => english.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::commands::Cli;

    #[test]
    fn every_command_flag_and_heading_has_a_chinese_text_and_every_text_its_place() {
        let mut unused = TEXTS.clone();
        let mut take = |table: &str, key: &str| {
            unused.get_mut(table).and_then(|texts| texts.remove(key));
            entry(table, key).filter(|text| !text.is_ascii())
        };
        for command in all_commands(Cli::command()) {
            let name = command.get_name();
            assert!(take(name, "about").is_some(), "{name}");
            let is_long = command.get_long_about().is_some();
            assert_eq!(take(name, "long_about").is_some(), is_long, "the long help of {name}");
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let tables = [name, READING, PROGRAM];
                let help = tables.into_iter().find_map(|table| take(table, arg.get_id().as_str()));
                assert!(help.is_some(), "{name} --{}", arg.get_id());
                let heading = arg.get_help_heading();
                assert!(heading.is_none_or(|heading| take(HEADINGS, heading).is_some()), "{heading:?}");
            }
        }
        // These belong to clap's own `help`, `--help` and `--version`.
        for (table, key) in [(PROGRAM, "help"), (PROGRAM, "version"), ("help", "about")] {
            assert!(take(table, key).is_some(), "{table}: {key}");
        }
        unused.retain(|_, texts| !texts.is_empty());
        assert!(unused.is_empty(), "texts that belong to nothing: {unused:?}");
    }

    #[test]
    fn below_each_heading_arguments_have_the_order_of_the_english_help() {
        // The groups of a command's long help: below each heading, the lines that begin an argument.
        let listed = |command: &mut Command| {
            let mut groups: Vec<Vec<String>> = vec![Vec::new()];
            for line in command.render_long_help().to_string().lines() {
                let text = line.trim_start();
                let is_argument = line.len() - text.len() < 10 && text.starts_with(['-', '<', '[']);
                if text.len() == line.len() && line.ends_with(':') {
                    groups.push(Vec::new());
                } else if is_argument && let Some(group) = groups.last_mut() {
                    group.push(text.to_owned());
                }
            }
            groups.sort();
            groups
        };
        let mut english = Cli::command();
        english.build();
        for (mut english, mut chinese) in all_commands(english).into_iter().zip(all_commands(translate(Cli::command())))
        {
            assert_eq!(listed(&mut english), listed(&mut chinese), "{}", english.get_name());
        }
    }

    /// A command and all its subcommands.
    fn all_commands(command: Command) -> Vec<Command> {
        let below: Vec<Command> = command.get_subcommands().cloned().flat_map(all_commands).collect();
        std::iter::once(command).chain(below).collect()
    }

    #[test]
    fn the_translated_command_line_is_in_order() {
        translate(Cli::command()).debug_assert();
        let mut command = translate(Cli::command());
        let help = command.find_subcommand_mut("predict").expect("predict").render_long_help().to_string();
        assert!(help.contains("用法：") && !help.contains("default"), "{help}");
        let under = |heading: &str| help.split(heading).nth(1).unwrap_or_default().split("\n\n").next();
        assert!(under("个人信息:").is_some_and(|first| first.contains("--personal")), "{help}");
    }

    #[test]
    fn mistakes_are_told_in_chinese() {
        for (arguments, expected) in [
            (&["tabular-sense", "predict", "--jso", "x.csv"][..], "没有 `--jso` 这个参数"),
            (&["tabular-sense", "predikt"][..], "没有 `predikt` 这个命令"),
            (&["tabular-sense", "predict"][..], "缺少必需的参数：<FILE>"),
            (
                &["tabular-sense", "predict", "--top-k", "0", "x"][..],
                "`--top-k <K>` 的值 `0` 无效：应在 1..=65535 之内",
            ),
            (&["tabular-sense", "predict", "--threshold", "2", "x"][..], "应为大于 0 且小于 1 的数"),
            (&["tabular-sense", "predict", "--delimiter", "", "x"][..], "应为一到四个字符"),
            (&["tabular-sense", "watch", "--port", "x"][..], "应为非负整数"),
            (&["tabular-sense", "--lang", "fr", "runs"][..], "`--lang <LANG>` 的值 `fr` 无效，可用的值：en、zh"),
        ] {
            let problem = translate(Cli::command()).try_get_matches_from(arguments).expect_err("a mistake");
            let told = error(&problem).expect("a message");
            assert!(told.contains(expected), "{told}");
        }
    }
}
