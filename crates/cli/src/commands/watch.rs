use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::PathBuf;

use anyhow::Result;
use drivetrain::report::{State, Watched, serve};
use drivetrain::terminal::Lang;
use drivetrain::tr;

use super::default_run::DEFAULT_RUN;
use crate::error::UserError;
use crate::page::page;
use crate::terminal::{lang, terminal};
use tabular_sense::report::gather;
use tabular_sense::run::{RunFolder, existing_config};

/// Serve the report of a run on 127.0.0.1 and update it while another process is training.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Watch the run in this folder.
    #[arg(value_name = "RUN", default_value = DEFAULT_RUN)]
    run: PathBuf,
    /// Serve on this port; 0 picks any free port.
    #[arg(long, default_value_t = 8765)]
    port: u16,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let run = RunFolder::new(&args.run);
    existing_config(&run)?;
    let ready = |address: std::net::SocketAddr| {
        let path = args.run.display();
        terminal().print(&tr!(
            lang(),
            "{path} is shown at the address below; Ctrl-C ends",
            "{path} 的页面见下方地址；Ctrl-C 结束"
        ));
        println!("http://{address}/");
    };
    match serve(WatchedRun { run, lang: lang() }, args.port, ready) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let port = args.port;
            Err(UserError::new(tr!(lang(), "port {port} is in use", "端口 {port} 已被占用"))
                .hint(tr!(lang(), "choose another with --port, or 0 for any", "请用 --port 换一个端口；0 表示任选"))
                .into())
        }
        other => Ok(other?),
    }
}

/// A run that is watched while it trains.
struct WatchedRun {
    run: RunFolder,
    lang: Lang,
}

impl Watched for WatchedRun {
    fn page(&self) -> io::Result<String> {
        let mut content = gather(&self.run).map_err(io::Error::other)?;
        content.is_live = content.state == State::Running;
        Ok(page(content, self.lang))
    }

    fn version(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for name in ["metrics.jsonl", "timings.jsonl", "data.json", "analysis.json", "test.json"] {
            let known = std::fs::metadata(self.run.file(name)).map(|known| (known.len(), known.modified().ok()));
            known.ok().hash(&mut hasher);
        }
        self.run.is_in_use().hash(&mut hasher);
        hasher.finish()
    }

    fn is_over(&self) -> bool {
        !self.run.is_in_use()
    }
}
