//! What there is to remark on an input that was read all the same.

use super::form::{Form, sentences};

type Sentence = String;

fn sentence(form: &Form, parts: &[String]) -> String {
    form.english(parts)
}

sentences! {
    /// Behind the data of a tar there is something else.
    pub(crate) trailing_tar(at: Number):
        "what follows the tar data at byte {at} is none: it was passed over",
        "第 {at} 字节起不再是 tar 数据，其后内容已略过";

    /// Behind compressed data there is something else.
    pub(crate) trailing_data(len: Number, at: Number, format: Text):
        "{len} bytes at byte {at} follow the {format} data and are none: they were passed over",
        "第 {at} 字节起的 {len} 字节不属于其前的 {format} 数据，已略过";

    /// It was counted although it may be a copy.
    pub(crate) maybe_copy():
        "has too many matches to hold them back until it is known whether it is a copy: they are counted",
        "匹配过多，无法等到确定其是否为副本后再计数，已直接计入";
}
