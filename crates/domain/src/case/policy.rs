//! Every number that a hall sets for its own service. All have defaults, so that an old file stays readable.

use crate::clock::Thresholds;

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
            outside_check_days: 5,
            ladder: Ladder::default(),
            own_systems: vec!["内蒙古政务服务一体化平台".to_owned()],
        }
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
}
