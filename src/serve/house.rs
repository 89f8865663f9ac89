//! Connections: how many, how long, and who gives way.
//!
//! A connection is for one request. Nobody is turned away: where there is no room, the
//! connection that has been there longest makes it, which whoever reads what they asked for
//! never is.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, Id, JoinSet};
use tokio_io_timeout::TimeoutStream;

use super::answer::{Room, answer};

/// The most connections.
const MAX_SEATS: usize = 256;

/// The most of them that follow events.
const MAX_STREAMS: usize = 64;

/// How long a request may take to come.
const REQUEST_TIME: Duration = Duration::from_secs(5);

/// How long an answer that has an end may take, the request included.
const ANSWER_TIME: Duration = Duration::from_secs(120);

/// How long a client may read nothing of what is sent.
const STALL_TIME: Duration = Duration::from_secs(10);

/// The most bytes of a request, and of what waits to be sent beside the answer itself.
const BUFFER_BYTES: usize = 16 * 1024;

/// The most headers of a request.
const MAX_HEADERS: usize = 64;

/// How long to wait where the system gives no connection.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection.
struct Seat {
    id: Id,
    task: AbortHandle,
    is_stream: Arc<AtomicBool>,
}

/// All connections.
#[derive(Default)]
struct House {
    /// From the oldest to the newest.
    seats: VecDeque<Seat>,
    tasks: JoinSet<()>,
}

/// Answers whoever comes until `stopped`.
pub(super) async fn keep(
    listener: TcpListener,
    room: &Arc<Room>,
    mut stopped: oneshot::Receiver<()>,
    complain: &dyn Fn(&str),
) {
    let mut house = House::default();
    let mut told = None;
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(left) = house.tasks.join_next_with_id() => {
                let id = left.map_or_else(|error| error.id(), |(id, ())| id);
                house.seats.retain(|seat| seat.id != id);
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    told = None;
                    house.seat(stream, Arc::clone(room));
                }
                Err(error) => {
                    tell_once(&error, &mut told, complain);
                    house.make_room(|_| true);
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
}

/// Says why there are no connections, where that was not said just before.
fn tell_once(error: &io::Error, told: &mut Option<io::ErrorKind>, complain: &dyn Fn(&str)) {
    // A client that has left before it was met.
    if error.kind() == io::ErrorKind::ConnectionAborted {
        return;
    }
    if *told != Some(error.kind()) {
        complain(&format!(
            "--listen: no connection is taken: {error}; it is tried again"
        ));
    }
    *told = Some(error.kind());
}

impl House {
    fn seat(&mut self, stream: TcpStream, room: Arc<Room>) {
        let is_stream = |seat: &Seat| seat.is_stream.load(Ordering::Relaxed);
        if self.seats.iter().filter(|seat| is_stream(seat)).count() > MAX_STREAMS {
            self.make_room(is_stream);
        }
        if self.seats.len() >= MAX_SEATS && !self.make_room(|seat| !is_stream(seat)) {
            self.make_room(is_stream);
        }
        let is_stream = Arc::new(AtomicBool::new(false));
        let conversation = converse(stream, room, Arc::clone(&is_stream));
        let task = self.tasks.spawn(conversation);
        self.seats.push_back(Seat {
            id: task.id(),
            task,
            is_stream,
        });
    }

    /// Ends the oldest of these connections, if there is one.
    fn make_room(&mut self, is_one: impl Fn(&Seat) -> bool) -> bool {
        let oldest = self.seats.iter().position(is_one);
        let oldest = oldest.and_then(|at| self.seats.remove(at));
        oldest.inspect(|seat| seat.task.abort()).is_some()
    }
}

async fn converse(stream: TcpStream, room: Arc<Room>, is_stream: Arc<AtomicBool>) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(STALL_TIME));
    let service = service_fn(|request| answer(Arc::clone(&room), Arc::clone(&is_stream), request));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(REQUEST_TIME)
            .keep_alive(false)
            .max_headers(MAX_HEADERS)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(Box::pin(stream)), service)
    );
    // What goes wrong here is the client's own affair: it has left, or is no client.
    let answered = tokio::time::timeout(ANSWER_TIME, &mut connection).await;
    if answered.is_err() && is_stream.load(Ordering::Relaxed) {
        drop(connection.await);
    }
}
