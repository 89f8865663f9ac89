//! The program as users and scripts meet it: the real binary, its output and its exit status.
//!
//! Nothing of the machine shows through: the environment is empty but for what a test sets.

mod baseline;
mod chinese;
mod codes;
mod explain;
mod habits;
mod interrupt;
mod manual;
mod merged;
mod metrics;
mod narrowed;
mod output;
mod report;
mod scan;
mod statuses;
mod strict;
mod support;
mod terminal;
mod unknown;
mod written;
mod zones;
