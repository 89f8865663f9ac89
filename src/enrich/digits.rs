//! Finds numbers in text, 64 bytes at a time.

/// How many bytes one step looks at: a bit for each.
const STEP_BYTES: usize = u64::BITS as usize;

/// A one in each byte of a word.
const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// Calls `found` with the end of each run of three digits or more.
#[inline]
pub(super) fn ends_of_runs(text: &[u8], mut found: impl FnMut(usize)) {
    let mut before = 0;
    // The end of a run at the text's own end is seen in the step behind it.
    for from in (0..=text.len()).step_by(STEP_BYTES) {
        let digits = digits(&text[from..text.len().min(from + STEP_BYTES)]);
        let shifted = |places: u32| digits << places | before >> (u64::BITS - places);
        let mut ends = !digits & shifted(1) & shifted(2) & shifted(3);
        while ends != 0 {
            found(from + ends.trailing_zeros() as usize);
            ends &= ends - 1;
        }
        before = digits;
    }
}

/// A bit for each byte of `text`, at most 64, that is a digit.
#[inline]
fn digits(text: &[u8]) -> u64 {
    let (words, rest) = text.as_chunks();
    let bits = words.iter().rev().fold(0, |bits, word| {
        bits << 8 | digits_of_word(u64::from_le_bytes(*word))
    });
    if rest.is_empty() {
        return bits;
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    bits | digits_of_word(u64::from_le_bytes(last)) << (8 * words.len())
}

/// A bit for each byte of `word` that is a digit, the first byte's lowest.
#[inline]
fn digits_of_word(word: u64) -> u64 {
    // A digit becomes 0 to 9, and only these stay under 128 when 118 is added.
    let values = word ^ (ONES * 0x30);
    let is_other = ((values & (ONES * 0x7f)) + ONES * 0x76) | values;
    let is_digit = !is_other >> 7 & ONES;
    // The product collects the lowest bits of all bytes in its highest byte.
    is_digit.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(text: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut run = 0;
        for (at, byte) in text.iter().chain(b" ").enumerate() {
            if byte.is_ascii_digit() {
                run += 1;
                continue;
            }
            if run >= 3 {
                found.push(at);
            }
            run = 0;
        }
        found
    }

    #[test]
    fn runs_are_found_wherever_they_stand() {
        for len in 0..200 {
            for run in 0..=len.min(6) {
                for at in [0, 1, 60, 61, 62, 63, 64, 65, 127, len - run] {
                    if at + run > len {
                        continue;
                    }
                    let mut text = vec![b'/'; len];
                    text[at..at + run].fill(b'7');
                    let mut found = Vec::new();
                    ends_of_runs(&text, |end| found.push(end));

                    assert_eq!(found, naive(&text), "{len} {run} {at}");
                }
            }
        }
    }

    #[test]
    fn every_byte_but_ten_is_no_digit() {
        for byte in 0..=u8::MAX {
            let expected = if byte.is_ascii_digit() { 0xff } else { 0 };
            assert_eq!(digits(&[byte; 8]), expected, "{byte}");
        }
        assert_eq!(digits(b"a1bc2:/9"), 0b1001_0010);
    }
}
