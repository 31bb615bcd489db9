//! Runs on a file of labelled texts, as a user of the library writes them: index, tokenizer, token store, length groups,
//! loader, training, report, export.

mod data;
mod exported;
mod fixture;
mod folders;
mod identity;
mod resume;

use fixture::*;
