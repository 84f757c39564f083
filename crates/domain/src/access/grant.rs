//! Why somebody may do something, and the witness of it.

use super::Action;
use crate::ids::Username;
use serde::Serialize;

/// Why the actor may: its tie to the case, or its role alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Member of the enterprise that applied.
    OwnEnterprise,
    /// The case's agent.
    Agent,
    /// The case's stand-in while the agent's absence is recorded.
    ActingStandIn,
    /// The case's stand-in.
    StandIn,
    /// Was the case's agent and still holds pieces of it.
    FormerAgent,
    /// Holds a piece of it, or is of the office that does.
    Holder,
    /// Head of the case's lead office.
    LeadHead,
    /// Head of the business office.
    BusinessHead,
    /// Of the office that holds the matter.
    MatterOffice,
    /// At the bureau's reception.
    Reception,
    /// The person itself.
    Oneself,
    /// Head of the person's office.
    OfficeHead,
    /// Wrote it down, and answers for it while nobody else is named.
    Recorder,
    /// Of an office that a meeting concerns, or that owns the decision.
    Concerned,
    /// By role alone.
    Role,
    /// The program itself.
    Program,
}

/// The witness that somebody may do something. Only [`may`](super::may) and [`Grant::program`] make one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    pub(super) actor: Username,
    pub(super) action: Action,
    pub(super) relation: Relation,
    pub(super) on_behalf_of: Option<Username>,
}

impl Grant {
    /// The grant of the program itself, for what follows from a rule without anybody pressing a button.
    #[must_use]
    pub fn program(action: Action) -> Self {
        Self { actor: Username::from("bangban"), action, relation: Relation::Program, on_behalf_of: None }
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Username {
        &self.actor
    }

    /// What was granted.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Why.
    #[must_use]
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// Whose name the actor acts in: the agent's, for its stand-in.
    #[must_use]
    pub fn on_behalf_of(&self) -> Option<&Username> {
        self.on_behalf_of.as_ref()
    }
}
