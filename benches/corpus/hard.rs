//! Texts without any code that are hard, or as easy as can be, for one part of a matcher.

use std::collections::HashSet;

use super::Corpus;
use super::records::RECORDS;
use super::template::{Template, Writer};

/// What makes a text special.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hard {
    /// Beginnings, middles and near misses of codes: a filter hits at nearly every byte.
    FragmentRich,
    /// Pieces of codes, each behind an escape: every one may begin a code.
    FragmentsBehindEscapes,
    /// Pieces of codes with a blank between them.
    FragmentsAmongBlanks,
    /// The first eight bytes of codes.
    BeginningsOfCodes,
    /// Codes that lack their last byte.
    CutCodes,
    /// English sentences.
    EnglishProse,
    /// Chinese sentences: nearly every byte is 0x80 or more.
    ChineseProse,
    /// JSON objects inside of JSON strings inside of JSON objects.
    Json,
    /// Base64 as in a mail: a code could stand there only by a chance of some 1 : 1,000,000 in a GiB.
    Base64,
    /// Programs: many names, many of them in CamelCase and with dots.
    SourceCode,
    /// A newline at every second byte.
    OneByteLines,
    /// Log records without any newline.
    OneHugeLine,
}

impl Hard {
    /// Every kind.
    pub const ALL: [Hard; 12] = [
        Hard::FragmentRich,
        Hard::FragmentsBehindEscapes,
        Hard::FragmentsAmongBlanks,
        Hard::BeginningsOfCodes,
        Hard::CutCodes,
        Hard::EnglishProse,
        Hard::ChineseProse,
        Hard::Json,
        Hard::Base64,
        Hard::SourceCode,
        Hard::OneByteLines,
        Hard::OneHugeLine,
    ];
}

/// A text of the `kind` that is hard for `codes`, of `bytes` bytes and up to a line more.
///
/// [`Corpus::matches`] is 0, for the built-in codes and for those of
/// [`large_catalog`](super::large_catalog).
pub fn adversarial(kind: Hard, codes: &[String], bytes: usize) -> Corpus {
    // Lossless: a small number. It keeps two kinds from making the same choices.
    let seed = kind as u64;
    match kind {
        Hard::FragmentRich => lines_of(&["${fragments}"], bytes, seed),
        Hard::FragmentsBehindEscapes => lines_of(
            &[r"\n${piece}\t${piece}\n${piece}%22${piece}\u003c${piece}"],
            bytes,
            seed,
        ),
        Hard::FragmentsAmongBlanks => lines_of(
            &["${piece} ${piece} ${piece} ${piece} ${piece} ${piece}"],
            bytes,
            seed,
        ),
        Hard::BeginningsOfCodes => tokens(
            codes.iter().filter_map(|code| code.get(..8)),
            codes,
            bytes,
            seed,
        ),
        Hard::CutCodes => tokens(
            codes.iter().filter_map(|code| code.get(..code.len() - 1)),
            codes,
            bytes,
            seed,
        ),
        Hard::EnglishProse => lines_of(&["${english} ${english} ${english}"], bytes, seed),
        Hard::ChineseProse => {
            lines_of(&["${hansentence}${hansentence}${hansentence}"], bytes, seed)
        }
        Hard::Json => lines_of(&["${json}"], bytes, seed),
        Hard::Base64 => lines_of(&["${b76}"], bytes, seed),
        Hard::SourceCode => lines_of(&["${source}"], bytes, seed),
        Hard::OneByteLines => one_byte_lines(bytes, seed),
        Hard::OneHugeLine => one_huge_line(bytes, seed),
    }
}

fn lines_of(shapes: &[&'static str], bytes: usize, seed: u64) -> Corpus {
    let shapes = Template::all(shapes);
    let mut writer = Writer::new(bytes, seed);
    let mut lines = 0;
    while writer.text.len() < bytes {
        let shape = writer.random.pick(&shapes);
        writer.line(shape, "");
        lines += 1;
    }
    Corpus {
        text: writer.text,
        matches: 0,
        lines,
    }
}

/// Lines of ten of the `tokens` that are none of `codes`.
fn tokens<'c>(
    tokens: impl Iterator<Item = &'c str>,
    codes: &[String],
    bytes: usize,
    seed: u64,
) -> Corpus {
    let codes: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let tokens: Vec<&str> = tokens.filter(|token| !codes.contains(token)).collect();
    let mut writer = Writer::new(bytes, seed);
    let mut lines = 0;
    while writer.text.len() < bytes {
        for _ in 0..10 {
            let token = *writer.random.pick(&tokens);
            writer.text.extend_from_slice(token.as_bytes());
            writer.text.push(b' ');
        }
        writer.text.push(b'\n');
        lines += 1;
    }
    Corpus {
        text: writer.text,
        matches: 0,
        lines,
    }
}

fn one_byte_lines(bytes: usize, seed: u64) -> Corpus {
    let mut writer = Writer::new(bytes, seed);
    let mut lines = 0;
    while writer.text.len() < bytes {
        let byte = *writer.random.pick(b"AFIRPGCaefilnorst.0139_ {}");
        writer.text.extend_from_slice(&[byte, b'\n']);
        lines += 1;
    }
    Corpus {
        text: writer.text,
        matches: 0,
        lines,
    }
}

fn one_huge_line(bytes: usize, seed: u64) -> Corpus {
    let parts: Vec<Template> = RECORDS
        .iter()
        .flat_map(|record| record.split('\n'))
        .map(Template::new)
        .collect();
    let mut writer = Writer::new(bytes, seed);
    while writer.text.len() < bytes {
        let part = writer.random.pick(&parts);
        writer.write(part, "");
        writer.text.push(b' ');
    }
    Corpus {
        text: writer.text,
        matches: 0,
        lines: 1,
    }
}

/// The rules of these texts, beside those of [`grammar`](super::grammar).
pub(super) fn rule(name: &str) -> Option<&'static [&'static str]> {
    let alternatives: &[&str] = match name {
        "fragments" => &[
            "${stem}${stem}${stem}${stem}${stem}${stem}${stem}${stem}.",
            "${miss} ${miss} ${miss} ${miss} ${miss} ${miss}",
            "APIGAPIGAPIGAPIGAPIG.APIGAPIG.APIGAPIGAPIG.APIG.APIGAPIGAPIGAPIG.",
            "{\"error_code\":\"${miss}\",\"Code\":\"${miss}\",\"code\":\"${miss}\"}",
        ],
        "piece" => &[
            "APIG", "APIC", "Orga", "dOpe", "eter", "lErr", "ceed", "NotF", "UC.0", "izat", "Auth",
            "imit", "Fail", "Inva", "Reso", "tion",
        ],
        "stem" => &[
            "APIG",
            "APIG.",
            "APIC.7",
            "Organizations.",
            "Organization",
            "UC.0001",
            "FailedOperation",
            "InvalidParameter",
            "ResourceNotFound",
            "LimitExceeded",
            "AuthFailure",
            "RequestLimitEx",
            "InternalErr",
            "EntityNotExists",
            "peration.",
            "Exceeded.",
            "Account",
            "izati",
        ],
        "miss" => &[
            "APIG.${d3}",
            "APIG.10",
            "APIG.1002x",
            "xAPIG.1002",
            "x.APIG.1001",
            "Organizations.10",
            "_Organizations.1003",
            "UC.${d3}",
            "AuthFailure_SignatureExpire",
            "authFailure.SignatureExpire",
            "FailedOperationNodeNotEmpty",
            "FailedOperation_${word}",
            "LimitExceededs",
            "RequestLimitExceed",
            "InternalErrors",
            "InternalErrorsException",
            "com.acme.InternalError",
            "xEntityNotExists.Account",
            "ResourceNotFound_1",
            "InvalidParameterValueX",
            "APIC.710",
            "IAM.001",
            "FDI.318",
            "LegalEntityDiffer",
        ],
        "english" => &[
            "The ${adjective} ${noun} ${did} the ${noun} ${adverb}.",
            "When the ${noun} ${did} a ${adjective} ${noun}, nobody in the ${noun} was surprised.",
            "It is ${adverb} said that every ${noun} needs an ${noun} and a ${adjective} ${noun}.",
            "\"${Noun}s,\" said the ${noun}, \"are ${adverb} more ${adjective} than a ${noun} or a ${noun} could be.\"",
            "${Noun}s and ${noun}s ${did} what the ${adjective} ${noun} had left: a ${noun}, a ${noun}, and an ${adjective} ${noun}.",
            "Though ${adjective}, the operation failed; the resource was not found, and the limit had long been exceeded by the ${noun}.",
        ],
        "noun" => &[
            "river",
            "organization",
            "captain",
            "letter",
            "orchard",
            "winter",
            "engine",
            "parameter",
            "merchant",
            "garden",
            "resource",
            "harbour",
            "failure",
            "request",
            "window",
            "operation",
            "lantern",
            "account",
            "mountain",
            "member",
            "village",
            "policy",
            "bridge",
            "invoice",
        ],
        "Noun" => &[
            "River",
            "Captain",
            "Letter",
            "Merchant",
            "Garden",
            "Resource",
            "Limit",
            "Operation",
            "Account",
            "Member",
            "Bridge",
        ],
        "adjective" => &[
            "quiet",
            "invalid",
            "ancient",
            "missing",
            "unknown",
            "internal",
            "patient",
            "narrow",
            "unsupported",
            "bright",
            "empty",
            "late",
        ],
        "adverb" => &[
            "slowly",
            "rarely",
            "without a word",
            "twice",
            "in earnest",
            "before noon",
            "internally",
            "often",
        ],
        "did" => &[
            "followed",
            "exceeded",
            "repaired",
            "questioned",
            "described",
            "refused",
            "carried",
            "forgot",
            "measured",
            "answered",
        ],
        "hansentence" => &[
            "${han}${han}，${han}的${han}${han}。",
            "如果${han}${han}，那么${han}就会${han}。",
            "${han}、${han}和${han}都${han}了；",
            "请检查${han}是否${han}！",
            "（${han}）${han}${han}：“${han}${han}”。",
        ],
        "han" => &[
            "系统",
            "订单",
            "失败",
            "请求",
            "用户",
            "春天",
            "河流",
            "权限",
            "重试",
            "网络",
            "成员",
            "组织",
            "资源",
            "不存在",
            "超过",
            "限制",
            "参数",
            "缺少",
            "开始",
            "结束",
            "等待",
            "山上",
            "朋友",
            "回家",
            "工程师",
            "记录",
            "数据库",
            "连接",
            "令牌",
            "过期",
            "安静",
            "城市",
            "火车",
            "明天",
            "策略",
            "账号",
        ],
        "json" => &[
            r#"{"id":${n8},"tags":["${word}","${word}"],"nested":{"a":${n4},"b":[${n2},${n2},${n2}],"c":{"d":null,"e":true,"f":"${x16}"}},"text":"${phrase}"}"#,
            r#"{"event":"${word}","payload":"{\"id\":\"${uuid}\",\"code\":${n1},\"error\":{},\"list\":[\"${word}\",\"${word}\"],\"inner\":\"{\\\"k\\\":\\\"${word}\\\",\\\"code\\\":\\\"${n2}\\\"}\"}","u":"\u4e2d\u6587\u003c${word}\u003e"}"#,
            r#"[{"code":"${n4}","Code":"${word}","error_code":null},{"Response":{"RequestId":"${uuid}","${column}":[${n6},${n6}]}}]"#,
        ],
        "source" => &[
            "    let ${word} = self.${word}.iter().map(|${word}| ${word}.${word}()).collect::<Vec<_>>();",
            "impl From<${type}> for ${type} { fn from(${word}: ${type}) -> Self { Self::${type}(${word}) } }",
            "        if (${word} == null) { throw new IllegalOrderError(\"${phrase}\"); }",
            "  private final ${type} ${word} = new ${type}(${n3}, \"${word}\"); // ${phrase}",
            "\tif err := ${word}.${type}(ctx, &v1.${type}{${type}: ${word}}); err != nil { return fmt.Errorf(\"${word}: %w\", err) }",
            "import org.example.${word}.${type};",
            "    def ${word}_${word}(self, ${word}: ${type} = None) -> dict[str, ${type}]:",
            "#define ${type}_${type}(x) (((x) << ${n2}) | 0x${x4})",
            "",
            "}",
        ],
        "type" => &[
            "InvoiceList",
            "OperationRow",
            "ResourceTree",
            "FailedView",
            "LimitGauge",
            "MemberPage",
            "ErrorPanel",
            "RequestLine",
            "OrgChart",
        ],
        _ => return None,
    };
    Some(alternatives)
}
