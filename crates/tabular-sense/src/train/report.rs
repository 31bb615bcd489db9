//! Step 9: the run as a page.

use std::path::PathBuf;

use crate::error::Result;
use crate::report::context;

use super::session::Session;

/// Writes `report.html`; returns its path.
pub(super) fn report(session: &Session<'_>) -> Result<PathBuf> {
    let context = context(session.run.folder(), session.config);
    Ok(session.run.report_with(context, |page| session.host.page(page))?)
}
