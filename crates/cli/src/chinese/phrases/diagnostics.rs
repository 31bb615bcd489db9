//! What the metrics of a run mean.

use crate::chinese::phrase::Phrase;

/// In alphabetical order; phrases with placeholders come last, the longest first.
pub(in crate::chinese) const PHRASES: &[Phrase] = &[
    (
        "A larger data.max_len keeps them whole, at the cost of training time.",
        "增大 data.max_len 可保留全文，但训练更耗时。",
    ),
    (
        "A model that always gives the same answer is right: add samples of other classes.",
        "模型只需始终给出同样的答案：请加入其他类别的样本。",
    ),
    (
        "Check the samples in incidents/; a lower learning rate often helps.",
        "请检查 incidents/ 中的样本；降低学习率常有帮助。",
    ),
    ("Checkpoints slow down training.", "保存检查点拖慢了训练。"),
    ("Choose the threshold by the curve below, not by its nominal value.", "请按下方曲线选择阈值，而非按字面数值。"),
    (
        "Divide the logits by a temperature that is fitted on the validation set.",
        "请将 logits 除以在验证集上拟合的温度。",
    ),
    (
        "Do not choose between settings by less than that, or set more samples aside.",
        "请勿据此取舍配置，或留出更多样本。",
    ),
    ("Many samples are truncated.", "许多样本被截断。"),
    (
        "More samples help most; then more dropout, a smaller model, or fewer epochs. The best checkpoint is kept.",
        "增加样本最有效；其次是加大 dropout、缩小模型或减少轮数。最佳检查点已保留。",
    ),
    ("No label occurs.", "没有出现任何标签。"),
    ("Non-finite loss or loss spike.", "损失不是有限值，或突然跃升。"),
    ("One class is never predicted correctly.", "有一个类别从未被正确识别。"),
    ("Only one label occurs.", "只出现了一种标签。"),
    ("Raise data.workers or data.prefetch.", "请增大 data.workers 或 data.prefetch。"),
    ("Remove duplicates from the file.", "请从文件中去除重复样本。"),
    (
        "Save less often (trainer.checkpoint), or to a faster disk.",
        "请降低保存频率（trainer.checkpoint），或使用更快的磁盘。",
    ),
    ("The labels are imbalanced.", "标签分布不均衡。"),
    ("The learning rate looks too high.", "学习率似乎过高。"),
    ("The model learned without overfitting.", "模型学习有效，且没有过拟合。"),
    ("The probabilities are miscalibrated.", "概率没有校准好。"),
    (
        "The score hides the rare ones: check their F1, and add samples of them.",
        "总得分会掩盖稀少的类别：请看各自的 F1，并补充样本。",
    ),
    ("The 1 training sample has no label.", "训练样本（1 个）都没有标签。"),
    ("The validation set is small.", "验证集偏小。"),
    ("Train for more epochs.", "请增加训练轮数。"),
    (
        "Train longer; if that does not help, check whether their samples can be told from the others.",
        "请训练更久；若仍如此，请检查其样本能否与其他类别区分。",
    ),
    ("Training has diverged.", "训练已发散。"),
    ("Training waits for data.", "训练在等待数据。"),
    ("Try a third of it, or a schedule that lowers it.", "请尝试三分之一，或使用会下降的调度。"),
    ("Try a third of the learning rate, or a longer warm-up.", "请尝试三分之一的学习率，或更长的预热。"),
    (
        "`{}` is {}% of the samples, in training and in validation: the score is too optimistic.",
        "`{0}` 占样本的 {1}%，训练与验证中都有：得分偏高。",
    ),
    (
        "Overfitting: the gap between training and validation has grown since epoch {}.",
        "过拟合：自第 {0} 轮起，训练与验证的差距不断扩大。",
    ),
    (
        "Validation loss {} → {}, training loss {}; the best {}, {}, was reached in epoch {}.",
        "验证损失 {0} → {1}，训练损失 {2}；最佳{3} {4} 出现在第 {5} 轮。",
    ),
    (
        "The training loss oscillates by {}% from one validation to the next.",
        "训练损失上下振荡，相邻两次验证平均变化 {0}%。",
    ),
    ("{}% of the training time was spent waiting for checkpoints.", "训练时间中有 {0}% 用于等待检查点。"),
    ("{}% of the training time was spent waiting for the loader.", "训练时间中有 {0}% 用于等待加载器。"),
    (
        "Validation loss {} → {} while training loss {} → {}; the gap {} → {}.",
        "验证损失 {0} → {1}，训练损失 {2} → {3}；差距 {4} → {5}。",
    ),
    ("On average they differ by {} from the observed frequency.", "平均而言，概率与实际频率相差 {0}。"),
    ("With 1 sample, differences below {} can be chance.", "只有 1 个样本时，小于 {0} 的差异可能只是偶然。"),
    ("With {} samples, differences below {} can be chance.", "只有 {0} 个样本时，小于 {1} 的差异可能只是偶然。"),
    ("The {} training samples have no label.", "训练样本（{0} 个）都没有标签。"),
    ("The {} training samples are all {}.", "训练样本全部（{0} 个）都是 {1}。"),
    ("The 1 training sample is all {}.", "训练样本全部（1 个）都是 {0}。"),
    ("In the best validation, recall is 0 for {}.", "在最佳验证中，下列类别的召回率为 0：{0}。"),
    ("{}% of samples are truncated at {} tokens.", "{0}% 的样本在 {1} 个 token 处被截断。"),
    ("The last validation was the best: {} {} → {}.", "最后一次验证即为最佳：{0} {1} → {2}。"),
    ("{} classes are never predicted correctly.", "有 {0} 个类别从未被正确识别。"),
    ("The training loss is {}; it was {} before.", "训练损失为 {0}，此前曾为 {1}。"),
    ("The {} was still falling at the end.", "训练结束时{0}仍在下降。"),
    ("The {} was still rising at the end.", "训练结束时{0}仍在上升。"),
    ("{} training samples are {}, {} are {}.", "训练样本中 {1} 有 {0} 个，{3} 只有 {2} 个。"),
    ("One sample is repeated {} times.", "同一样本重复了 {0} 次。"),
    ("1 time; the first at step {}: {}.", "共 1 次；最早在第 {0} 步：{1}。"),
    ("{} times; the first at step {}: {}.", "共 {0} 次；最早在第 {1} 步：{2}。"),
];
