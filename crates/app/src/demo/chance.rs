//! Variety that is the same each time: an answer depends on the seed and on what is asked, not on the order of asking.

/// A source of variety.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The source that belongs to `what`, independent of all others.
    pub(super) fn about(self, what: &str) -> Self {
        let text = what
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(mix(self.0 ^ text))
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(self, what: &str, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.about(what).0 % span).unwrap_or(0)
    }

    /// Whether it happens, `percent` times of a hundred.
    pub(super) fn happens(self, what: &str, percent: u32) -> bool {
        self.between(what, 1, 100) <= percent
    }

    /// One of several.
    pub(super) fn one_of<'a, T>(self, what: &str, things: &'a [T]) -> Option<&'a T> {
        let last = u32::try_from(things.len().checked_sub(1)?).unwrap_or(u32::MAX);
        things.get(self.between(what, 0, last) as usize)
    }
}

/// The finisher of splitmix64: neighbouring numbers come out far apart.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
