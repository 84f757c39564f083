//! Chance for forecasts: the same seed gives the same numbers on every machine and in every version.
//!
//! The generator is SplitMix64 (Steele, Lea, Flood 2014). Every draw of a matter in a run has a stream of its own, so that a what-if
//! which changes one matter leaves the luck of all others as it was: the difference that it shows is its own.

/// A stream of numbers.
pub(super) struct Chance(u64);

/// The step of the generator: 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    /// The stream of one matter in one run.
    pub(super) fn of(seed: u64, run: u32, place: usize) -> Self {
        let place = u64::try_from(place).unwrap_or(u64::MAX);
        Self(mix(seed ^ mix((u64::from(run) << 32) ^ place.wrapping_add(STEP))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number below `end`, all equally likely (but for less than one part in four thousand million); 0 if `end` is 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let scaled = u128::from(self.next()) * u128::from(end);
        u32::try_from(scaled >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high.max(low) - low).saturating_add(1))
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_splitmix64_and_spread_evenly() {
        // The first outputs of the published reference program for the seed 1234567.
        let mut chance = Chance(1_234_567);
        assert_eq!([chance.next(), chance.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
        let mut counts = [0u32; 7];
        for run in 0..7000 {
            counts[Chance::of(1, run, 3).below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert_eq!((chance.below(0), chance.between(4, 4), chance.between(9, 2)), (0, 4, 9));
    }
}
