//! The live page's events: each state of the counts that differs from the one before.
//!
//! All streams ask at the same moments, so that what one of them gets is made for all. A
//! stream whose client does not read asks for nothing.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::{Stream, unfold};
use hyper::body::Frame;

use super::answer::Room;
use super::views::Kind;

/// How often the page changes at most.
const PACE: Duration = Duration::from_secs(1);

/// How often something is sent at least, which tells either side whether the other is still there.
const PULSE: Duration = Duration::from_secs(15);

/// What says nothing.
const NOTHING: Bytes = Bytes::from_static(b":\n\n");

/// One client's stream.
struct Events {
    room: Arc<Room>,
    /// What the client shows.
    seen: String,
    /// When something was sent last.
    sent: Option<Instant>,
}

/// The events for a client that shows what is tagged `seen`.
pub(super) fn events(
    room: Arc<Room>,
    seen: String,
) -> impl Stream<Item = Result<Frame<Bytes>, Infallible>> {
    let events = Events {
        room,
        seen,
        sent: None,
    };
    unfold(events, |mut events| async {
        let data = events.next().await;
        Some((Ok(Frame::data(data)), events))
    })
}

impl Events {
    async fn next(&mut self) -> Bytes {
        loop {
            let moment = match self.sent {
                // The first is sent at once: a client may have missed what came before it asked.
                None => Instant::now(),
                Some(_) => next_moment(self.room.began).await,
            };
            let view = self.room.views.get(Kind::Update, moment).await;
            let data = match view {
                Ok(view) if view.tag != self.seen => {
                    self.seen = view.tag;
                    view.body
                }
                _ if self.sent.is_none_or(|sent| sent.elapsed() >= PULSE) => NOTHING,
                _ => continue,
            };
            self.sent = Some(Instant::now());
            return data;
        }
    }
}

/// Waits for the next of the moments at which all streams ask.
async fn next_moment(began: Instant) -> Instant {
    let passed = began.elapsed().as_millis() / PACE.as_millis();
    let next = u32::try_from(passed + 1).unwrap_or(u32::MAX); // after 136 years streams wait no more
    let moment = began + PACE * next;
    tokio::time::sleep_until(moment.into()).await;
    moment
}
