//! Texts of training, saving and resuming.

use crate::chinese::phrase::Phrase;

pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    // Loaders and batches.
    ("its dataset is empty; give its part of the split more samples", "数据集是空的；请给这一部分多划分一些样本"),
    (
        "its sampler leaves out all {} of the dataset (`drop_last`); lower the batch size",
        "采样器舍去了数据集的全部 {0} 个样本（`drop_last`）；请减小批次大小",
    ),
    ("its sampler visits none of the dataset's {} samples", "采样器没有取用数据集 {0} 个样本中的任何一个"),
    ("the batch of {*}", "含 {0} 的批次"),
    ("the backward pass", "反向传播"),
    ("the optimizer", "优化器更新"),
    ("the model or its loss", "模型或损失"),
    (
        "the model gives {} logits, but the labels are of {} classes; these must be equal",
        "模型给出 {0} 个 logit，而标签有 {1} 个类别；二者必须相等",
    ),
    ("the model's output needs {} {*}, the batch holds {}", "模型的输出需要 {0} 个{1}，批次中有 {2} 个"),
    ("label entries", "标签项"),
    ("classes", "类别"),
    ("classes of tokens", "token 的类别"),
    ("its class is {}, but the model's classes are {}", "类别为 {0}，而模型的类别是 {1}"),
    // Checkpoints.
    ("checkpoint {} cannot be used: {*}", "检查点 {0} 不可用：{1}"),
    ("{} is not a usable safetensors file: {*}", "{0} 不是可用的 safetensors 文件：{1}"),
    (" (the newest of step {})", "（最新的是第 {0} 步）"),
    (" with a score: nothing was validated yet", "带有得分：尚未做过验证"),
    (
        " with a score: no validation had a finite loss and score, the model has diverged",
        "带有得分：没有一次验证的损失和得分是有限值，模型已发散",
    ),
    (" of step {}, the best", "（最佳的第 {0} 步）"),
    ("it names no checkpoint", "其中没有检查点的名称"),
    ("it does not have the hash of {}", "其中的哈希值与 {0} 的不符"),
    ("it names {}, of which {*}", "它指向 {0}，而{1}"),
    ("its manifest does not list {}", "清单中没有 {0}"),
    ("{} is damaged (hash {}, its manifest lists {})", "{0} 已损坏（哈希值为 {1}，清单中记为 {2}）"),
    ("{} is damaged: its content does not have the hash that it names", "{0} 已损坏：内容与其记录的哈希值不符"),
    ("{} is damaged: {*}", "{0} 已损坏：{1}"),
    ("its format is {}, this program reads format {}", "其格式为 {0}，本程序读取的格式为 {1}"),
    ("the optimizer's state holds no `{}`", "优化器状态中没有 `{0}`"),
    ("the optimizer's state holds an unknown tensor `{}`", "优化器状态中有未知的张量 `{0}`"),
    ("`{}` has {} running means, expected {} of each kind", "`{0}` 的滑动平均有 {1} 个，每种应有 {2} 个"),
    (
        "it is the state of the optimizer `{}`, and this run has `{}`; resume with `{}`, or without the optimizer's state \
         (`ResumeStrategy::WithoutOptimization` or `WeightsOnly`)",
        "其中是优化器 `{0}` 的状态，而本次训练使用 `{1}`；请用 `{2}` 续训，或不沿用优化器状态\
         （`ResumeStrategy::WithoutOptimization` 或 `WeightsOnly`）",
    ),
    ("it has running means of parameters that are not there", "其中有不存在的参数的滑动平均"),
    // Training that starts from a trained model.
    ("it cannot be read: {*}", "无法读取：{0}"),
    (
        "it has {} ids, but the model has {} (`vocab_size` of config.json)",
        "它有 {0} 个 id，而模型有 {1} 个（config.json 的 `vocab_size`）",
    ),
    (
        "`{}` is {*}, but this library's encoder has {*}: these weights would give other numbers in it",
        "`{0}` 为 {1}，而本库的编码器{2}：这些权重在其中会得出不同的数",
    ),
    ("not set (learned positions)", "未设（即学习得来的位置）"),
    ("sinusoidal positions only", "只有正弦位置"),
    ("sinusoidal positions without a norm behind them", "的正弦位置之后没有归一化"),
    ("a pre-norm encoder only", "只有先归一化的一种"),
    ("tensor `{}` holds {}, expected F32", "张量 `{0}` 的类型是 {1}，应为 F32"),
];
