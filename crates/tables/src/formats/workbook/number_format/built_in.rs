//! The number formats that a workbook refers to only by a number, as listed in [ECMA-376, part 1, 18.8.30].

use super::NumberFormat;

impl NumberFormat {
    /// The format with the number `id` in a workbook. `code` is the code that the workbook itself gives for it, if any.
    pub(in super::super) fn of_id(id: u32, code: Option<&str>) -> Self {
        Self::parse(local(id).or(code).or_else(|| fixed(id)).unwrap_or("General"))
    }
}

/// The formats whose code depends on the locale: short dates, which are shown in ISO form, and those of East Asia.
fn local(id: u32) -> Option<&'static str> {
    Some(match id {
        14 => "yyyy-mm-dd",
        22 => "yyyy-mm-dd h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "AM/PM h\"时\"mm\"分\"",
        35 | 56 => "AM/PM h\"时\"mm\"分\"ss\"秒\"",
        _ => return None,
    })
}

/// Those that are the same in all locales. The codes of currencies (5–8, 42, 44) are written out by the programs that use them;
/// here they have no currency symbol.
fn fixed(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 | 37 | 38 | 41 | 42 => "#,##0;(#,##0)",
        7 | 8 | 39 | 40 | 43 | 44 => "#,##0.00;(#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}
