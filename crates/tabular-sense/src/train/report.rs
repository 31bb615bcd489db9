//! Step 9: the run as a page.

use std::io::Write;
use std::path::PathBuf;

use drivetrain::data::write_atomically;
use drivetrain::report::State;

use crate::error::{Result, RunError};
use crate::report::gather;

use super::session::Session;

/// Writes `report.html`; gives its path.
pub(super) fn report(session: &Session<'_>) -> Result<PathBuf> {
    let mut page = gather(session.run, Some(session.config))?;
    // It is this process that has the run in use, and it is done.
    page.state = State::of(&page.history);
    let html = session.host.page(page);
    let path = session.run.file("report.html");
    write_atomically(&path, |writer| writer.write_all(html.as_bytes()))
        .map_err(|source| RunError::Write { path: path.clone(), source })?;
    Ok(path)
}
