//! What the tables of a state hold, and how a delta is added to them.
//!
//! Rows are the parts of a result as JSON, added up by the same functions that merge results. Only
//! what a delta touches is read and written.

use std::borrow::Cow;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::input::follow::Checkpoint;
use crate::tally::merge::{
    add_code, add_input, add_to, add_unknown_code, count_unconfirmed, fit_buckets,
};
use crate::tally::result::{
    CatalogId, CodeRow, HttpRow, Input, SCHEMA, ScanResult, TimeSpan, Tool, Totals, UnknownRow,
};
use crate::tally::{MAX_UNKNOWN, OTHER};
use crate::wording::notes;

/// The most streams that are remembered; those that were heard of longest ago are forgotten.
const MAX_STREAMS: i64 = 100_000;

const TABLES: &str = "
    CREATE TABLE frame (id INTEGER PRIMARY KEY CHECK (id = 0), result TEXT NOT NULL) STRICT;
    CREATE TABLE streams (stream INTEGER PRIMARY KEY, heard INTEGER NOT NULL, checkpoint TEXT NOT NULL) STRICT;
    CREATE INDEX streams_by_heard ON streams (heard);
    CREATE TABLE inputs (path TEXT PRIMARY KEY, input TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE codes (code TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE files (code TEXT, path TEXT, count INTEGER NOT NULL, PRIMARY KEY (code, path)) STRICT, WITHOUT ROWID;
    CREATE TABLE buckets (code TEXT, start TEXT, count INTEGER NOT NULL, PRIMARY KEY (code, start)) STRICT, WITHOUT ROWID;
    CREATE TABLE unknown (code TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE http (status INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
";

type Outcome<T> = rusqlite::Result<T>;

/// Makes the tables of a state that has counted nothing.
pub(super) fn create(connection: &Connection, catalog: &CatalogId) -> Outcome<()> {
    connection.execute_batch(TABLES)?;
    let frame = ScanResult {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        catalog: catalog.clone(),
        inputs: Vec::new(),
        totals: Totals::default(),
        time: TimeSpan::default(),
        codes: Vec::new(),
        unknown: Vec::new(),
        http: Vec::new(),
        bucket_seconds: None,
        sample_limit: 0,
        strict: false,
        notes: Vec::new(),
        baseline: None,
    };
    store_frame(connection, &frame)
}

/// Goes on with `catalog`, and notes where it is another one.
pub(super) fn note_catalog(connection: &Connection, catalog: &CatalogId) -> Outcome<()> {
    let mut frame = frame(connection)?;
    if frame.catalog == *catalog {
        return Ok(());
    }
    frame.catalog = catalog.clone();
    frame.notes.push(notes::other_catalog());
    frame.notes.dedup();
    store_frame(connection, &frame)
}

/// How far each stream was counted.
pub(super) fn checkpoints(connection: &Connection) -> Outcome<Vec<Checkpoint>> {
    let mut query = connection.prepare("SELECT checkpoint FROM streams ORDER BY stream")?;
    let texts = query.query_map([], |row| row.get::<_, String>(0))?;
    texts
        .map(|text| {
            let checkpoint: Checkpoint = read(&text?)?;
            match checkpoint.is_sound() {
                true => Ok(checkpoint),
                false => Err(unreadable(
                    "a checkpoint's numbers contradict each other".into(),
                )),
            }
        })
        .collect()
}

/// Replaces the positions of streams.
pub(super) fn add_checkpoints(connection: &Connection, checkpoints: &[Checkpoint]) -> Outcome<()> {
    let heard: i64 = connection.query_row(
        "SELECT coalesce(max(heard), 0) + 1 FROM streams",
        [],
        |row| row.get(0),
    )?;
    let mut store = connection.prepare("REPLACE INTO streams VALUES (?1, ?2, ?3)")?;
    for checkpoint in checkpoints {
        let stream = number(checkpoint.stream);
        store.execute(params![stream, heard, json(checkpoint)])?;
    }
    connection.execute(
        "DELETE FROM streams WHERE stream IN
            (SELECT stream FROM streams ORDER BY heard DESC, stream DESC LIMIT -1 OFFSET ?1)",
        [MAX_STREAMS],
    )?;
    Ok(())
}

/// Adds what was counted since the last commit.
pub(super) fn add_delta(connection: &Connection, delta: &ScanResult) -> Outcome<()> {
    note_catalog(connection, &delta.catalog)?;
    let mut frame = frame(connection)?;
    if frame.totals.bytes == 0 {
        frame.strict = delta.strict;
    }
    let mut codes = Cow::Borrowed(delta.codes.as_slice());
    if frame.strict && !delta.strict {
        connection.execute(
            "UPDATE codes SET row = json_set(row, '$.unconfirmed', 0)",
            [],
        )?;
    } else if delta.strict && !frame.strict {
        count_unconfirmed(codes.to_mut());
    }
    frame = add_to(without_rows(delta), frame);
    frame.notes.sort();
    frame.notes.dedup();
    let limit = frame.sample_limit;
    add_inputs(connection, &delta.inputs)?;
    add_codes(connection, &codes, limit)?;
    if add_unknown(connection, &delta.unknown, limit)? {
        let note = notes::many_unknown(MAX_UNKNOWN, OTHER);
        frame.notes.push(note);
        frame.notes.dedup();
    }
    let mut http = connection.prepare(
        "INSERT INTO http VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = count + excluded.count",
    )?;
    for row in &delta.http {
        http.execute(params![row.status, number(row.count)])?;
    }
    store_frame(connection, &frame)
}

/// All that was counted, not concluded: counting may go on.
pub(super) fn result(connection: &Connection) -> Outcome<ScanResult> {
    let mut result = frame(connection)?;
    result.inputs = all::<Input>(connection, "SELECT input FROM inputs")?;
    result.codes = all::<CodeRow>(connection, "SELECT row FROM codes")?;
    result.unknown = all::<UnknownRow>(connection, "SELECT row FROM unknown")?;
    let mut files = connection.prepare("SELECT path, count FROM files WHERE code = ?1")?;
    let mut buckets = connection.prepare("SELECT start, count FROM buckets WHERE code = ?1")?;
    for row in &mut result.codes {
        let counted = |row: &rusqlite::Row| Ok((row.get(0)?, count(row.get(1)?)));
        let key = key(row);
        row.files = files.query_map([&key], counted)?.collect::<Outcome<_>>()?;
        row.buckets = buckets
            .query_map([&key], counted)?
            .collect::<Outcome<_>>()?;
    }
    let mut http = connection.prepare("SELECT status, count FROM http")?;
    let rows = http.query_map([], |row| {
        Ok(HttpRow {
            status: row.get(0)?,
            count: count(row.get(1)?),
        })
    })?;
    result.http = rows.collect::<Outcome<_>>()?;
    fit_buckets(&mut result);
    result.sort();
    Ok(result)
}

fn add_inputs(connection: &Connection, inputs: &[Input]) -> Outcome<()> {
    let mut load = connection.prepare("SELECT input FROM inputs WHERE path = ?1")?;
    let mut store = connection.prepare("REPLACE INTO inputs VALUES (?1, ?2)")?;
    for input in inputs {
        let mut input = input.clone();
        let before = load.query_row([&input.path], |row| row.get::<_, String>(0));
        if let Some(before) = before.optional()? {
            add_input(&mut input, &read(&before)?);
        }
        store.execute(params![input.path, json(&input)])?;
    }
    Ok(())
}

fn add_codes(connection: &Connection, rows: &[CodeRow], limit: usize) -> Outcome<()> {
    let mut load = connection.prepare("SELECT row FROM codes WHERE code = ?1")?;
    let mut store = connection.prepare("REPLACE INTO codes VALUES (?1, ?2)")?;
    let mut files = connection.prepare(&adding("files"))?;
    let mut buckets = connection.prepare(&adding("buckets"))?;
    for row in rows {
        let key = key(row);
        let mut row = row.clone();
        for (path, count) in std::mem::take(&mut row.files) {
            files.execute(params![key, path, number(count)])?;
        }
        for (start, count) in std::mem::take(&mut row.buckets) {
            buckets.execute(params![key, start, number(count)])?;
        }
        let before = load.query_row([&key], |row| row.get::<_, String>(0));
        if let Some(before) = before.optional()? {
            add_code(&mut row, read(&before)?, limit);
        }
        store.execute(params![key, json(&row)])?;
    }
    Ok(())
}

/// Adds to a count of a code.
fn adding(table: &str) -> String {
    format!(
        "INSERT INTO {table} VALUES (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET count = count + excluded.count"
    )
}

/// Adds unknown codes; whether there are too many of them.
fn add_unknown(connection: &Connection, rows: &[UnknownRow], limit: usize) -> Outcome<bool> {
    if rows.is_empty() {
        return Ok(false);
    }
    let mut load = connection.prepare("SELECT row FROM unknown WHERE code = ?1")?;
    let mut store = connection.prepare("REPLACE INTO unknown VALUES (?1, ?2)")?;
    for row in rows {
        let mut row = row.clone();
        if let Some(before) = load.query_row([&row.code], text).optional()? {
            add_unknown_code(&mut row, read(&before)?, limit);
        }
        store.execute(params![row.code, json(&row)])?;
    }
    fold_unknown(connection, limit)
}

/// Adds all unknown codes but the first, by their text, to [`OTHER`] where there are too many; whether there are.
fn fold_unknown(connection: &Connection, limit: usize) -> Outcome<bool> {
    let counted: i64 = connection.query_row(
        "SELECT count(*) FROM unknown WHERE code <> ?1",
        [OTHER],
        |row| row.get(0),
    )?;
    let Some(more @ 1..) = count(counted).checked_sub(MAX_UNKNOWN as u64) else {
        return Ok(false);
    };
    let mut last = connection
        .prepare("SELECT row FROM unknown WHERE code <> ?1 ORDER BY code DESC LIMIT ?2")?;
    let last = last.query_map(params![OTHER, number(more)], text)?;
    let last = last.collect::<rusqlite::Result<Vec<String>>>()?;
    let other = connection.query_row("SELECT row FROM unknown WHERE code = ?1", [OTHER], text);
    let mut sum = match other.optional()? {
        Some(other) => read(&other)?,
        None => UnknownRow {
            code: OTHER.to_owned(),
            ..UnknownRow::default()
        },
    };
    for row in last {
        let row: UnknownRow = read(&row)?;
        connection.execute("DELETE FROM unknown WHERE code = ?1", [&row.code])?;
        add_unknown_code(&mut sum, row, limit);
    }
    let store = "REPLACE INTO unknown VALUES (?1, ?2)";
    connection.execute(store, params![sum.code, json(&sum)])?;
    Ok(true)
}

/// A result without what has tables of its own.
fn without_rows(result: &ScanResult) -> ScanResult {
    ScanResult {
        schema: result.schema.clone(),
        tool: result.tool.clone(),
        catalog: result.catalog.clone(),
        inputs: Vec::new(),
        totals: result.totals,
        time: result.time.clone(),
        codes: Vec::new(),
        unknown: Vec::new(),
        http: Vec::new(),
        bucket_seconds: result.bucket_seconds,
        sample_limit: result.sample_limit,
        strict: result.strict,
        notes: result.notes.clone(),
        baseline: None,
    }
}

fn frame(connection: &Connection) -> Outcome<ScanResult> {
    let frame: String = connection.query_row("SELECT result FROM frame", [], text)?;
    read(&frame)
}

fn store_frame(connection: &Connection, frame: &ScanResult) -> Outcome<()> {
    connection.execute("REPLACE INTO frame VALUES (0, ?1)", [json(frame)])?;
    Ok(())
}

/// What tells the rows of codes from each other.
fn key(row: &CodeRow) -> String {
    json(&(&row.code, &row.provider, &row.candidates))
}

fn all<T: DeserializeOwned>(connection: &Connection, query: &str) -> Outcome<Vec<T>> {
    let mut query = connection.prepare(query)?;
    let texts = query.query_map([], text)?;
    texts.map(|text| read(&text?)).collect()
}

fn text(row: &rusqlite::Row) -> Outcome<String> {
    row.get(0)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists of them can be JSON")
}

fn read<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    serde_json::from_str(text).map_err(|error| unreadable(error.into()))
}

fn unreadable(problem: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, problem)
}

/// A count as SQLite holds it; none is so great.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
