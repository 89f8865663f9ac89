//! Random catalogues, and random text that is rich in near-misses.
//!
//! Text is built from pieces that mean something to the matcher, each of them sometimes broken,
//! so that most samples hold several codes that count and several that just do not.

mod catalog;
mod dress;
mod pieces;
mod words;

pub use catalog::{catalog, escape_like_codes};

use proptest::collection::vec;
use proptest::prelude::*;

/// Log text in which the given codes, and what resembles them, stand in every surrounding.
/// `codes` holds at least one.
pub fn text(codes: &[String]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let fragment = vec(pieces::piece(codes), 1..6).prop_map(|pieces| pieces.concat());
    let dressed = (fragment, dress::dress()).prop_map(|(bytes, dress)| dress.apply(&bytes));
    vec(dressed, 0..8).prop_map(|fragments| fragments.concat())
}
