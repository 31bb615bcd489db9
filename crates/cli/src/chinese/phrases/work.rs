//! Names of long work, as progress bars show them.

use crate::chinese::phrase::Phrase;

pub(in crate::chinese) const PHRASES: &[Phrase] =
    &[("generating samples", "生成样本"), ("evaluating on the {} split", "评估 {0} 部分")];
