//! People and offices of a hall, as far as the rules need them.

use crate::ids::{OfficeCode, PartyId, Username};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a person may be in the program. One person may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A member of an enterprise (申请人).
    Applicant,
    /// A clerk at a window (窗口人员); at a department's window also its handler.
    WindowClerk,
    /// Service staff (代办帮办人员): agent and assistant.
    ServiceStaff,
    /// Head of an office (科室负责人). Head of the lead office is a relation to a case, not a role of its own.
    OfficeHead,
    /// Archivist (档案).
    Archivist,
    /// Supervision (督查室): reads everything, acts for nobody.
    Supervisor,
    /// Director (局领导): sees everything, changes nothing.
    Director,
    /// Administrator: configures, sees no content of a case.
    Administrator,
}

impl Role {
    /// Every role, in the order of the access table.
    pub const ALL: [Self; 8] = [
        Self::Applicant,
        Self::WindowClerk,
        Self::ServiceStaff,
        Self::OfficeHead,
        Self::Archivist,
        Self::Supervisor,
        Self::Director,
        Self::Administrator,
    ];

    /// The name in files and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::WindowClerk => "window_clerk",
            Self::ServiceStaff => "service_staff",
            Self::OfficeHead => "office_head",
            Self::Archivist => "archivist",
            Self::Supervisor => "supervisor",
            Self::Director => "director",
            Self::Administrator => "administrator",
        }
    }

    /// Reads a role's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What kind of unit an office is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeKind {
    /// A 科室 of the bureau itself.
    Bureau,
    /// A department with a window in the hall.
    Department,
    /// A body outside the hall (bank, intermediary, upper level, the applicant): never claims; the agent keeps its part.
    Outside,
}

/// A unit that can hold a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Its code, such as `D15` or `B01`.
    pub code: OfficeCode,
    /// Its name in Chinese.
    pub name: String,
    /// Where it stands.
    pub kind: OfficeKind,
    /// The telephone shown to clients; empty where there is none.
    #[serde(default)]
    pub phone: String,
}

/// A recorded absence of a member of staff, both days included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// First day away.
    pub from: NaiveDate,
    /// Last day away.
    pub to: NaiveDate,
}

/// A person who can log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The user name.
    pub username: Username,
    /// The name shown.
    pub name: String,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// The office of a member of staff.
    pub office: Option<OfficeCode>,
    /// The enterprises of an applicant.
    #[serde(default)]
    pub enterprises: Vec<PartyId>,
    /// Office telephone of a member of staff.
    #[serde(default)]
    pub phone: String,
    /// Post, such as 代办员.
    #[serde(default)]
    pub post: String,
    /// Fulfils the conditions of S7, so that it can be named agent.
    #[serde(default)]
    pub qualified: bool,
    /// May log in.
    pub active: bool,
    /// Recorded absences.
    #[serde(default)]
    pub absences: Vec<Absence>,
}

impl Person {
    /// Whether the person is away on `day`.
    #[must_use]
    pub fn is_absent(&self, day: NaiveDate) -> bool {
        self.absences.iter().any(|absence| absence.from <= day && day <= absence.to)
    }

    /// Whether the person can be named agent (S7): service staff, qualified, active.
    #[must_use]
    pub fn can_be_agent(&self) -> bool {
        self.active && self.qualified && self.roles.contains(&Role::ServiceStaff)
    }
}

/// The hall's offices and people, held in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The bureau's name, as documents print it.
    pub bureau: String,
    /// The hall's name.
    pub hall: String,
    /// The business office (政务服务业务室), which leads (S9.1).
    pub business_office: Option<OfficeCode>,
    /// Offices by code.
    pub offices: BTreeMap<OfficeCode, Office>,
    /// People by user name.
    pub people: BTreeMap<Username, Person>,
}

impl Directory {
    /// The office with this code.
    #[must_use]
    pub fn office(&self, code: &OfficeCode) -> Option<&Office> {
        self.offices.get(code)
    }

    /// The person with this user name.
    #[must_use]
    pub fn person(&self, username: &Username) -> Option<&Person> {
        self.people.get(username)
    }

    /// The name of an office, or its code where it is unknown.
    #[must_use]
    pub fn office_name<'a>(&'a self, code: &'a OfficeCode) -> &'a str {
        self.offices.get(code).map_or(code.as_str(), |office| office.name.as_str())
    }

    /// The name of a person, or its user name where it is unknown.
    #[must_use]
    pub fn person_name<'a>(&'a self, username: &'a Username) -> &'a str {
        self.people.get(username).map_or(username.as_str(), |person| person.name.as_str())
    }
}
