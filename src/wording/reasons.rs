//! Why an input was not read to its end, or is not counted.
//!
//! What the system or a library says of it stands as it is, in English.

use super::form::{Form, sentences};

type Sentence = String;

fn sentence(form: &Form, parts: &[String]) -> String {
    form.english(parts)
}

sentences! {
    /// What is wrong with a compressed file may be well when it has changed. What may follow any
    /// reason is tried first, since a name that ends a reason may be anything.
    pub(crate) again_when_changed(error: Reason):
        "{error}, it is tried again when it changes",
        "{error}，变化后将重试";

    /// A stream is read again in a while.
    pub(crate) again_soon(error: Reason):
        "{error}, it is tried again soon",
        "{error}，稍后将重试";

    /// A path is looked at again.
    pub(crate) again(error: Reason):
        "{error}, it is tried again",
        "{error}，将重试";

    /// A signal ended the run.
    pub interrupted():
        "interrupted",
        "已中断";

    /// It was reached twice.
    pub same_file(path: Text):
        "is the same file as {path}",
        "与 {path} 是同一文件";

    /// Its text was counted before.
    pub(crate) same_text(path: Text):
        "is the same text as {path}",
        "与 {path} 内容相同";

    /// It stands for inputs that are not listed.
    pub(crate) beyond_listed(most: Number):
        "inputs beyond the first {most} of their kind",
        "同类输入中前 {most} 个之外的输入";

    /// It ends before its data do.
    pub(crate) cut_short(at: Number, format: Text):
        "cut short at byte {at} of the {format} data: expected more",
        "{format} 数据在第 {at} 字节处被截断，其后应还有数据";

    /// Its data contradict themselves.
    pub(crate) damaged(at: Number, format: Text, what: Damage):
        "damaged at byte {at} of the {format} data: {what}",
        "{format} 数据在第 {at} 字节处损坏：{what}";

    /// Reading failed on the way.
    pub(crate) reading_failed(at: Number, error: Reason):
        "reading failed at byte {at}: {error}",
        "在第 {at} 字节处读取失败：{error}";

    /// Somebody made the file shorter meanwhile.
    pub(crate) shortened(bytes: Number):
        "the file was cut to {bytes} bytes while it was read; what it held behind them is not counted",
        "读取期间文件被截断为 {bytes} 字节，其后的内容未计入";

    /// A socket cannot be read.
    pub(crate) is_socket():
        "is a socket, expected a file, a folder or a pipe",
        "是套接字，应为文件、文件夹或管道";

    /// A pipe cannot be followed.
    pub(crate) is_pipe():
        "is a pipe, expected a regular file (a pipe can be standard input: < PIPE)",
        "是管道，应为普通文件（管道可作为标准输入：< PIPE）";

    /// What cannot be followed.
    pub(crate) not_regular():
        "is no regular file",
        "不是普通文件";

    /// Packed text where only plain text is read.
    pub(crate) packed_not_plain(format: Text):
        "is packed ({format}), expected plain text; unpack it first",
        "已打包（{format}），应为纯文本；请先解包";

    /// An archive where only one text is read.
    pub(crate) packed_not_one_text(format: Text):
        "is packed ({format}), expected plain text or one compressed text; unpack it first",
        "已打包（{format}），应为纯文本或单个压缩文本；请先解包";

    /// A format that is not read.
    pub(crate) packed_unknown(format: Text):
        "is packed ({format}), expected plain text or gzip, zstd, xz, bzip2, lz4, tar or zip; unpack it first",
        "已打包（{format}），应为纯文本或 gzip、zstd、xz、bzip2、lz4、tar、zip；请先解包";

    /// More text than `--max-decompressed`.
    pub(crate) too_much_text(most: Number):
        "stopped after {most} decompressed bytes, which is what --max-decompressed allows",
        "解压 {most} 字节后停止，已达 --max-decompressed 上限";

    /// Deeper than `--max-depth`.
    pub(crate) too_deep(most: Number):
        "lies deeper than {most} archives or compressed files in each other, which is what --max-depth allows",
        "嵌套超过 {most} 层归档或压缩文件，即 --max-depth 的上限";

    /// More memory than `--max-memory`, in MiB.
    pub(crate) too_much_memory(format: Text, wanted: Number, limit: Number, left: Number, enough: Number):
        "its {format} data need {wanted} MiB of memory to decompress, and --max-memory {limit}MiB leaves {left} MiB; use --max-memory {enough}MiB",
        "其 {format} 数据解压需要 {wanted} MiB 内存，而 --max-memory {limit}MiB 只留有 {left} MiB；请使用 --max-memory {enough}MiB";

    /// lz4 with a dictionary.
    pub(crate) lz4_dictionary():
        "its lz4 data were compressed with a dictionary, expected data without one",
        "其 lz4 数据压缩时使用了字典，应为不用字典的数据";

    /// zstd with a dictionary.
    pub(crate) zstd_dictionary(id: Number):
        "its zstd data were compressed with the dictionary {id}, expected data without one",
        "其 zstd 数据压缩时使用了字典 {id}，应为不用字典的数据";

    /// What the library says of xz data.
    pub(crate) xz_unreadable(error: Text):
        "its xz data cannot be read: {error}",
        "其 xz 数据无法读取：{error}";

    /// xz blocks of unknown length.
    pub(crate) xz_lengths():
        "its xz data state the lengths of some blocks only, expected those of all or of none",
        "其 xz 数据只注明了部分块的长度，应全部注明或全不注明";

    /// A sparse file in an old form.
    pub(crate) sparse_without_header():
        "is a sparse file without a GNU header, expected one",
        "是没有 GNU 文件头的稀疏文件，应有文件头";

    /// A sparse file of very many parts.
    pub(crate) sparse_parts(most: Number):
        "is a sparse file of more than {most} parts, expected no more",
        "是超过 {most} 段的稀疏文件，不应超过此数";

    /// A member with a password.
    pub(crate) encrypted():
        "is encrypted, expected a member without a password",
        "已加密，应为没有密码的成员";

    /// A member of unknown length in a stream.
    pub(crate) length_behind():
        "is stored without its length before it: where it ends only the central directory tells, which a stream gives too late; expected a file",
        "存储时未在其前注明长度：其结尾只有中央目录说明，而数据流给出得太晚；应为文件";

    /// A member in a method that is not read.
    pub(crate) zip_method(method: Number):
        "is compressed by method {method}, expected deflate, zstd, bzip2, xz or none",
        "使用压缩方法 {method}，应为 deflate、zstd、bzip2、xz 或不压缩";

    /// The same where the method has a name.
    pub(crate) zip_method_named(method: Number, name: Text):
        "is compressed by method {method} ({name}), expected deflate, zstd, bzip2, xz or none",
        "使用压缩方法 {method}（{name}），应为 deflate、zstd、bzip2、xz 或不压缩";

    /// What follows a member of unknown length in a stream.
    pub(crate) member_lost(member: Text):
        "what follows the member '{member}' was not found: where that ends only the central directory tells, which a stream gives too late; expected a file",
        "未找到成员“{member}”之后的内容：其结尾只有中央目录说明，而数据流给出得太晚；应为文件";

    /// A file that does not exist yet.
    pub(crate) awaited():
        "does not exist, it is waited for",
        "不存在，等待其出现";
}

/// What is wrong with data.
pub(crate) mod damage {
    use super::{Sentence, sentence, sentences};

    sentences! {
        /// No deflate data, or damaged ones.
        pub(crate) no_deflate():
            "no sound deflate data",
            "不是完好的 deflate 数据";

        /// All data of a member of gzip were read, and give another checksum.
        pub(crate) text_checksum():
            "all data could be read, but their checksum does not match",
            "数据均可读取，但校验和不符";

        /// All data of a member of gzip were read, and are of another length.
        pub(crate) text_length():
            "all data could be read, but their length does not match",
            "数据均可读取，但长度不符";

        /// A member of gzip begins like none.
        pub(crate) gzip_magic():
            "a member begins with a damaged magic",
            "某个成员开头的魔数已损坏";

        /// The header of a frame is not whole.
        pub(crate) header_cut_short():
            "its header is cut short",
            "其头部被截断";

        /// There is something else.
        pub(crate) no_beginning(format: Text):
            "expected the beginning of {format} data",
            "此处应为 {format} 数据的开头";

        /// The decoder takes nothing and gives nothing.
        pub(crate) leads_nowhere():
            "it leads nowhere",
            "无法继续解压";

        /// The checksum of a header of a tar.
        pub(crate) tar_checksum():
            "the header's checksum is wrong",
            "头部的校验和不符";

        /// A name in a tar is too long.
        pub(crate) tar_name(len: Number, most: Number):
            "a name of {len} bytes, expected {most} at most",
            "名称有 {len} 字节，至多应为 {most}";

        /// The map of a sparse file.
        pub(crate) sparse_map():
            "the map of a sparse file holds no number",
            "稀疏文件的映射中没有数字";

        /// The checksum of a member of a zip.
        pub(crate) member_checksum():
            "the checksum of the member is wrong",
            "成员的校验和不符";

        /// The length of a member of a zip.
        pub(crate) member_length():
            "the length of the member is wrong",
            "成员的长度不符";

        /// No header of a member of a zip.
        pub(crate) no_member():
            "expected the header of a member",
            "此处应为成员的头部";

        /// Neither a member of a zip nor its end.
        pub(crate) no_member_or_directory():
            "expected the header of a member or the central directory",
            "此处应为成员的头部或中央目录";

        /// What a library says of the directory of a zip.
        pub(crate) directory_unreadable(error: Text):
            "the central directory cannot be read: {error}",
            "中央目录无法读取：{error}";

        /// The directory of a zip has other members.
        pub(crate) other_members(listed: Number, found: Number):
            "the central directory lists {listed} members and {found} were found on the way there",
            "中央目录列出 {listed} 个成员，而此前找到 {found} 个";

        /// The members of a zip overlap.
        pub(crate) members_overlap():
            "the members overlap: together they are longer than the file",
            "成员相互重叠：总长超过文件";
    }
}
