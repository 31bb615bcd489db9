//! `train`: the flags, the training run, and what is printed of its outcome.

mod args;

use anyhow::{Context, Result};
use drivetrain::run::{Signals, command_line};
use drivetrain::tr;
use tabular_sense::train::{self, Finished, Outcome, Tested};

pub(super) use args::Args;

use crate::host::CommandLine;
use crate::show;
use crate::signals::interrupted;
use crate::terminal::{lang, terminal};

pub(super) fn run(args: &Args) -> Result<()> {
    args.misplaced.refuse()?;
    let signals = Signals::listen().with_context(|| tr!(lang(), "cannot listen to signals", "无法接收信号"))?;
    match train::train(&args.options(), &CommandLine::new(signals.stop())) {
        Err(error) if error.is_stopped() => {
            let command = command_line();
            let again = tr!(lang(), "`{command}` resumes where it stopped", "运行 `{command}` 可从停止处继续");
            Err(interrupted(&signals, &again).map_or(error.into(), Into::into))
        }
        Err(error) => Err(error.into()),
        Ok(Outcome::Unfinished { run }) => {
            let run = run.display();
            terminal().print(&tr!(
                lang(),
                "stopped as asked; `tabular-sense train --run {run} --resume` resumes it",
                "已按要求停止；`tabular-sense train --run {run} --resume` 可继续"
            ));
            Ok(())
        }
        Ok(Outcome::Finished(finished)) => print(&finished),
    }
}

fn print(finished: &Finished) -> Result<()> {
    let lang = lang();
    match &finished.tested {
        Tested::On(report) => {
            let path = finished.checkpoint.display();
            terminal().print(&tr!(lang, "tested {path}", "已测试 {path}"));
            say!("{}", show::headline(report, lang));
        }
        Tested::NoSamples { split, samples } => say!("{}", show::untested(split, *samples, lang)),
    }
    let (model, report) = (finished.model.display(), finished.report.display());
    say!("{}", tr!(lang, "model: {model}", "模型：{model}"));
    say!("{}", tr!(lang, "report: {report}", "报告：{report}"));
    Ok(())
}
