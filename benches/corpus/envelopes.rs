//! Lines that hold a code, each in a form of the code's provider.
//!
//! Everything but the code is free of codes, so a line holds exactly one; for that reason the links
//! to an error centre lack the code that real ones repeat.

use super::template::{Template, Writer};

/// Codes, each with the forms of its provider.
pub struct Envelopes<'a> {
    codes: Vec<(&'a str, Provider)>,
    huawei: Vec<Template>,
    tencent: Vec<Template>,
    alibaba: Vec<Template>,
    aws: Vec<Template>,
}

#[derive(Clone, Copy)]
enum Provider {
    Huawei,
    Tencent,
    Alibaba,
    Aws,
}

impl<'a> Envelopes<'a> {
    /// The forms for `codes`.
    ///
    /// # Panics
    ///
    /// Where there are no codes.
    pub fn new(codes: &'a [String]) -> Envelopes<'a> {
        assert!(!codes.is_empty(), "a text with codes needs codes");
        Envelopes {
            codes: codes
                .iter()
                .map(|code| (code.as_str(), Provider::of(code)))
                .collect(),
            huawei: Template::all(HUAWEI),
            tencent: Template::all(TENCENT),
            alibaba: Template::all(ALIBABA),
            aws: Template::all(AWS),
        }
    }

    /// Writes a line with one of the codes.
    pub fn write_line(&self, writer: &mut Writer) {
        let (code, provider) = *writer.random.pick(&self.codes);
        let forms = match provider {
            Provider::Huawei => &self.huawei,
            Provider::Tencent => &self.tencent,
            Provider::Alibaba => &self.alibaba,
            Provider::Aws => &self.aws,
        };
        let form = writer.random.pick(forms);
        writer.line(form, code);
    }
}

impl Provider {
    /// The provider whose codes look like `code`: only the surroundings depend on it.
    fn of(code: &str) -> Provider {
        let last = code.rsplit('.').next().unwrap_or(code);
        let is_alibaba = ALIBABA_STARTS.iter().any(|start| code.starts_with(start))
            || ALIBABA_ENDS.contains(&last);
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            Provider::Huawei
        } else if code.ends_with("Exception") || code.ends_with("Fault") {
            Provider::Aws
        } else if is_alibaba {
            Provider::Alibaba
        } else {
            Provider::Tencent
        }
    }
}

const ALIBABA_STARTS: &[&str] = &[
    "AccountTypeOr",
    "CallerIdentityError",
    "EntityNotExists",
    "InvalidControlPolicy",
    "LegalEntity",
    "MemberTypeError",
    "NoLicense",
    "RemoveConfilct",
    "UnknownError",
];
const ALIBABA_ENDS: &[&str] = &["AccountId", "NotFound", "Malformed"];

const HUAWEI: &[&str] = &[
    r#"{"error_code":"${code}","error_msg":"${reason}","request_id":"${x32}"}"#,
    r#"${comma} ERROR [${thread}] ${class} - POST https://organizations.${zone}.myhuaweicloud.com${path} answered HTTP/1.1 ${failure}: {"error_code": "${code}", "error_msg": "${reason}"}"#,
    r#"${comma} ERROR [${thread}] ${class} - com.huaweicloud.sdk.core.exception.ClientRequestException: {"httpStatusCode":401,"requestId":"${x32}","errorCode":"${code}","errorMsg":"${reason}"}"#,
    "huaweicloudsdkcore.exceptions.exceptions.ClientRequestException - {status_code:403,request_id:${x32},error_code:${code},error_msg:${reason},encoded_authorization_message:None}",
    r#"{"level":"error","ts":"${iso}","msg":"call failed","service":"${service}","body":"{\"error_msg\":\"${reason}\",\"error_code\":\"${code}\",\"request_id\":\"${x32}\"}"}"#,
    r#"E${klog} ${n7} ${gofile}] "huaweicloud request failed" err="{\"status_code\":429,\"error_code\":\"${code}\",\"error_message\":\"${reason}\"}" pod="shop/${pod}""#,
    r#"time="${iso}" level=error msg="${reason}" error_code=${code} host=${host} request_id=${x32}"#,
    "${comma} ERROR [${thread}] ${class} - 调用网关失败，错误码：${code}，请求ID：${x32}，${reason}",
    "\u{1b}[31m│\u{1b}[0m \u{1b}[1mError: \u{1b}[0mBad request with: [POST https://iam.${zone}.myhuaweicloud.com${path}], error message: {\"error_code\":\"${code}\",\"error_msg\":\"${reason}\"}",
    r#"${ip} - - [${clf}] "${verb} ${path} HTTP/1.1" 401 ${n3} "-" "${agent}" ${seconds} x-apig-code="${code}" x-request-id=${x32}"#,
];

const TENCENT: &[&str] = &[
    r#"{"Response":{"Error":{"Code":"${code}","Message":"${reason}"},"RequestId":"${uuid}"}}"#,
    r#"{"time":"${utc}","level":"ERROR","service":"${service}","body":"{\"Response\":{\"Error\":{\"Code\":\"${code}\",\"Message\":\"${reason}\"},\"RequestId\":\"${uuid}\"}}"}"#,
    "${comma} - ${service}.${word} - ERROR - [TencentCloudSDKException] code:${code} message:${reason} requestId:${uuid}",
    "${go} ${gofile}: ${action}: [TencentCloudSDKError] Code=${code}, Message=${reason}, RequestId=${uuid}",
    "${comma} ERROR [${thread}] ${class} - com.tencentcloudapi.common.exception.TencentCloudSDKException: [TencentCloudSDKException]code: ${code} message:${reason} requestId:${uuid}",
    r#"level=error ts=${utc} caller=${gofile} component=${service} action=${action} code="${code}" region=${region} err="${reason}""#,
    "tencentcloud.common.exception.tencent_cloud_sdk_exception.TencentCloudSDKException: code:${code} message:${reason} requestId:${uuid}",
    "${comma} WARN  [${thread}] ${class} - 腾讯云接口 ${action} 返回错误代码【${code}】：${reason}",
];

const ALIBABA: &[&str] = &[
    r#"{"RequestId":"${uuid}","HostId":"resourcemanager.aliyuncs.com","Code":"${code}","Message":"${reason}","Recommend":"https://api.alibabacloud.com/troubleshoot?intl_lang=EN_US"}"#,
    "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>${uuid}</RequestId><HostId>ecs.aliyuncs.com</HostId><Code>${code}</Code><Message>${reason}</Message></Error>",
    "${comma} ERROR [${thread}] ${class} - com.aliyuncs.exceptions.ServerException: ${code} : ${reason} RequestId : ${uuid}",
    r#"time="${iso}" level=error msg="SDK.ServerError ErrorCode: ${code} Recommend: https://next.api.aliyun.com/ RequestId: ${uuid} Message: ${reason}" attempt=${n1}"#,
    "aliyunsdkcore.acs_exception.exceptions.ServerException: HTTP Status: 409 Error:${code} ${reason} RequestID: ${uuid}",
    r#"E${klog} ${n7} ${gofile}] "${action}" err="SDKError: StatusCode: 404 Code: ${code} Message: code: 404, ${reason} request id: ${uuid}" endpoint="resourcemanager.aliyuncs.com""#,
];

const AWS: &[&str] = &[
    r#"{"__type":"com.amazonaws.organizations.v20161128#${code}","Message":"${reason}"}"#,
    "botocore.errorfactory.${action}: An error occurred (${code}) when calling the ${action} operation: ${reason}",
    "${comma} ERROR [${thread}] ${class} - ${reason} (Service: Organizations; Status Code: 400; Error Code: ${code}; Request ID: ${uuid}; Proxy: null)",
    r#"{"level":"error","ts":${epoch}.${us},"caller":"${gofile}","msg":"operation error: ${action}, https response error StatusCode: 400, RequestID: ${uuid}, ${code}: ${reason}"}"#,
];
