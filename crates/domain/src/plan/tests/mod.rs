mod cases;
mod forecast;
mod schedule;
mod template;

use super::{ItemState, PlanItem};
use crate::calendar::Calendar;
use crate::catalogue::Catalogue;
use crate::ids::MatterCode;
use chrono::NaiveDate;
use std::sync::OnceLock;

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::parse(include_str!("../../../../../reference/matters.json")).unwrap())
}

fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::parse(include_str!("../../../../../reference/holidays.json")).unwrap())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A Wednesday without holidays near it.
fn today() -> NaiveDate {
    day("2026-03-11")
}

/// A matter that takes so many days after these others.
fn item(code: &str, days: u32, hard: &[&str]) -> PlanItem {
    PlanItem {
        code: code.into(),
        office: "D01".into(),
        outside: false,
        person: None,
        state: if hard.is_empty() { ItemState::Ready } else { ItemState::Waiting },
        days,
        special: 0,
        hard: hard.iter().map(|code| MatterCode::from(*code)).collect(),
        soft: Vec::new(),
        pace: 100,
        late: 0,
        prompt: false,
    }
}

fn codes(codes: &[MatterCode]) -> Vec<&str> {
    codes.iter().map(MatterCode::as_str).collect()
}
