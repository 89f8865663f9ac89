//! The live page's events.

use crate::client::{Events, get, listening};
use crate::support::{Folder, LINE};

/// The events' path in the page.
fn path_of_events(page: &str) -> &str {
    let (_, rest) = page.split_once("data-live=\"").unwrap();
    rest.split_once('"').unwrap().0
}

#[test]
fn the_page_is_sent_whatever_it_does_not_show() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    tail.write(LINE);
    tail.line();
    let page = get(address, "/").body;
    let path = path_of_events(&page);

    let mut events = Events::follow(address, path, "");
    events.line();
    assert_eq!(events.line(), ":\n", "the page shows all there is");
    for count in 2..=3 {
        tail.write(LINE);
        tail.line();
        assert_eq!(events.next().result.totals.matches, count);
    }

    let mut late = Events::follow(address, path, "");
    assert_eq!(
        late.next().result.totals.matches,
        3,
        "came before it was followed"
    );
}

#[test]
fn a_client_that_was_cut_off_goes_on_from_the_event_it_had_last() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    tail.write(LINE);
    tail.line();
    let last = Events::follow(address, "/events", "").next();

    let again = format!("Last-Event-ID: {}\r\n", last.id);
    let mut events = Events::follow(address, "/events?seen=older", &again);
    events.line();
    assert_eq!(events.line(), ":\n");
    let of_another_run = Events::follow(address, "/events", "Last-Event-ID: 0-1\r\n").next();
    assert_eq!(of_another_run.id, last.id);
}

#[test]
fn all_clients_get_the_same_events() {
    let folder = Folder::new();
    let (mut tail, address) = listening(&folder, &["-f", "ndjson"]);
    tail.write(LINE);
    tail.line();
    let mut all: Vec<_> = (0..10)
        .map(|_| Events::follow(address, "/events", ""))
        .collect();
    let first: Vec<_> = all.iter_mut().map(|events| events.next().id).collect();
    tail.write(LINE);
    tail.line();

    let second: Vec<_> = all.iter_mut().map(|events| events.next().id).collect();

    assert!(first.iter().all(|id| *id == first[0]), "{first:?}");
    assert!(
        second.iter().all(|id| *id == second[0] && *id != first[0]),
        "{second:?}"
    );
}
