//! Reference data: small, held in memory, versioned, swapped whole when it changes.

use crate::AppError;
use crate::absences::{AbsenceView, absences_of_file, take_over};
use crate::app::App;
use chrono::{DateTime, Days, Utc};
use domain::calendar::Calendar;
use domain::case::Policy;
use domain::catalogue::{Catalogue, FeeFile};
use domain::clock::Thresholds;
use domain::ids::{OfficeCode, Username};
use domain::people::{Absence, Directory, Office, OfficeKind, Person, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{AbsenceRecord, PersonRecord, Store};

const CATALOGUE: &str = include_str!("../../../reference/matters.json");
const FEES: &str = include_str!("../../../reference/fees.json");
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
    /// Absences of staff; taken over on import and kept in a table of their own, where later ones are recorded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
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
    /// The language that people chose for their pages.
    pub(crate) languages: BTreeMap<Username, String>,
    /// Recorded absences of staff that lasted until a year ago or longer, by first day.
    pub absences: Vec<AbsenceView>,
}

impl Reference {
    pub(crate) async fn load(store: &Store, now: DateTime<Utc>) -> Result<Self, AppError> {
        let catalogue = stored_or(store, "catalogue", CATALOGUE.to_owned(), now).await?;
        let calendar = stored_or(store, "calendar", CALENDAR.to_owned(), now).await?;
        let hall = stored_or(store, "hall", serde_json::to_string(&HallFile::default())?, now).await?;
        let hall: HallFile = serde_json::from_str(&hall)?;
        let fees = stored_or(store, "fees", FEES.to_owned(), now).await?;
        let catalogue = Catalogue::parse(&catalogue).map_err(|error| AppError::internal("catalogue", &error))?;
        let catalogue = with_fees(catalogue, serde_json::from_str(&fees)?)?;
        let calendar = Calendar::parse(&calendar).map_err(|error| AppError::internal("calendar", &error))?;
        let people = store.persons().await?;
        let chosen = people.iter().filter_map(|person| Some((person.username.clone(), person.language.clone()?)));
        let languages = chosen.collect();
        let today = domain::calendar::today(now);
        let since = today.checked_sub_days(Days::new(366)).unwrap_or(today);
        let absences: Vec<AbsenceView> = store.absences(since).await?.into_iter().map(AbsenceView::from).collect();
        Ok(Self {
            directory: directory(&hall, &catalogue, people, &absences),
            policy: hall.policy.clone(),
            thresholds: Thresholds::default(),
            catalogue,
            calendar,
            hall,
            languages,
            absences,
        })
    }
}

/// The catalogue with the list of fees. A fee of a matter that this catalogue does not have waits until it has.
fn with_fees(catalogue: Catalogue, mut list: FeeFile) -> Result<Catalogue, AppError> {
    list.fees.retain(|fee| catalogue.matter(&fee.matter).is_some());
    catalogue.with_fees(list).map_err(|error| AppError::internal("fees", &error))
}

/// What is stored of a kind, or what the program brings along, which is then stored.
async fn stored_or(store: &Store, kind: &'static str, own: String, now: DateTime<Utc>) -> Result<String, AppError> {
    if let Some((_, body)) = store.reference(kind).await? {
        return Ok(body);
    }
    put(store, kind, own.clone(), now).await?;
    Ok(own)
}

pub(crate) async fn put(store: &Store, kind: &'static str, body: String, now: DateTime<Utc>) -> Result<(), AppError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_reference(kind, &body, now, &Username::from("bangban")).await?;
                Ok::<_, AppError>(())
            })
        })
        .await
}

fn directory(hall: &HallFile, catalogue: &Catalogue, people: Vec<PersonRecord>, absences: &[AbsenceView]) -> Directory {
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
            let own = absences.iter().filter(|absence| absence.person == record.username);
            let days = own.filter_map(AbsenceView::days).collect();
            (record.username.clone(), person(record, days))
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

/// What a file of reference data is to change: kinds with their content, and absences.
struct Import {
    kind: &'static str,
    bodies: Vec<(&'static str, String)>,
    absences: Vec<AbsenceRecord>,
}

impl Import {
    fn of(kind: &'static str, body: &str) -> Self {
        Self { kind, bodies: vec![(kind, body.to_owned())], absences: Vec::new() }
    }

    /// Reads and checks a file; its content tells its kind.
    fn read(json: &str, reference: &Reference, now: DateTime<Utc>) -> Result<Self, AppError> {
        let wrong = |error: &dyn std::fmt::Display| AppError::Unavailable(error.to_string());
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|error| AppError::Unavailable(format!("not JSON: {error}")))?;
        if value.get("matters").is_some() {
            let catalogue = Catalogue::parse(json).map_err(|error| wrong(&error))?;
            let mut import = Self::of("catalogue", json);
            // Fees have one list: those of a catalogue that brings its own go there.
            if !catalogue.fees().is_empty() {
                let list = FeeFile { fees: catalogue.fees().to_vec(), ..FeeFile::default() };
                import.bodies.push(("fees", serde_json::to_string(&list)?));
            }
            return Ok(import);
        }
        if value.get("business_office").is_some() {
            let mut hall: HallFile = serde_json::from_str(json).map_err(|error| wrong(&error))?;
            let absences = std::mem::take(&mut hall.absences);
            check_absences(&absences, &reference.directory)?;
            let mut import = Self::of("hall", &serde_json::to_string(&hall)?);
            import.absences = absences_of_file(&absences, now);
            return Ok(import);
        }
        if value.get("fees").is_some() {
            let list: FeeFile = serde_json::from_str(json).map_err(|error| wrong(&error))?;
            reference.catalogue.clone().with_fees(list).map_err(|error| wrong(&error))?;
            return Ok(Self::of("fees", json));
        }
        Calendar::parse(json).map_err(|error| wrong(&error))?;
        Ok(Self::of("calendar", json))
    }
}

fn check_absences(absences: &BTreeMap<Username, Vec<Absence>>, directory: &Directory) -> Result<(), AppError> {
    for (username, spans) in absences {
        let is_staff = directory.person(username).is_some_and(|person| person.office.is_some());
        if !is_staff {
            return Err(AppError::Unavailable(format!("absences：没有工作人员“{username}”。请先添加，或删去这一行。")));
        }
        if let Some(span) = spans.iter().find(|span| span.to < span.from) {
            let (from, to) = (span.from, span.to);
            let what = format!("absences：{username} 的假期 {from} 至 {to}，末日早于首日。请改正。");
            return Err(AppError::Unavailable(what));
        }
    }
    Ok(())
}

impl App {
    /// Takes over reference data from a file: a catalogue, a list of fees, a calendar, or the hall's own facts, told by its
    /// content. It is checked whole before anything changes. Answers the kind.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub async fn import(&self, json: &str) -> Result<&'static str, AppError> {
        let now = self.now();
        let import = Import::read(json, &self.reference(), now)?;
        let kind = import.kind;
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for (kind, body) in &import.bodies {
                        tx.put_reference(kind, body, now, &Username::from("bangban")).await?;
                    }
                    take_over(tx, &import.absences).await?;
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        self.reload_reference().await?;
        Ok(kind)
    }
}
