//! Random numbers that are the same on every machine and in every release (splitmix64).

/// A generator; its sequence depends on its seed alone.
pub struct Random(u64);

impl Random {
    /// A generator that starts at `seed`; near seeds give unlike sequences.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// 64 random bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The high half of the product is below `limit`, so nothing is lost.
        ((u128::from(self.draw()) * u128::from(limit)) >> 64) as u64
    }

    /// An index below `len`.
    pub fn index(&mut self, len: usize) -> usize {
        // Both casts are lossless where `usize` has at most 64 bits: the result is below `len`.
        self.below(len as u64) as usize
    }

    /// One of `items`, each as likely as the others.
    ///
    /// # Panics
    ///
    /// Where there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }
}
