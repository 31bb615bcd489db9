//! Names of long operations, as shown in progress bars.

use crate::chinese::phrase::Phrase;

pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    ("generating samples", "生成样本"),
    ("reading examples", "读取示例"),
    ("reading columns of the built-in types", "读取内置类型的列"),
    ("reading columns to validate on", "读取验证列"),
    ("evaluating on the {} split", "评估 {0} 部分"),
];
