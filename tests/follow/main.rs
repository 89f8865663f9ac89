//! Following real files while they are written, rotated, copied, compressed and lost.
//!
//! The invariant: the bodies of all blocks of a path are, in order, all that was ever written to
//! it, each byte once, however its file was moved and however often the reading began again.

mod copies;
mod cost;
mod elsewhere;
mod lines;
mod places;
mod restart;
mod rotation;
mod support;
