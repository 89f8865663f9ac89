//! What operators install: it is what the program prints, it parses, and it does what it says.
//!
//! The ignored tests use the real Prometheus of the distribution; `.ci/run` installs it.

mod files;
mod panels;
mod rules;
mod server;
mod support;
