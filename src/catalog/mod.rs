//! x
mod entry;
pub use entry::{Category, Entry, Lang, Text};
