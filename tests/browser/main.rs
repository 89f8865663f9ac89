//! The page in a browser: what a reader sees, clicks, types and hears.
//!
//! Every test opens what the program itself has written, in headless Chromium. A page must
//! complain of nothing and ask nobody for anything, whatever a log held.

mod access;
mod changes;
mod chrome;
mod extremes;
mod live;
mod pages;
mod screens;
mod use_it;
