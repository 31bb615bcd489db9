//! Any error in Chinese.

use std::error::Error;
use std::io;

use drivetrain::data::DataError;
use drivetrain::nn::NnError;
use drivetrain::train::TrainError;
use tabular_sense_rules::RuleError;
use tabular_sense_tables::TableError;

use super::io::io_error;
use super::translate::translate;
use super::{application, data, fields, rules, table, train};

/// An error in Chinese. Unknown text, such as a message from the system or from a parser, is left unchanged.
#[must_use]
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    if let Some(error) = error.downcast_ref::<tabular_sense::Error>() {
        return application::describe(error);
    }
    if let Some(error) = error.downcast_ref::<TableError>() {
        return table::describe(error);
    }
    if let Some(error) = error.downcast_ref::<RuleError>() {
        return rules::describe(error);
    }
    if let Some(error) = error.downcast_ref::<DataError>() {
        return data::describe(error);
    }
    if let Some(error) = error.downcast_ref::<TrainError>() {
        return train::describe(error);
    }
    if let Some(error) = error.downcast_ref::<NnError>() {
        return fields::describe_model(error);
    }
    error.downcast_ref::<io::Error>().map_or_else(|| translate(&error.to_string()), io_error)
}
