//! Texts from reading and preparing data.

use crate::chinese::phrase::Phrase;

pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    (
        "sample {} does not exist: the dataset has {} samples, counted from 0",
        "没有样本 {0}：数据集共有 {1} 个样本，从 0 开始编号",
    ),
    ("cannot read or write {}: {*}", "无法读写 {0}：{1}"),
    ("expected a sample file, found a folder", "应为样本文件，但这是文件夹"),
    ("it is larger than {} bytes", "它超过 {0} 字节"),
    ("it is not UTF-8 text", "它不是 UTF-8 文本"),
    ("expected one sample a line, found a line of more than {} bytes", "应为每行一个样本，但有一行超过 {0} 字节"),
    (
        "expected UTF-8 text, found byte {} at byte {} of the line; convert the file to UTF-8",
        "应为 UTF-8 文本，但该行字节 {1} 处是 {0}；请将文件转换为 UTF-8",
    ),
    ("expected {} bytes, found fewer", "应有 {0} 字节，实际不足"),
    ("the token store just written cannot be read back", "刚写入的 token 缓存无法读回"),
    (
        "the sampler visits {} of the dataset's {} samples in epoch {} and passes over the others, such as {*}; make the sampler for {} samples, or count what it leaves out with `EpochPlan::note_dropped`",
        "采样器在第 {2} 轮（从 0 起）只取数据集 {1} 个样本中的 {0} 个，漏掉了其余的，如 {3}；请按 {4} 个样本建立采样器，或用 `EpochPlan::note_dropped` 记下舍去的样本",
    ),
    (
        "sample {} has {} tokens, more than the budget of {} for a whole batch; raise the token budget or lower the maximum length",
        "样本 {0} 有 {1} 个 token，超过整个批次的上限 {2}；请调大 `token_budget` 或调小 `max_len`",
    ),
    ("the {} fraction must lie in 0..=1, found {}", "`{0}` 的比例必须在 0 到 1 之间，现为 {1}"),
    (
        "the train, validation and test fractions must add up to 1, found {}",
        "`train`、`validation`、`test` 三个比例之和必须为 1，现为 {0}",
    ),
    (
        "expected a vocabulary of at least {} tokens (the special ones and the 256 bytes), found {}",
        "词表至少要有 {0} 个 token（特殊 token 和 256 个字节），现为 {1}",
    ),
    (
        "micro-batches are to have a number of tokens, but the collate function does not tell the lengths of samples; implement `Collate::length`, or cut batches by number only",
        "micro-batch 按 token 数切分，但 collate 没有给出样本长度；请实现 `Collate::length`，或只按份数切分",
    ),
    ("the batch size must be at least 1, found 0", "批次大小至少为 1，现为 0"),
    ("expected at most {} samples, found {}", "最多 {0} 个样本，现有 {1} 个"),
    (
        "expected one output length per input length, found {} and {}",
        "输入与输出的长度应一一对应，现在输出有 {0} 个，输入有 {1} 个",
    ),
    ("a batch needs at least one sample, found none", "一个批次至少要有一个样本，现在没有"),
    ("expected one class, found {}", "应有一个类别，现有 {0} 个"),
    (
        "expected one class per token, found {} for {} tokens",
        "每个 token 应有一个类别，现在 {1} 个 token 有 {0} 个类别",
    ),
    ("expected classes in {}, found {}", "类别应在 {0} 之内，现为 {1}"),
    (
        "expected the special token {} at id {}, but no such token; train a tokenizer with this program",
        "特殊 token {0} 的编号应为 {1}，但没有这个 token；请用本程序训练分词器",
    ),
    (
        "expected the special token {} at id {}, but it has id {}; train a tokenizer with this program",
        "特殊 token {0} 的编号应为 {1}，现为 {2}；请用本程序训练分词器",
    ),
    (
        "expected a tokenizer that always encodes alike, found one with BPE dropout",
        "分词器的结果应始终一致，但它启用了 BPE dropout",
    ),
    ("expected the text `<sep>` to be the one id {}, found {}", "文本 `<sep>` 应只有一个编号 {0}，现为 {1}"),
    (
        "expected a Hugging Face tokenizer.json, found a file its reader cannot cope with",
        "应为 Hugging Face 的 tokenizer.json，但读取程序无法处理此文件",
    ),
    ("expected a Hugging Face tokenizer.json: {*}", "应为 Hugging Face 的 tokenizer.json：{0}"),
    ("its decoder cannot cope with these ids", "其解码器无法处理这些编号"),
];
