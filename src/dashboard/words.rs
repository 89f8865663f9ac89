//! Every word of dashboards and alerts, in both languages.

use crate::catalog::{Category, Lang};

/// What an alert says. `{{ ... }}` is filled in by Prometheus.
pub(super) struct Said {
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
}

/// The words of one language.
pub(super) struct Words {
    pub(super) about_recording: &'static str,
    pub(super) about_alerts: &'static str,

    pub(super) new_code: Said,
    /// `CATEGORY` stands for the category's name.
    pub(super) burst: Said,
    pub(super) throttling: Said,
    pub(super) authentication: Said,
    pub(super) unknown_code: Said,
    pub(super) down: Said,
    pub(super) absent: Said,
    pub(super) textfile_stale: Said,
    pub(super) input_errors: Said,
    advice: fn(Category) -> Option<&'static str>,

    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) job: &'static str,
    pub(super) provider: &'static str,
    pub(super) product: &'static str,
    pub(super) category: &'static str,
    pub(super) code: &'static str,
    pub(super) status: &'static str,
    pub(super) retryable: &'static str,
    pub(super) family: &'static str,
    pub(super) instance: &'static str,
    pub(super) version: &'static str,
    pub(super) catalog: &'static str,
    pub(super) count: &'static str,
    pub(super) time: &'static str,

    pub(super) overview: &'static str,
    pub(super) matches: &'static str,
    pub(super) codes_seen: &'static str,
    pub(super) retryable_share: &'static str,
    pub(super) unconfirmed_share: &'static str,
    pub(super) unknown_occurrences: &'static str,
    pub(super) lines_read: &'static str,
    pub(super) by_provider: &'static str,
    pub(super) by_category: &'static str,
    pub(super) over_time: &'static str,
    pub(super) in_all: &'static str,
    pub(super) against_last_week: &'static str,
    pub(super) this_week: &'static str,
    pub(super) last_week: &'static str,
    pub(super) factor: &'static str,
    pub(super) by_code: &'static str,
    pub(super) top_codes: &'static str,
    pub(super) top_codes_over_time: &'static str,
    pub(super) first_seen: &'static str,
    pub(super) new_codes: &'static str,
    pub(super) last_seen: &'static str,
    pub(super) unknown_codes: &'static str,
    pub(super) unknown_over_time: &'static str,
    pub(super) health: &'static str,
    pub(super) exporters: &'static str,
    pub(super) lines_per_second: &'static str,
    pub(super) bytes_per_second: &'static str,
    pub(super) troubles: &'static str,
    pub(super) input_errors_title: &'static str,
    pub(super) truncations: &'static str,
    pub(super) series: &'static str,
    pub(super) own_series: &'static str,
    pub(super) folded: &'static str,
}

impl Words {
    /// The words of `lang`.
    pub(super) fn of(lang: Lang) -> &'static Words {
        match lang {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }

    /// What to do first about a burst of this kind.
    pub(super) fn advice(&self, category: Category) -> Option<&'static str> {
        (self.advice)(category)
    }
}

static EN: Words = Words {
    about_recording: "Printed by 'errsift dashboard recording'.",
    about_alerts: "Printed by 'errsift dashboard alerts'; needs the rules of 'errsift dashboard recording'.",

    new_code: Said {
        summary: "New error code {{ $labels.code }} ({{ $labels.provider }})",
        description: "{{ $value | humanize }} matches within an hour, and none in the 7 days before. \
                      'errsift explain {{ $labels.code }}' says what it means and what to do.",
    },
    burst: Said {
        summary: "Burst of errors: CATEGORY",
        description: "{{ $value | humanize }} matches within an hour, more than three times as many as at this time last week.",
    },
    throttling: Said {
        summary: "Requests are being throttled",
        description: "{{ $value | humanize }} matches within 5 minutes, and for 10 minutes at least 10. \
                      Send fewer requests, pause longer after each refusal, or ask for a higher limit.",
    },
    authentication: Said {
        summary: "Authentication is failing",
        description: "{{ $value | humanize }} matches within 5 minutes, and for 10 minutes without a break. \
                      Check whether a key or token has expired or was rotated, and the clocks of the callers.",
    },
    unknown_code: Said {
        summary: "Error codes of {{ $labels.family }} that the catalogue lacks",
        description: "{{ $value | humanize }} within an hour. 'errsift scan' lists them with samples; add them with --catalog.",
    },
    down: Said {
        summary: "errsift on {{ $labels.instance }} is down",
        description: "Prometheus has not reached it for 5 minutes, so error codes there are not counted.",
    },
    absent: Said {
        summary: "errsift exports nothing at all",
        description: "No errsift has been seen for 15 minutes. Check that it runs, and that Prometheus scrapes it.",
    },
    textfile_stale: Said {
        summary: "errsift's textfile on {{ $labels.instance }} is old",
        description: "{{ $labels.file }} was not written for {{ $value | humanizeDuration }}. Check the job that scans.",
    },
    input_errors: Said {
        summary: "errsift on {{ $labels.instance }} cannot read its inputs",
        description: "{{ $value | humanize }} inputs failed within 15 minutes, so the counts are too low. \
                      errsift names them on its standard error.",
    },
    advice: |category| {
        Some(match category {
            Category::Authentication => {
                "Check whether a key or token has expired or was rotated, and the clocks of the callers."
            }
            Category::Permission => {
                "Look for a policy or role that was changed, and grant what the request needs."
            }
            Category::Quota => {
                "Release what is no longer used, or ask the provider for a higher quota."
            }
            Category::Throttling => {
                "Send fewer requests, pause longer after each refusal, or ask for a higher limit."
            }
            Category::NotFound => {
                "Check what was deleted or renamed, and that region and identifiers are right."
            }
            Category::Conflict => {
                "Look for two writers at the same resource; read its state again before retrying."
            }
            Category::InvalidRequest => {
                "Look at what was deployed last: requests are built wrongly. Retrying does not help."
            }
            Category::Billing => "Check the balance, arrears and packages of the account.",
            Category::Dependency => {
                "Find the service behind the one that was called; retry with growing pauses."
            }
            Category::Unavailable => {
                "See the provider's status page; retry with growing pauses, or use another region."
            }
            Category::Internal => {
                "Retry with growing pauses; if it goes on, send the provider a request ID of a sample."
            }
            Category::Deprecated => "Move to the API version that the provider still offers.",
            Category::Informational | Category::Success | Category::Redirection => return None,
        })
    },

    title: "errsift: error codes",
    source: "Data source",
    job: "Job",
    provider: "Provider",
    product: "Product",
    category: "Category",
    code: "Code",
    status: "Status",
    retryable: "Retryable",
    family: "Family",
    instance: "Instance",
    version: "Version",
    catalog: "Catalogue",
    count: "Count",
    time: "Time",

    overview: "Overview",
    matches: "Matches",
    codes_seen: "Codes seen so far",
    retryable_share: "Retryable",
    unconfirmed_share: "Unconfirmed",
    unknown_occurrences: "Unknown codes",
    lines_read: "Lines read",
    by_provider: "Matches by provider",
    by_category: "By category",
    over_time: "Matches over time",
    in_all: "Matches in the time shown",
    against_last_week: "An hour's matches against last week",
    this_week: "now",
    last_week: "a week before",
    factor: "A day's matches against last week, by category",
    by_code: "By code",
    top_codes: "Top codes in the time shown",
    top_codes_over_time: "Top codes over time",
    first_seen: "First and last seen",
    new_codes: "First seen in the time shown",
    last_seen: "Last seen",
    unknown_codes: "Unknown codes",
    unknown_over_time: "Unknown codes over time",
    health: "errsift itself",
    exporters: "Running",
    lines_per_second: "Lines a second",
    bytes_per_second: "Bytes a second",
    troubles: "Input errors and truncations",
    input_errors_title: "input errors",
    truncations: "truncations",
    series: "Codes with a series of their own",
    own_series: "of their own",
    folded: "folded",
};

static ZH: Words = Words {
    about_recording: "由 'errsift dashboard recording' 输出。",
    about_alerts: "由 'errsift dashboard alerts' 输出；需要 'errsift dashboard recording' 的规则。",

    new_code: Said {
        summary: "新错误码 {{ $labels.code }}（{{ $labels.provider }}）",
        description: "一小时内 {{ $value | humanize }} 次匹配，此前 7 天没有出现过。\
                      'errsift explain {{ $labels.code }}' 给出含义和处理办法。",
    },
    burst: Said {
        summary: "错误突增：CATEGORY",
        description: "一小时内 {{ $value | humanize }} 次匹配，超过上周同一时段的三倍。",
    },
    throttling: Said {
        summary: "请求正在被限流",
        description: "5 分钟内 {{ $value | humanize }} 次匹配，且 10 分钟内一直不少于 10 次。\
                      请减少请求，拒绝后延长间隔，或申请提高限额。",
    },
    authentication: Said {
        summary: "认证失败",
        description: "5 分钟内 {{ $value | humanize }} 次匹配，且已持续 10 分钟。\
                      请检查密钥或令牌是否过期或已轮换，以及调用方的时钟。",
    },
    unknown_code: Said {
        summary: "出现目录中没有的 {{ $labels.family }} 系列错误码",
        description: "一小时内 {{ $value | humanize }} 次。'errsift scan' 会列出它们和样例；可用 --catalog 补充。",
    },
    down: Said {
        summary: "{{ $labels.instance }} 上的 errsift 已停止",
        description: "Prometheus 已有 5 分钟无法访问它，那里的错误码没有计数。",
    },
    absent: Said {
        summary: "没有任何 errsift 指标",
        description: "已有 15 分钟没有 errsift 的数据。请检查它是否在运行，以及 Prometheus 是否采集它。",
    },
    textfile_stale: Said {
        summary: "{{ $labels.instance }} 上 errsift 的 textfile 已过旧",
        description: "{{ $labels.file }} 已有 {{ $value | humanizeDuration }} 未更新。请检查扫描任务。",
    },
    input_errors: Said {
        summary: "{{ $labels.instance }} 上的 errsift 无法读取输入",
        description: "15 分钟内 {{ $value | humanize }} 个输入失败，计数因此偏低。errsift 的标准错误会列出它们。",
    },
    advice: |category| {
        Some(match category {
            Category::Authentication => "检查密钥或令牌是否过期或已轮换，以及调用方的时钟。",
            Category::Permission => "查找被修改的策略或角色，授予请求所需的权限。",
            Category::Quota => "释放不再使用的资源，或向云厂商申请提高配额。",
            Category::Throttling => "减少请求，拒绝后延长间隔，或申请提高限额。",
            Category::NotFound => "检查哪些资源被删除或改名，以及区域和标识是否正确。",
            Category::Conflict => "查找同时修改同一资源的调用方；重试前重新读取其状态。",
            Category::InvalidRequest => "查看最近的发布：请求构造有误，重试无用。",
            Category::Billing => "检查账号的余额、欠费和资源包。",
            Category::Dependency => "找出被调用服务背后的服务；以递增的间隔重试。",
            Category::Unavailable => "查看云厂商的状态页；以递增的间隔重试，或改用其他区域。",
            Category::Internal => "以递增的间隔重试；若持续出现，把样例中的请求 ID 提交给云厂商。",
            Category::Deprecated => "迁移到云厂商仍提供的 API 版本。",
            Category::Informational | Category::Success | Category::Redirection => return None,
        })
    },

    title: "errsift：错误码",
    source: "数据源",
    job: "任务",
    provider: "云厂商",
    product: "产品",
    category: "类别",
    code: "错误码",
    status: "状态码",
    retryable: "可重试",
    family: "系列",
    instance: "实例",
    version: "版本",
    catalog: "目录",
    count: "次数",
    time: "时间",

    overview: "概览",
    matches: "匹配次数",
    codes_seen: "已出现的错误码",
    retryable_share: "可重试",
    unconfirmed_share: "未确认",
    unknown_occurrences: "未知错误码",
    lines_read: "已读行数",
    by_provider: "按云厂商的匹配次数",
    by_category: "按类别",
    over_time: "匹配次数随时间变化",
    in_all: "所示时段的匹配次数",
    against_last_week: "每小时匹配次数与上周相比",
    this_week: "现在",
    last_week: "一周前",
    factor: "各类别一天的匹配次数与上周相比",
    by_code: "按错误码",
    top_codes: "所示时段的主要错误码",
    top_codes_over_time: "主要错误码随时间变化",
    first_seen: "首次与最近出现",
    new_codes: "所示时段内首次出现",
    last_seen: "最近出现",
    unknown_codes: "未知错误码",
    unknown_over_time: "未知错误码随时间变化",
    health: "errsift 自身",
    exporters: "正在运行",
    lines_per_second: "每秒行数",
    bytes_per_second: "每秒字节数",
    troubles: "输入错误与截断",
    input_errors_title: "输入错误",
    truncations: "截断",
    series: "有独立序列的错误码",
    own_series: "独立序列",
    folded: "合并计数",
};
