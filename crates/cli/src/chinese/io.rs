//! Errors of the system.

use std::io;

use super::translate::translate;

/// What the system says, in Chinese.
pub(super) fn io_error(error: &io::Error) -> String {
    use io::ErrorKind as Kind;

    // An error that a program made has a text of its own.
    if let Some(own) = error.get_ref() {
        return translate(&own.to_string());
    }
    let known = match error.kind() {
        Kind::NotFound => "没有这个文件或文件夹",
        Kind::PermissionDenied => "没有权限",
        Kind::AlreadyExists => "文件已存在",
        Kind::StorageFull => "磁盘空间不足",
        Kind::QuotaExceeded => "超出磁盘配额",
        Kind::ReadOnlyFilesystem => "文件系统是只读的",
        Kind::FileTooLarge => "文件过大",
        Kind::IsADirectory => "这是文件夹，不是文件",
        Kind::NotADirectory => "路径中有一部分不是文件夹",
        Kind::DirectoryNotEmpty => "文件夹不为空",
        Kind::BrokenPipe => "管道已断开",
        Kind::UnexpectedEof => "文件提前结束",
        Kind::AddrInUse => "端口已被占用",
        Kind::TimedOut => "超时",
        Kind::Interrupted => "操作被中断",
        Kind::OutOfMemory => "内存不足",
        _ => return translate(&error.to_string()),
    };
    known.to_owned()
}
