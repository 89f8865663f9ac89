//! Text is asked for before it is looked at.
//!
//! Text that has just been read is in the cache, where this costs nothing that can be measured. Text of
//! 512 MiB in memory takes a fifth to a quarter less time: looks are so fast that they wait for memory, and at
//! the beginning of each page for the translation of its address.

use std::hint::black_box;

use fearless_simd::Simd;

/// How much text one translation of an address serves.
const PAGE_BYTES: usize = 4096;

/// How far ahead a page is asked for: near enough for that to be known still, far enough to be in time
/// wherever in a page the text begins.
const PAGE_AHEAD_BYTES: usize = 2 * PAGE_BYTES;

/// Asks for what stands ahead of `window`, which is that at `at` of `text`.
#[inline(always)]
pub(super) fn fetch<S: Simd>(simd: S, text: &[u8], at: usize, window: &[u8]) {
    if at.is_multiple_of(PAGE_BYTES) {
        // Read: what is merely asked for may be dropped where the page's address is not known.
        black_box(text.get(at + PAGE_AHEAD_BYTES).copied());
    }
    fetch_lines(simd, window);
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn fetch_lines<S: Simd>(simd: S, window: &[u8]) {
    /// The bytes that come from memory together.
    const LINE_BYTES: usize = 64;

    if let Some(level) = simd.level().as_sse2() {
        for line in (0..super::STRIDE_BYTES).step_by(LINE_BYTES) {
            fetch_line(level, &window[line..]);
        }
    }
}

/// Portable Rust has no name for this.
#[cfg(not(target_arch = "x86_64"))]
fn fetch_lines<S: Simd>(_: S, _: &[u8]) {}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    #[inline(always)]
    fn fetch_line(_level: Sse2, text: &[u8]) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

        /// Measured from 256 to 6144: from 1536 to 4096 it is alike.
        const AHEAD_BYTES: usize = 1536;
        _mm_prefetch::<_MM_HINT_T0>(text.as_ptr().wrapping_add(AHEAD_BYTES).cast());
    }
);
