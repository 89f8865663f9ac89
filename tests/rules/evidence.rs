//! Whose code a match is.

use super::*;

const NOBODY: [&str; 0] = [];

fn assert_provider(provider: Option<&str>, candidates: &[&str], texts: &[&str]) {
    for text in texts {
        let found = only(text);
        let told = (found.provider.as_deref(), &found.candidates[..]);
        assert_eq!(told.0, provider, "{text}");
        assert_eq!(told.1, candidates, "{text}");
    }
}

#[test]
fn a_dotted_code_of_one_provider_is_always_its_own() {
    assert_provider(
        Some("huaweicloud"),
        &[],
        &["APIG.1002", "aliyun APIG.1002", "botocore APIG.1002"],
    );
}

#[test]
fn without_evidence_everyone_who_has_the_code_is_a_candidate() {
    assert_provider(None, &["tencentcloud"], &["InternalError"]);
    assert_provider(
        None,
        &["alibabacloud", "tencentcloud"],
        &["Throttling", "Throttling.User"],
    );
    assert_provider(None, &["user"], &["ORA-00942"]);
}

#[test]
fn the_form_of_an_exception_is_the_nearest_evidence() {
    // Alibaba Cloud's catalogue has no such code, so another vendor's does not explain it.
    assert_provider(
        None,
        &[],
        &[
            "HTTP Status: 500 Error:InternalError The request failed. RequestID: 7C2F",
            "ServerException: InternalError : The request failed",
            "TencentCloudSDK ClientException: InternalError : x",
        ],
    );
    assert_provider(
        Some("tencentcloud"),
        &[],
        &[
            "TencentCloudSDKException]message:InternalError-x",
            "aliyun TencentCloudSDKException('InternalError', 'x')",
        ],
    );
    assert_provider(
        Some("alibabacloud"),
        &[],
        &["com.aliyuncs.exceptions.ClientException: Throttling : x"],
    );
}

#[test]
fn tencents_envelope_and_names_are_evidence() {
    assert_provider(
        Some("tencentcloud"),
        &[],
        &[
            r#"{"Response":{"Error":{"Code":"InternalError"}}}"#,
            r#"{\"Response\":{\"Error\":{\"Code\":\"InternalError\"}}}"#,
            r#"{\\\"Response\\\": {\\\"Error\\\": {\\\"Code\\\":\\\"InternalError\\\"}}}"#,
            "{u'Response': {u'Error': {u'Code': u'InternalError'}}}",
            "map[Response:map[Error:map[Code:InternalError]]]",
            "%7B%22Response%22%3A%7B%22Error%22%3A%7B%22Code%22%3A%22InternalError",
            "[TencentCloudSDKError] Code=InternalError",
            "cvm.tencentcloudapi.com InternalError",
            "Throttling TencentCloudSDK",
            "Throttling.User TencentCloudSDK",
        ],
    );
    assert_provider(
        None,
        &["tencentcloud"],
        &[
            r#"{"Response":{"Errors":{"Code":"InternalError"}}}"#,
            r#"{"xResponse":{"Error":{"Code":"InternalError"}}}"#,
            r#"{"Response":{"x":1,"Error":{"Code":"InternalError"}}}"#,
            r#"{"Response"={"Error":{"Code":"InternalError"}}}"#,
            r#"{"Response":{"Error" "Code":"InternalError"}}"#,
            "TencentCloud InternalError",
        ],
    );
}

#[test]
fn alibabas_keys_and_names_are_evidence() {
    assert_provider(
        Some("alibabacloud"),
        &[],
        &[
            "<HostId>ecs.aliyuncs.com</HostId><Code>Throttling</Code>",
            r#"{"Code":"Throttling","HostId":"ecs-cn.example.com"}"#,
            r#"{\"HostId\":\"ecs.example.com\",\"Code\":\"Throttling\"}"#,
            r#"{"Code":"Throttling","Recommend":"https://x"}"#,
            "Recommend=> Throttling",
            r"\u003cRecommend\u003ex\u003c/Recommend\u003eThrottling",
            "aliyun Throttling",
            "Throttling alibabacloud",
            "SDK.ServerError Throttling",
        ],
    );
    assert_provider(
        None,
        &["alibabacloud", "tencentcloud"],
        &[
            "<HostId>Uuag1LuByRx9e6j5Onimru9pO4ZVKnJ2Qz7/C1NPcfTWAtRPfTaOFg==</HostId>Throttling",
            "HostId: a.bc= Throttling",
            "HostId: a.bc+ Throttling",
            "HostId: a.bc/ Throttling",
            "HostId: a.bc_ Throttling",
            "HostId: a.b Throttling",
            "HostId: a.b1 Throttling",
            "HostId: a..bc Throttling",
            "HostId: .a.bc Throttling",
            "HostId: a.bc. Throttling",
            "HostId: localhost Throttling",
            "HostId a.bc Throttling",
            "xHostId: a.bc Throttling",
            "HostIds: a.bc Throttling",
            "Recommend Throttling",
            "Recommended: Throttling",
        ],
    );
}

#[test]
fn huaweis_pair_of_keys_and_name_are_evidence() {
    assert_provider(
        None,
        &[],
        &[
            r#"{"error_code":"InternalError","error_msg":"x"}"#,
            "huaweicloud InternalError",
        ],
    );
    assert_provider(
        None,
        &["tencentcloud"],
        &[
            r#"{"error_code":"InternalError"}"#,
            r#"{"error_msg":"InternalError"}"#,
        ],
    );
}

#[test]
fn evidence_for_another_provider_leaves_no_candidates() {
    assert_provider(None, &NOBODY, &["aliyun InternalError", "aliyun ORA-00942"]);
}

#[test]
fn contrary_evidence_leaves_no_candidates() {
    assert_provider(
        None,
        &NOBODY,
        &[
            "sqs.amazonaws.com Throttling",
            "botocore.errorfactory.ClientError Throttling",
            "An error occurred (Throttling) when calling the X operation",
            "azure Throttling",
            "Microsoft.Azure Throttling",
            "login.microsoftonline.com Throttling",
            "www.googleapis.com Throttling",
            "google.rpc Throttling",
            "Google Cloud Throttling",
            "opc-request-id Throttling",
            "oraclecloud Throttling",
            "Error from server (InternalError): x",
            "java.lang.RuntimeException: InternalError",
        ],
    );
}

#[test]
fn an_error_that_occurred_is_no_evidence_without_a_call() {
    assert_provider(
        None,
        &["alibabacloud", "tencentcloud"],
        &[
            "An error occurred (code=Throttling)",
            "An error occurred (line 12): Throttling",
        ],
    );
}

#[test]
fn a_providers_evidence_beats_contrary_evidence() {
    assert_provider(
        Some("alibabacloud"),
        &[],
        &[
            "aliyun amazonaws Throttling",
            "aliyun: An error occurred (line 12): Throttling when calling",
        ],
    );
}

#[test]
fn a_form_of_others_right_before_the_code_beats_what_the_line_names_elsewhere() {
    assert_provider(
        None,
        &NOBODY,
        &[
            "aliyun An error occurred (Throttling) when calling the X operation",
            "[aliyun-proxy] Error from server (Throttling): x",
        ],
    );
}

#[test]
fn the_nearest_of_several_providers_wins_and_the_one_before_on_a_tie() {
    assert_provider(
        Some("alibabacloud"),
        &[],
        &[
            "TencentCloudSDK aliyun Throttling",
            "aliyun Throttling TencentCloudSDK",
            "TencentCloudSDK  Throttling aliyun",
        ],
    );
    assert_provider(
        Some("tencentcloud"),
        &[],
        &["TencentCloudSDK Throttling aliyun"],
    );
    assert_provider(None, &[], &["TencentCloudSDK  Throttling:huaweicloud"]);
}

#[test]
fn evidence_counts_on_the_same_line_within_64_kib() {
    let text = |bytes: usize| format!("Throttling{}aliyun", " ".repeat(bytes));
    assert_eq!(only(text(65_536)).provider.as_deref(), Some("alibabacloud"));
    assert_eq!(only(text(65_537)).provider, None);
    assert_eq!(
        only(text(65_537)).candidates,
        ["alibabacloud", "tencentcloud"]
    );
    assert_eq!(only("aliyun\nThrottling").provider, None);
}

#[test]
fn evidence_is_taken_for_each_code() {
    let text = format!(
        "aliyun Throttling{}Throttling TencentCloudSDK",
        " ".repeat(30)
    );

    let providers: Vec<_> = scan(&sample(), text.as_bytes(), false)
        .into_iter()
        .map(|one| one.provider)
        .collect();

    assert_eq!(
        providers,
        [
            Some("alibabacloud".to_string()),
            Some("tencentcloud".to_string())
        ]
    );
}
