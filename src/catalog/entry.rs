//! One code of the catalogue and what is known about it.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::note::Quoted;

/// A text in the two languages that errsift speaks.
///
/// Here and in an [`Entry`], texts that are built in are not copied when a program starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: Cow<'static, str>,
    /// Simplified Chinese.
    pub zh: Cow<'static, str>,
}

/// The language of explanations and reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Text {
    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// The provider of HTTP statuses.
pub(crate) const HTTP_PROVIDER: &str = "http";

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident $name:literal $zh:literal,)+) => {
        /// What kind of trouble a code stands for, decided by its sense and not by its status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Category {
            $($(#[$doc])* $variant,)+
        }

        impl Category {
            /// Every category, in the order in which reports list them.
            pub const ALL: &[Category] = &[$(Category::$variant,)+];

            /// The name used in catalogues, results and on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Category::$variant => $name,)+
                }
            }

            /// The name shown to people, in `lang`.
            pub fn title(self, lang: Lang) -> &'static str {
                match (lang, self) {
                    (Lang::En, _) => self.name(),
                    $((Lang::Zh, Category::$variant) => $zh,)+
                }
            }
        }
    };
}

categories! {
    /// Who the caller is could not be established: token, signature, key, clock.
    Authentication "authentication" "认证",
    /// The caller is known and may not do this.
    Permission "permission" "权限",
    /// A limit on the number or size of resources is reached.
    Quota "quota" "配额",
    /// Too many requests in too short a time.
    Throttling "throttling" "限流",
    /// What the request names does not exist.
    NotFound "not_found" "不存在",
    /// The request contradicts the present state: exists already, in use, changed meanwhile.
    Conflict "conflict" "冲突",
    /// The request itself is wrong.
    InvalidRequest "invalid_request" "请求无效",
    /// Balance, arrears, packages.
    Billing "billing" "计费",
    /// Another service behind the one called has failed.
    Dependency "dependency" "依赖故障",
    /// The service cannot answer now.
    Unavailable "unavailable" "不可用",
    /// The service has failed in itself.
    Internal "internal" "内部错误",
    /// The API or the feature has been withdrawn.
    Deprecated "deprecated" "已弃用",
    /// HTTP 1xx.
    Informational "informational" "信息",
    /// HTTP 2xx.
    Success "success" "成功",
    /// HTTP 3xx.
    Redirection "redirection" "重定向",
}

impl std::str::FromStr for Category {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Category::ALL
            .iter()
            .find(|category| category.name() == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = Category::ALL
                .iter()
                .map(|category| category.name())
                .collect();
            format!(
                "unknown category {}, expected one of {}",
                Quoted(name),
                names.join(", ")
            )
        })
    }
}

/// A code and what is known about it.
///
/// Serialised, it is an element of what `codes list -f json` and `explain -f json` print. In a
/// catalogue file `provider` and `product` stand once, for all entries; read from there they are
/// filled in by [`Catalog`](super::Catalog).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The code, to the letter.
    pub code: Cow<'static, str>,
    /// Who documents it: `huaweicloud`, `tencentcloud`, `alibabacloud`, `http`, or a user's own name.
    #[serde(default)]
    pub provider: Cow<'static, str>,
    /// The product within the provider; `None` for a user's plain list.
    pub product: Option<Cow<'static, str>>,
    /// The documented HTTP status; `None` where the source gives none.
    pub http_status: Option<u16>,
    /// What the API itself returns, to the letter.
    pub message: Option<Cow<'static, str>>,
    /// What the code means.
    pub meaning: Option<Text>,
    /// What to do about it.
    pub remediation: Option<Text>,
    /// The kind of trouble.
    pub category: Option<Category>,
    /// Whether the same request, sent again later, can succeed.
    pub retryable: Option<bool>,
    /// Log lines in which this code stands.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub examples: Vec<Cow<'static, str>>,
}

impl Entry {
    /// Whether this is a row of the HTTP status table, whose codes are not matched in text: a
    /// bare `404` is a number like any other.
    pub fn is_http_status(&self) -> bool {
        self.provider == HTTP_PROVIDER && self.code.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Reads a list that may be written as `null`.
pub(super) fn null_as_empty<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
