//! x
pub mod result;
