//! Reference data: small, held in memory, versioned, swapped whole when it changes.

use crate::AppError;
use crate::app::App;
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::case::Policy;
use domain::catalogue::Catalogue;
use domain::clock::Thresholds;
use domain::ids::{OfficeCode, Username};
use domain::people::{Absence, Directory, Office, OfficeKind, Person, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{PersonRecord, Store};

const CATALOGUE: &str = include_str!("../../../reference/matters.json");
const CALENDAR: &str = include_str!("../../../reference/holidays.json");

/// The hall's own facts, as the administrator keeps them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HallFile {
    /// The bureau's name, as documents print it.
    pub bureau: String,
    /// The hall's name.
    pub hall: String,
    /// The business office, which leads (S9.1).
    pub business_office: OfficeCode,
    /// The bureau's own offices; the departments come from the catalogue.
    pub offices: Vec<Office>,
    /// Telephones of departments, by code.
    #[serde(default)]
    pub phones: BTreeMap<OfficeCode, String>,
    /// Recorded absences of staff.
    #[serde(default)]
    pub absences: BTreeMap<Username, Vec<Absence>>,
    /// Limits that the hall sets for itself.
    #[serde(default)]
    pub policy: Policy,
}

impl Default for HallFile {
    /// The hall of the plan: its four offices, to be changed by the administrator.
    fn default() -> Self {
        let office = |code: &str, name: &str| Office {
            code: code.into(),
            name: name.to_owned(),
            kind: OfficeKind::Bureau,
            phone: String::new(),
        };
        Self {
            bureau: "巴林左旗政务服务局".to_owned(),
            hall: "巴林左旗政务服务中心".to_owned(),
            business_office: "B01".into(),
            offices: vec![
                office("B01", "政务服务业务室"),
                office("B02", "政务服务督查室"),
                office("B03", "代办帮办窗口"),
                office("B04", "档案室"),
            ],
            phones: BTreeMap::new(),
            absences: BTreeMap::new(),
            policy: Policy::default(),
        }
    }
}

/// Everything that the rules look up.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Matters, materials, templates.
    pub catalogue: Catalogue,
    /// Working days.
    pub calendar: Calendar,
    /// Offices and people.
    pub directory: Directory,
    /// Limits set by the hall.
    pub policy: Policy,
    /// When a light turns.
    pub thresholds: Thresholds,
    /// The hall's own facts as stored.
    pub hall: HallFile,
}

impl Reference {
    pub(crate) async fn load(store: &Store, now: DateTime<Utc>) -> Result<Self, AppError> {
        let catalogue = stored_or(store, "catalogue", CATALOGUE.to_owned(), now).await?;
        let calendar = stored_or(store, "calendar", CALENDAR.to_owned(), now).await?;
        let hall = stored_or(store, "hall", serde_json::to_string(&HallFile::default())?, now).await?;
        let hall: HallFile = serde_json::from_str(&hall)?;
        let catalogue = Catalogue::parse(&catalogue).map_err(|error| AppError::internal("catalogue", &error))?;
        let calendar = Calendar::parse(&calendar).map_err(|error| AppError::internal("calendar", &error))?;
        let people = store.persons().await?;
        Ok(Self {
            directory: directory(&hall, &catalogue, people),
            policy: hall.policy.clone(),
            thresholds: Thresholds::default(),
            catalogue,
            calendar,
            hall,
        })
    }
}

/// What is stored of a kind, or what the program brings along, which is then stored.
async fn stored_or(store: &Store, kind: &'static str, own: String, now: DateTime<Utc>) -> Result<String, AppError> {
    if let Some((_, body)) = store.reference(kind).await? {
        return Ok(body);
    }
    put(store, kind, own.clone(), now).await?;
    Ok(own)
}

async fn put(store: &Store, kind: &'static str, body: String, now: DateTime<Utc>) -> Result<(), AppError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_reference(kind, &body, now, &Username::from("bangban")).await?;
                Ok::<_, AppError>(())
            })
        })
        .await
}

fn directory(hall: &HallFile, catalogue: &Catalogue, people: Vec<PersonRecord>) -> Directory {
    let departments = catalogue.departments().iter().map(|department| Office {
        code: department.code.clone(),
        name: department.name.clone(),
        kind: if department.enters_hall { OfficeKind::Department } else { OfficeKind::Outside },
        phone: hall.phones.get(&department.code).cloned().unwrap_or_default(),
    });
    let offices = departments.chain(hall.offices.iter().cloned()).map(|office| (office.code.clone(), office)).collect();
    let people = people
        .into_iter()
        .map(|record| {
            let absences = hall.absences.get(&record.username).cloned().unwrap_or_default();
            (record.username.clone(), person(record, absences))
        })
        .collect();
    Directory {
        bureau: hall.bureau.clone(),
        hall: hall.hall.clone(),
        business_office: Some(hall.business_office.clone()),
        offices,
        people,
    }
}

/// A person as the rules see it. The telephone of an enterprise's member is private and stays out.
pub(crate) fn person(record: PersonRecord, absences: Vec<Absence>) -> Person {
    let is_staff = record.office.is_some();
    Person {
        username: record.username,
        name: record.name,
        roles: record.roles.iter().filter_map(|name| Role::parse(name)).collect(),
        office: record.office,
        enterprises: record.enterprises,
        phone: record.phone.filter(|_| is_staff).unwrap_or_default(),
        post: record.post.unwrap_or_default(),
        qualified: record.qualified,
        active: record.active,
        absences,
    }
}

impl App {
    /// Takes over reference data from a file: a catalogue, a calendar, or the hall's own facts, told by its content. It is
    /// checked whole before anything changes.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub async fn import(&self, json: &str) -> Result<&'static str, AppError> {
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|error| AppError::Unavailable(format!("not JSON: {error}")))?;
        let kind = if value.get("matters").is_some() {
            Catalogue::parse(json).map_err(|error| AppError::Unavailable(error.to_string()))?;
            "catalogue"
        } else if value.get("business_office").is_some() {
            serde_json::from_str::<HallFile>(json).map_err(|error| AppError::Unavailable(error.to_string()))?;
            "hall"
        } else {
            Calendar::parse(json).map_err(|error| AppError::Unavailable(error.to_string()))?;
            "calendar"
        };
        put(&self.inner.store, kind, json.to_owned(), self.now()).await?;
        self.reload_reference().await?;
        Ok(kind)
    }
}
