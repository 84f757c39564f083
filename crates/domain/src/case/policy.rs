//! Every number that a hall sets for its own service. All have defaults, so that an old file stays readable.

use crate::clock::Thresholds;
use std::fmt;
use std::ops::RangeInclusive;

/// Limits of the service that a hall sets for itself; part of the hall file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Working days that a one-time notice gives the client (S6.2).
    pub notice_days: u32,
    /// Minutes of office time in which an office claims a matter that was sent to it (S5.3).
    pub claim_minutes: u32,
    /// When a light turns yellow (S8.2).
    pub thresholds: Thresholds,
    /// Share of the promised limit that a matter has on the green channel, in per cent (S6.4).
    pub green_percent: u32,
    /// Working days after a fact within which it is entered; what is entered later is marked.
    pub late_days: u32,
    /// Working days within which a material that may come later has to be here (容缺).
    pub deferral_days: u32,
    /// Working days after which a piece that lies in one place is asked for.
    pub custody_days: u32,
    /// Working days after which a parcel that nobody has signed for is asked for.
    pub parcel_days: u32,
    /// Working days after which a body outside is asked again how far it is (S5.3).
    pub outside_check_days: u32,
    /// Who is warned, and when (S8.2).
    pub ladder: Ladder,
    /// Systems in which the hall itself works; a matter that is filed in any other is followed as an outside one.
    pub own_systems: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            notice_days: 10,
            claim_minutes: 240,
            thresholds: Thresholds::default(),
            green_percent: 50,
            late_days: 1,
            deferral_days: 20,
            custody_days: 20,
            parcel_days: 5,
            outside_check_days: 5,
            ladder: Ladder::default(),
            own_systems: vec!["内蒙古政务服务一体化平台".to_owned()],
        }
    }
}

/// Ten years: what nobody means when setting a number of days.
const MOST_DAYS: u32 = 3_650;
const MINUTES_OF_A_YEAR: u32 = 60 * 24 * 366;
/// A warning goes up within a year.
const MOST_STEPS: u32 = 366;

/// A number that lies outside what can be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfBounds {
    /// Its path in the file: `ladder.lead_head_after`.
    pub name: &'static str,
    /// The number.
    pub value: u32,
    /// What it may be.
    pub bounds: RangeInclusive<u32>,
}

impl fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, value, from, to) = (self.name, self.value, self.bounds.start(), self.bounds.end());
        write!(f, "policy.{name}：{value}超出范围。请填 {from} 至 {to} 之间的整数。")
    }
}

impl Policy {
    /// Every number that lies outside what can be meant: a calendar is walked day by day, and would be walked for ever.
    #[must_use]
    pub fn check(&self) -> Vec<OutOfBounds> {
        let numbers = [
            ("notice_days", self.notice_days, 0..=MOST_DAYS),
            ("claim_minutes", self.claim_minutes, 0..=MINUTES_OF_A_YEAR),
            ("thresholds.percent_left", self.thresholds.percent_left, 0..=100),
            ("thresholds.days_left", self.thresholds.days_left, 0..=MOST_DAYS),
            ("green_percent", self.green_percent, 1..=100),
            ("late_days", self.late_days, 0..=MOST_DAYS),
            ("deferral_days", self.deferral_days, 0..=MOST_DAYS),
            ("custody_days", self.custody_days, 1..=MOST_DAYS),
            ("parcel_days", self.parcel_days, 1..=MOST_DAYS),
            ("outside_check_days", self.outside_check_days, 0..=MOST_DAYS),
            ("ladder.office_head_before", self.ladder.office_head_before, 0..=MOST_STEPS),
            ("ladder.lead_head_after", self.ladder.lead_head_after, 0..=MOST_STEPS),
            ("ladder.supervision_after", self.ladder.supervision_after, 0..=MOST_STEPS),
        ];
        let wrong = numbers.into_iter().filter(|(_, value, bounds)| !bounds.contains(value));
        wrong.map(|(name, value, bounds)| OutOfBounds { name, value, bounds }).collect()
    }
}

/// The steps of a warning. Whoever can act is warned when the light turns yellow; then it goes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Ladder {
    /// The head of the office that holds the matter: so many working days before the due day, and at the latest when it is over.
    pub office_head_before: u32,
    /// The lead office's head: after so many working days overdue.
    pub lead_head_after: u32,
    /// Supervision: after so many working days overdue.
    pub supervision_after: u32,
}

impl Default for Ladder {
    fn default() -> Self {
        Self { office_head_before: 1, lead_head_after: 1, supervision_after: 3 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_hall_file_keeps_its_number_and_gets_the_others_by_default() {
        let policy: Policy = serde_json::from_str(r#"{"notice_days":15}"#).unwrap();
        assert_eq!(policy, Policy { notice_days: 15, ..Policy::default() });
        let policy: Policy = serde_json::from_str(r#"{"ladder":{"supervision_after":5}}"#).unwrap();
        assert_eq!((policy.ladder.lead_head_after, policy.ladder.supervision_after), (1, 5));
    }

    #[test]
    fn numbers_have_bounds() {
        assert_eq!(Policy::default().check(), []);
        let mut policy = Policy { notice_days: 3_651, claim_minutes: 527_041, green_percent: 0, ..Policy::default() };
        policy.ladder.supervision_after = u32::MAX;
        let names: Vec<_> = policy.check().into_iter().map(|wrong| wrong.name).collect();
        assert_eq!(names, ["notice_days", "claim_minutes", "green_percent", "ladder.supervision_after"]);
        let at_most = Policy { notice_days: 3_650, claim_minutes: 527_040, green_percent: 100, ..Policy::default() };
        assert_eq!(at_most.check(), []);
        assert!(policy.check()[0].to_string().contains("notice_days：3651"), "{}", policy.check()[0]);
    }

    /// Whoever adds a number adds its bounds.
    #[test]
    fn every_number_of_the_file_has_bounds() {
        fn set(value: &mut serde_json::Value) -> usize {
            match value {
                serde_json::Value::Object(map) => map.values_mut().map(set).sum(),
                serde_json::Value::Number(_) => {
                    *value = u32::MAX.into();
                    1
                }
                _ => 0,
            }
        }
        let mut file = serde_json::to_value(Policy::default()).unwrap();
        let numbers = set(&mut file);
        let policy: Policy = serde_json::from_value(file.clone()).unwrap();
        let wrong = policy.check();
        assert_eq!(wrong.len(), numbers);
        for one in wrong {
            assert!(file.pointer(&format!("/{}", one.name.replace('.', "/"))).is_some(), "{}", one.name);
        }
    }
}
