//! A state file: what is committed is there, whole or not at all, and nothing else is touched.

mod adding;
mod files;
mod killed;
mod support;
