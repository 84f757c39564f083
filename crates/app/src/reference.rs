//! Reference data: small, held in memory, versioned, swapped whole when it changes.

use crate::AppError;
use crate::absences::{AbsenceView, absences_of_file, take_over};
use crate::app::App;
use crate::configuration::{Books, KINDS};
use crate::dates::COMPUTED_BY;
use chrono::{DateTime, Days, Utc};
use domain::calendar::{Calendar, CalendarFile};
use domain::case::Policy;
use domain::catalogue::{Catalogue, FeeFile};
use domain::clock::Thresholds;
use domain::ids::{MatterCode, OfficeCode, Username};
use domain::people::{Absence, Directory, Office, OfficeKind, Person, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{AbsenceRecord, NewReference, PersonRecord, Store, Tx};

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
    /// Its windows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<Window>,
}

/// A window of the hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Its number, as on the sign above it.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// The office that sits there.
    pub office: OfficeCode,
    /// The matters that it takes; none: all of its office.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<MatterCode>,
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
            windows: Vec::new(),
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
    /// Which versions these are, by kind.
    pub(crate) versions: BTreeMap<&'static str, i64>,
}

impl Reference {
    pub(crate) async fn load(store: &Store, now: DateTime<Utc>) -> Result<Self, AppError> {
        let mut versions = BTreeMap::new();
        let mut held = Vec::new();
        let hall = serde_json::to_string(&HallFile::default())?;
        let own = [CATALOGUE.to_owned(), hall, CALENDAR.to_owned(), FEES.to_owned()];
        for (kind, own) in KINDS.into_iter().zip(own) {
            let (version, body) = stored_or(store, kind, own, now).await?;
            versions.insert(kind, version);
            held.push(body);
        }
        let [catalogue, hall, calendar, fees] = <[String; 4]>::try_from(held).unwrap_or_default();
        let hall: HallFile = serde_json::from_str(&hall)?;
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
            thresholds: hall.policy.thresholds,
            catalogue,
            calendar,
            hall,
            languages,
            absences,
            versions,
        })
    }
}

impl Reference {
    /// Which version of a kind this is.
    pub(crate) fn version(&self, kind: &str) -> i64 {
        self.versions.get(kind).copied().unwrap_or(0)
    }

    /// The versions that due dates and lights follow: of the calendar, and of the hall's numbers.
    pub(crate) fn dates_follow(&self) -> (i64, i64) {
        (self.version("calendar"), self.version("hall"))
    }
}

/// The catalogue with the list of fees. A fee of a matter that this catalogue does not have waits until it has.
pub(crate) fn with_fees(catalogue: Catalogue, mut list: FeeFile) -> Result<Catalogue, AppError> {
    list.fees.retain(|fee| catalogue.matter(&fee.matter).is_some());
    catalogue.with_fees(list).map_err(|error| AppError::internal("fees", &error))
}

/// What holds of a kind today, or what the program brings along, which is then stored.
async fn stored_or(
    store: &Store,
    kind: &'static str,
    own: String,
    now: DateTime<Utc>,
) -> Result<(i64, String), AppError> {
    if let Some(version) = store.reference_on(kind, domain::calendar::today(now)).await? {
        return Ok((version.version, version.body_json));
    }
    put(store, kind, own.clone(), now).await?;
    if kind == "calendar" {
        put(store, COMPUTED_BY, "1".to_owned(), now).await?;
    }
    Ok((1, own))
}

pub(crate) async fn put(store: &Store, kind: &'static str, body: String, now: DateTime<Utc>) -> Result<(), AppError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.put_reference(&from_now_on(kind, body, now)).await?;
                Ok::<_, AppError>(())
            })
        })
        .await
}

/// A version by the program itself, or by its operator, that holds at once.
fn from_now_on(kind: &str, body_json: String, now: DateTime<Utc>) -> NewReference {
    NewReference {
        kind: kind.to_owned(),
        body_json,
        at: now,
        actor: Username::from("bangban"),
        effective_on: domain::calendar::today(now),
        reason: String::new(),
    }
}

/// A calendar with the years of a file, and with its hall's part if it has one: what the file does not speak of stays.
fn with_years(mut known: CalendarFile, body: &str) -> Result<String, AppError> {
    let wrong = |error: domain::calendar::CalendarError| AppError::Unavailable(error.to_string());
    let file = CalendarFile::parse(body).map_err(wrong)?;
    known.years.extend(file.years);
    known.rest.extend(file.rest);
    known.hall = file.hall.or(known.hall);
    Calendar::build(known.clone()).map_err(wrong)?;
    Ok(serde_json::to_string(&known)?)
}

/// Replaces a kind whole, today and on every later day for which nothing else is planned of it.
async fn put_whole(tx: &mut Tx, kind: &str, body: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    let mut new = from_now_on(kind, body.to_owned(), now);
    let today = Books::on(tx, new.effective_on).await?;
    if kind == "calendar" {
        new.body_json = with_years(today.calendar.clone(), body)?;
    }
    let days = tx.reference_days_after(new.effective_on).await?;
    for day in &days {
        if Books::on(tx, *day).await?.changed(&today).contains(&kind) {
            let what = format!("{day} 起已有等待生效的改动，整份导入会盖掉它。请先在改动记录里撤回，再导入。");
            return Err(AppError::Unavailable(what));
        }
    }
    for effective_on in std::iter::once(new.effective_on).chain(days) {
        tx.put_reference(&NewReference { effective_on, ..new.clone() }).await?;
    }
    Ok(())
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
            if let Some(number) = hall.policy.check().first() {
                return Err(wrong(number));
            }
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
                    tx.lock_configuration().await?;
                    for (kind, body) in &import.bodies {
                        put_whole(tx, kind, body, now).await?;
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
