//! The sections of a run's page. One without anything to show is left out.

mod classes;
mod confidence;
mod confusions;
mod curves;
mod data;
mod diagnosis;
mod marks;
mod reproduce;
mod samples;
mod step_curves;
mod time;
mod validation_curves;

pub(super) use classes::classes;
pub(super) use confidence::confidence;
pub(super) use curves::curves;
pub(super) use data::data;
pub(super) use diagnosis::diagnostics;
pub(super) use reproduce::reproduce;
pub(super) use samples::samples;
pub(super) use time::time;
