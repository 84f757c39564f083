//! Whose time a case took, how far it is outside, and what was agreed about its order, as `GET /cases/{id}` shows it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{Case, CaseTimes, Goal, Lifted, OutsideRecord, Trips};
use domain::clock::TimeSplit;
use serde::Serialize;
use utoipa::ToSchema;

/// Working days, by whose they were; they add up to the life of the clock.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimeJson {
    /// The office's.
    office: u32,
    /// The enterprise's (补正).
    enterprise: u32,
    /// Of special procedures.
    special: u32,
    /// In which the case rested.
    suspended: u32,
    /// Of a body outside the banner: never counted against the banner.
    outside: u32,
}

impl From<TimeSplit> for TimeJson {
    fn from(split: TimeSplit) -> Self {
        let TimeSplit { office, enterprise, special, suspended, outside } = split;
        Self { office, enterprise, special, suspended, outside }
    }
}

/// Whose time the case took so far; matters that ran in parallel each count.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimesJson {
    total: TimeJson,
    offices: Vec<OfficeTimeJson>,
    /// Nobody for the enterprise's own members.
    people: Vec<PersonTimeJson>,
}

/// The time of the matters that an office holds.
#[derive(Debug, Serialize, ToSchema)]
struct OfficeTimeJson {
    office: String,
    time: TimeJson,
}

/// Working days of a person.
#[derive(Debug, Serialize, ToSchema)]
struct PersonTimeJson {
    person: String,
    /// As the agent: until a matter that could be submitted was.
    agent: u32,
    /// On the matters that it claimed for its office.
    office: u32,
}

impl From<CaseTimes> for TimesJson {
    fn from(times: CaseTimes) -> Self {
        let office = |(office, split): (domain::ids::OfficeCode, TimeSplit)| OfficeTimeJson {
            office: office.0,
            time: split.into(),
        };
        let people = times.people.into_iter();
        let people = people.map(|(who, time)| PersonTimeJson { person: who.0, agent: time.agent, office: time.office });
        Self {
            total: times.total.into(),
            offices: times.offices.into_iter().map(office).collect(),
            people: people.collect(),
        }
    }
}

/// The day on which a milestone is wanted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseGoalJson {
    milestone: String,
    date: NaiveDate,
    /// Not told to the enterprise.
    #[schema(required)]
    by: Option<String>,
    at: DateTime<Utc>,
}

impl CaseGoalJson {
    /// The goal; with `people` who set it.
    pub(super) fn of(goal: &Goal, people: bool) -> Self {
        let by = people.then(|| goal.by.0.clone());
        Self { milestone: goal.milestone.clone(), date: goal.date, by, at: goal.at }
    }
}

/// Trips of the case (少跑腿).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TripsJson {
    /// Days on which the client came: applied at the window, brought pieces on paper, went along to a window, collected or took back.
    made: u32,
    /// By staff: submissions in the client's stead, and escorts.
    by_staff: u32,
    /// That the client did not have to make: matters submitted in its stead, results on paper fetched for it, results sent,
    /// remote sessions.
    saved: u32,
}

impl From<Trips> for TripsJson {
    fn from(trips: Trips) -> Self {
        Self { made: trips.made, by_staff: trips.by_staff, saved: trips.saved }
    }
}

/// What is known of a matter outside: the line of the outside ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OutsideJson {
    /// `not_filed`, `filed`, `accepted`, `correcting`, `in_review`, `decided`.
    state: String,
    #[schema(required)]
    number: Option<String>,
    /// The id of the receipt's file.
    #[schema(required)]
    receipt: Option<String>,
    /// Not told to the enterprise.
    #[schema(required)]
    checked_by: Option<String>,
    checked_at: DateTime<Utc>,
    noted_at: DateTime<Utc>,
    /// Entered long after the fact.
    late: bool,
}

impl OutsideJson {
    /// The line; with `people` who looked.
    pub(super) fn of(record: &OutsideRecord, people: bool) -> Self {
        Self {
            state: record.state.name().to_owned(),
            number: record.number.clone(),
            receipt: record.receipt.as_ref().map(|file| file.id.to_string()),
            checked_by: people.then(|| record.checked_by.0.clone()),
            checked_at: record.checked_at,
            noted_at: record.noted_at,
            late: record.late,
        }
    }
}

/// A step of the usual order that was lifted by a preliminary look (预审).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LiftedJson {
    before: String,
    opinion: String,
    /// Not told to the enterprise.
    #[schema(required)]
    by: Option<String>,
    at: DateTime<Utc>,
}

impl LiftedJson {
    /// The step; with `people` who gave the opinion.
    pub(super) fn of(lifted: &Lifted, people: bool) -> Self {
        let Lifted { before, opinion, by, at } = lifted;
        let by = people.then(|| by.0.clone());
        Self { before: before.to_string(), opinion: opinion.clone(), by, at: *at }
    }
}

/// Whose time the case took until now; with `people` also by person.
pub(super) fn times(case: &Case, calendar: &domain::calendar::Calendar, now: DateTime<Utc>, people: bool) -> TimesJson {
    let mut times = TimesJson::from(case.times(calendar, now));
    times.people.retain(|_| people);
    times
}
