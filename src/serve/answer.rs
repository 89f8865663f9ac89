//! One request, one answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Incoming;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Uri};

use super::access::Gate;
use super::events::events;
use super::views::{EVENTS, Kind, Views};
use crate::pipeline::live::Unseen;
use crate::sink::METRICS_CONTENT_TYPE;

pub(super) type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

const TEXT: &str = "text/plain; charset=utf-8";

/// The most characters of a tag that are looked at.
const MAX_TAG: usize = 64;

/// What every answer says: log text is nobody else's, is kept nowhere, and is nothing but
/// what it is said to be.
const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// The page itself says what it may do; a policy inside of it cannot say who may frame it.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static("frame-ancestors 'none'");

/// Nothing else does anything.
const DATA_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// What all requests share.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) gate: Gate,
    pub(super) views: Views,
    /// From when on the moments are counted at which events are sent.
    pub(super) began: Instant,
}

/// Answers a request; `is_stream` becomes true where the answer has no end.
pub(super) async fn answer(
    room: Arc<Room>,
    is_stream: Arc<AtomicBool>,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let asked = Instant::now();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = text(StatusCode::METHOD_NOT_ALLOWED, "expected GET or HEAD\n");
        let allowed = HeaderValue::from_static("GET, HEAD");
        refusal.headers_mut().insert(header::ALLOW, allowed);
        return Ok(refusal);
    }
    // These two tell nothing of the logs, and who asks them often cannot be given a secret.
    match request.uri().path() {
        "/healthz" => return Ok(text(StatusCode::OK, "ok\n")),
        "/readyz" => return Ok(ready(room.views.ready(asked).await)),
        _ => {}
    }
    if let Err((status, reason)) = room.gate.admit(request.uri(), request.headers()) {
        return Ok(refused(status, reason));
    }
    Ok(match request.uri().path() {
        "/" => view(&room, Kind::Page, "text/html; charset=utf-8", asked).await,
        "/metrics" => view(&room, Kind::Metrics, METRICS_CONTENT_TYPE, asked).await,
        "/api/result" => view(&room, Kind::Result, "application/json", asked).await,
        EVENTS => {
            is_stream.store(request.method() == Method::GET, Ordering::Relaxed);
            let seen = seen(request.uri(), request.headers());
            let body = StreamBody::new(events(room, seen)).boxed_unsync();
            with_headers(StatusCode::OK, "text/event-stream", body)
        }
        _ => text(
            StatusCode::NOT_FOUND,
            "expected /, /api/result, /metrics, /healthz or /readyz\n",
        ),
    })
}

async fn view(room: &Room, kind: Kind, content_type: &'static str, asked: Instant) -> Answer {
    match room.views.get(kind, asked).await {
        Ok(view) => whole(StatusCode::OK, content_type, view.body),
        Err(unseen) => ready(Err(unseen)),
    }
}

/// What a client of events says that it shows: when it lost a stream, that one's last event.
fn seen(uri: &Uri, headers: &HeaderMap) -> String {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let query = uri.query().and_then(|query| query.strip_prefix("seen="));
    let tag = last.or(query).unwrap_or_default();
    tag.chars().take(MAX_TAG).collect()
}

fn ready(state: Result<(), Unseen>) -> Answer {
    match state {
        Ok(()) => text(StatusCode::OK, "ready\n"),
        Err(Unseen::Late) => text(
            StatusCode::SERVICE_UNAVAILABLE,
            "the tail is not reading: it has just begun, or what it prints is not taken\n",
        ),
        Err(Unseen::Ended) => text(StatusCode::SERVICE_UNAVAILABLE, "the tail has ended\n"),
    }
}

fn refused(status: StatusCode, reason: String) -> Answer {
    let mut refusal = whole(status, TEXT, reason.into());
    if status == StatusCode::UNAUTHORIZED {
        for scheme in ["Bearer realm=\"errsift\"", "Basic realm=\"errsift\""] {
            let scheme = HeaderValue::from_static(scheme);
            refusal
                .headers_mut()
                .append(header::WWW_AUTHENTICATE, scheme);
        }
    }
    refusal
}

fn text(status: StatusCode, text: &'static str) -> Answer {
    whole(status, TEXT, Bytes::from_static(text.as_bytes()))
}

fn whole(status: StatusCode, content_type: &'static str, body: Bytes) -> Answer {
    with_headers(status, content_type, Full::new(body).boxed_unsync())
}

fn with_headers(
    status: StatusCode,
    content_type: &'static str,
    body: UnsyncBoxBody<Bytes, Infallible>,
) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.extend(ALWAYS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    let policy = match content_type.starts_with("text/html") {
        true => PAGE_POLICY,
        false => DATA_POLICY,
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    answer
}
