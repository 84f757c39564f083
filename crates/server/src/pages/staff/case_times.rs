//! Whose time a case took, in working days: told apart for the case, each office and each person (S9.1).

use super::names::Names;
use app::OpenCase;
use domain::clock::TimeSplit;

/// The working days of an office, or of all: its own, the enterprise's, of special procedures, of bodies outside, at rest.
pub(super) struct OfficeTime {
    pub(super) name: String,
    pub(super) days: [u32; 5],
}

/// The working days of a person: until what could be submitted was, and on what was claimed.
pub(super) struct PersonTime {
    pub(super) name: String,
    pub(super) agent: u32,
    pub(super) office: u32,
}

/// Both tables; empty until something was submitted or waited for.
pub(super) struct Times {
    pub(super) total: OfficeTime,
    pub(super) offices: Vec<OfficeTime>,
    pub(super) people: Vec<PersonTime>,
}

/// The times of the case so far, the longest first.
pub(super) fn times(names: &Names<'_>, open: &OpenCase) -> Times {
    let times = names.case.times(&open.reference.calendar, names.now);
    let of = |name: String, split: TimeSplit| {
        let TimeSplit { office, enterprise, special, suspended, outside } = split;
        OfficeTime { name, days: [office, enterprise, special, outside, suspended] }
    };
    let mut offices: Vec<OfficeTime> =
        times.offices.iter().map(|(code, split)| of(names.office(code), *split)).collect();
    offices.sort_by_key(|office| std::cmp::Reverse(office.days.iter().sum::<u32>()));
    let person = |(who, time): (&domain::ids::Username, &domain::case::PersonTime)| PersonTime {
        name: names.person(who),
        agent: time.agent,
        office: time.office,
    };
    let mut people: Vec<PersonTime> = times.people.iter().map(person).collect();
    people.sort_by_key(|person| std::cmp::Reverse(person.agent + person.office));
    Times { total: of(names.t("staff.times.total"), times.total), offices, people }
}
