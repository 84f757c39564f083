//! The calendar as it is written in a file: the years of the State Council, and beside them the hall's own days and hours.

use super::{CalendarError, OfficeHours};
use crate::ids::OfficeCode;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The key of the hall's own part.
const HALL: &str = "_hall";

/// One year of the State Council's arrangement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearFile {
    /// Every day off, weekends inside a holiday included.
    pub off: Vec<NaiveDate>,
    /// Weekend days that are worked.
    pub work: Vec<NaiveDate>,
    /// What the file says beside that.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A day on which the hall is closed by a local document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// The day.
    pub date: NaiveDate,
    /// The number of the document that orders it.
    pub document: String,
    /// Why, such as weather or 那达慕.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A session after hours (延时服务).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The day.
    pub date: NaiveDate,
    /// From this time.
    pub from: NaiveTime,
    /// Up to this time.
    pub to: NaiveTime,
    /// The office that is there; none: all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeCode>,
}

impl Session {
    pub(super) fn covers(&self, now: NaiveDateTime) -> bool {
        self.date == now.date() && self.from <= now.time() && now.time() < self.to
    }
}

/// The hall's own days and hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HallDays {
    /// Local closures.
    #[serde(default)]
    pub closures: Vec<Closure>,
    /// Office hours with their seasons.
    #[serde(default)]
    pub hours: OfficeHours,
    /// Sessions after hours.
    #[serde(default)]
    pub sessions: Vec<Session>,
}

/// The calendar file: unchecked, and free to edit before [`super::Calendar::build`] checks it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarFile {
    /// The years whose arrangement is published.
    pub years: BTreeMap<i32, YearFile>,
    /// The hall's own part.
    pub hall: Option<HallDays>,
    /// Other keys that begin with `_`, kept as they came.
    pub rest: Map<String, Value>,
}

impl CalendarFile {
    /// Reads a file: an object from year to `{off, work}`, with the hall's own part under `_hall`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        let unreadable = |e: &serde_json::Error| CalendarError::Unreadable { line: e.line(), what: e.to_string() };
        let map: Map<String, Value> = serde_json::from_str(json).map_err(|e| unreadable(&e))?;
        let mut file = Self::default();
        for (key, value) in map {
            if key == HALL {
                file.hall = Some(serde_json::from_value(value).map_err(|e| unreadable(&e))?);
            } else if key.starts_with('_') {
                file.rest.insert(key, value);
            } else {
                let year: i32 = key.parse().map_err(|_| CalendarError::Year(key))?;
                file.years.insert(year, serde_json::from_value(value).map_err(|e| unreadable(&e))?);
            }
        }
        Ok(file)
    }

    /// The year under which a day stands in the file; a New Year's holiday may stand under the neighbouring year.
    #[must_use]
    pub fn year_of(&self, date: NaiveDate) -> i32 {
        let holds = |year: &&i32| self.years.get(year).is_some_and(|days| days.off.contains(&date));
        self.years.keys().find(holds).copied().unwrap_or_else(|| date.year())
    }
}

impl Serialize for CalendarFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        for (year, days) in &self.years {
            map.serialize_entry(&year.to_string(), days)?;
        }
        for (key, value) in &self.rest {
            map.serialize_entry(key, value)?;
        }
        if let Some(hall) = &self.hall {
            map.serialize_entry(HALL, hall)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for CalendarFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Value::deserialize(deserializer)?;
        Self::parse(&map.to_string()).map_err(D::Error::custom)
    }
}
