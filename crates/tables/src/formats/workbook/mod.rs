//! Workbooks: every sheet of an XLSX, XLSB, XLS or ODS file is a table.

mod book;
mod bytes;
mod cell_formats;
mod cell_text;
mod number_format;
mod ods;
mod parts;
mod tables;
mod xls;
mod xls_formats;
mod xlsb;
mod xlsb_formats;
mod xlsx;

pub(super) use ods::Ods;
pub(super) use xls::Xls;
pub(super) use xlsb::Xlsb;
pub(super) use xlsx::Xlsx;
