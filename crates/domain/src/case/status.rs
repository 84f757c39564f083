//! Where a case stands, how it came in, how its results go out.

use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Applied for.
    #[default]
    Submitted,
    /// The lead office's head accepted it.
    Accepted,
    /// An agent is named; materials, handover, agreement.
    Preparing,
    /// The agent acts.
    Running,
    /// 中止
    Suspended,
    /// Every matter is finished; results are due to the client.
    Delivering,
    /// Ended, every original accounted for.
    Ended,
    /// Withdrawn by the client.
    Withdrawn,
    /// Terminated with a reason.
    Terminated,
    /// The file is sealed.
    Archived,
}

impl Status {
    /// Every status, in the order of a case's life.
    pub const ALL: [Self; 10] = [
        Self::Submitted,
        Self::Accepted,
        Self::Preparing,
        Self::Running,
        Self::Suspended,
        Self::Delivering,
        Self::Ended,
        Self::Withdrawn,
        Self::Terminated,
        Self::Archived,
    ];

    /// The name in columns and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Preparing => "preparing",
            Self::Running => "running",
            Self::Suspended => "suspended",
            Self::Delivering => "delivering",
            Self::Ended => "ended",
            Self::Withdrawn => "withdrawn",
            Self::Terminated => "terminated",
            Self::Archived => "archived",
        }
    }

    /// Whether work on the case goes on.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Submitted | Self::Accepted | Self::Preparing | Self::Running | Self::Suspended | Self::Delivering
        )
    }
}

/// How the application came in (S2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseChannel {
    /// At the window.
    #[default]
    WalkIn,
    /// By phone, entered by a clerk.
    Phone,
    /// From the public site.
    Online,
}

/// How the client wants its results (S6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryWay {
    /// 当面递交
    #[default]
    InPerson,
    /// 邮寄
    Courier,
    /// 电子送达
    Electronic,
}
