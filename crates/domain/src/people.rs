//! People and offices of a hall, as far as the rules need them.

use crate::ids::{OfficeCode, PartyId, Username};
use chrono::{Datelike, Days, NaiveDate};
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

/// Why somebody is away. Told only to those who record absences: an illness is nobody else's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceReason {
    /// 年休假.
    AnnualLeave,
    /// 病假.
    Sick,
    /// 培训.
    Training,
    /// 出差.
    BusinessTrip,
    /// 其他.
    Other,
}

impl AbsenceReason {
    /// Every reason, in the order of forms.
    pub const ALL: [Self; 5] = [Self::AnnualLeave, Self::Sick, Self::Training, Self::BusinessTrip, Self::Other];

    /// The name in files and on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AnnualLeave => "annual_leave",
            Self::Sick => "sick",
            Self::Training => "training",
            Self::BusinessTrip => "business_trip",
            Self::Other => "other",
        }
    }

    /// Reads a reason's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A recorded absence of a member of staff (S5.3), both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// First day away.
    pub from: NaiveDate,
    /// Last day away.
    pub to: NaiveDate,
}

/// Why an absence is not recorded as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbsenceProblem {
    /// The last day lies before the first.
    EndsBeforeItBegins,
    /// It begins before the present month: what is past is past, nobody's standing in is made right afterwards.
    TooFarBack {
        /// The earliest first day.
        earliest: NaiveDate,
    },
    /// It is longer than [`Absence::MOST_DAYS`], most likely a mistyped year.
    TooLong,
    /// An absence is recorded for some of these days already.
    Overlaps(Absence),
}

impl Absence {
    /// So many days an absence may have: a year.
    pub const MOST_DAYS: u64 = 366;

    /// An absence to be recorded on `today`, for a person of whom these others are known.
    ///
    /// # Errors
    /// [`AbsenceProblem`].
    pub fn recorded(from: NaiveDate, to: NaiveDate, today: NaiveDate, known: &[Self]) -> Result<Self, AbsenceProblem> {
        let new = Self { from, to };
        let earliest = today.with_day(1).unwrap_or(today);
        if to < from {
            return Err(AbsenceProblem::EndsBeforeItBegins);
        }
        if from < earliest {
            return Err(AbsenceProblem::TooFarBack { earliest });
        }
        if from.checked_add_days(Days::new(Self::MOST_DAYS)).is_none_or(|end| to >= end) {
            return Err(AbsenceProblem::TooLong);
        }
        match known.iter().find(|other| new.overlaps(other)) {
            Some(other) => Err(AbsenceProblem::Overlaps(*other)),
            None => Ok(new),
        }
    }

    /// Whether the person is away on `day`.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether both have a day in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// What is left of it when the person is at work again from `back_on`; nothing if it never began.
    #[must_use]
    pub fn until_back(self, back_on: NaiveDate) -> Option<Self> {
        let last = back_on.pred_opt()?.min(self.to);
        (self.from <= last).then_some(Self { to: last, ..self })
    }
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
        self.absences.iter().any(|absence| absence.covers(day))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Action, Actor, Denied, On, Relation, may};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn recorded(from: &str, to: &str, known: &[Absence]) -> Result<Absence, AbsenceProblem> {
        Absence::recorded(day(from), day(to), day("2026-11-24"), known)
    }

    #[test]
    fn s5_3_an_absence_has_an_order_a_beginning_and_a_bound() {
        assert!(recorded("2026-11-24", "2026-11-24", &[]).is_ok(), "one day");
        assert!(recorded("2026-11-01", "2026-11-03", &[]).is_ok(), "earlier in the present month");
        assert_eq!(recorded("2026-11-25", "2026-11-24", &[]), Err(AbsenceProblem::EndsBeforeItBegins));
        let earliest = day("2026-11-01");
        assert_eq!(recorded("2026-10-31", "2026-11-24", &[]), Err(AbsenceProblem::TooFarBack { earliest }));
        assert!(recorded("2026-11-24", "2027-11-24", &[]).is_ok(), "366 days");
        assert_eq!(recorded("2026-11-24", "2027-11-25", &[]), Err(AbsenceProblem::TooLong));
        assert_eq!(recorded("2026-11-24", "2062-11-24", &[]), Err(AbsenceProblem::TooLong));
    }

    #[test]
    fn s5_3_absences_of_one_person_have_no_day_in_common() {
        let known = Absence { from: day("2026-11-26"), to: day("2026-11-30") };
        for (from, to) in [("2026-11-24", "2026-11-26"), ("2026-11-27", "2026-11-28"), ("2026-11-30", "2026-12-30")] {
            assert_eq!(recorded(from, to, &[known]), Err(AbsenceProblem::Overlaps(known)), "{from} {to}");
        }
        assert!(recorded("2026-11-24", "2026-11-25", &[known]).is_ok());
        assert!(recorded("2026-12-01", "2026-12-01", &[known]).is_ok());
    }

    #[test]
    fn s5_3_who_comes_back_early_is_there_from_that_day_on() {
        let absence = Absence { from: day("2026-11-24"), to: day("2026-11-30") };
        let rest = absence.until_back(day("2026-11-26")).unwrap();
        assert!(rest.covers(day("2026-11-25")) && !rest.covers(day("2026-11-26")), "{rest:?}");
        assert_eq!(absence.until_back(day("2026-11-24")), None, "back on the first day");
        assert_eq!(absence.until_back(day("2026-11-20")), None, "called off before it began");
        assert_eq!(absence.until_back(day("2026-12-20")), Some(absence), "later than it lasts");
    }

    /// S5.3: whoever answers for a person's work may say that it is away, and so may the person itself.
    #[test]
    fn s5_3_who_may_record_an_absence() {
        let mut directory = Directory { business_office: Some("B01".into()), ..Directory::default() };
        for (code, kind) in [("B01", OfficeKind::Bureau), ("B03", OfficeKind::Bureau), ("D15", OfficeKind::Department)]
        {
            let office = Office { code: code.into(), name: code.to_owned(), kind, phone: String::new() };
            directory.offices.insert(code.into(), office);
        }
        let person = |username: &str, role: Role, office: &str| Person {
            username: username.into(),
            name: username.to_owned(),
            roles: BTreeSet::from([role]),
            office: (!office.is_empty()).then(|| office.into()),
            enterprises: Vec::new(),
            phone: String::new(),
            post: String::new(),
            qualified: false,
            active: true,
            absences: Vec::new(),
        };
        let clerk = person("clerk", Role::WindowClerk, "B03");
        let relation = |actor: &Person, of: &Person| {
            may(&Actor::of(actor, &directory), Action::RecordAbsence, On::Person(of)).map(|grant| grant.relation())
        };
        let forbidden = Err(Denied::Forbidden);
        assert_eq!(relation(&clerk, &clerk), Ok(Relation::Oneself));
        assert_eq!(relation(&person("chief", Role::OfficeHead, "B03"), &clerk), Ok(Relation::OfficeHead));
        assert_eq!(relation(&person("head", Role::OfficeHead, "B01"), &clerk), Ok(Relation::BusinessHead));
        assert_eq!(relation(&person("admin", Role::Administrator, "B01"), &clerk), Ok(Relation::Role));
        for (role, office) in [
            (Role::OfficeHead, "D15"),
            (Role::WindowClerk, "B03"),
            (Role::ServiceStaff, "B01"),
            (Role::Supervisor, "B01"),
            (Role::Director, "B01"),
            (Role::Applicant, ""),
        ] {
            assert_eq!(relation(&person("x", role, office), &clerk), forbidden, "{role:?} of {office}");
        }
        let member = person("member", Role::Applicant, "");
        assert_eq!(relation(&member, &member), forbidden, "an enterprise has no absences here");
        assert_eq!(relation(&person("head", Role::OfficeHead, "B01"), &member), forbidden);
    }
}
