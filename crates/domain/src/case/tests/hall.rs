//! A hall for the tests: the real catalogue and calendar, the bureau's offices, one head per department, and a clock
//! that stands still.

use crate::access::Actor;
use crate::calendar::{Calendar, utc};
use crate::case::{Facts, Policy};
use crate::catalogue::{Catalogue, CatalogueFile, Fee};
use crate::custody::FileRef;
use crate::ids::{FileId, OfficeCode, PartyId, Username};
use crate::people::{Absence, Directory, Office, OfficeKind, Person, Role};
use chrono::{DateTime, NaiveDateTime, Utc};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A telephone of a person that no event may ever carry.
pub(super) const PHONE: &str = "13800138000";

/// An identity number that no event may ever carry (made up, born in 1900).
pub(super) const ID_NUMBER: &str = "150402190001010014";

/// An address that no event may ever carry.
pub(super) const ADDRESS: &str = "林东镇契丹大街12号3单元";

/// Files that a test may name, by media type.
pub(super) const PICTURE: &str = "f-png";
pub(super) const SCAN: &str = "f-pdf";
pub(super) const TEXT: &str = "f-txt";

/// The hall at a moment.
#[derive(Clone)]
pub(super) struct Hall {
    pub(super) directory: Directory,
    pub(super) policy: Policy,
    pub(super) files: BTreeMap<FileId, FileRef>,
    pub(super) now: DateTime<Utc>,
}

/// The catalogue of the reference file, with two fees: the file has none.
pub(super) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let text = include_str!("../../../../../reference/matters.json");
        let mut file: CatalogueFile = serde_json::from_str(text).unwrap();
        file.fees = vec![Fee {
            matter: "YS-08".into(),
            name: "不动产登记费".to_owned(),
            legal_basis: "《不动产登记收费标准》".to_owned(),
            payee: "旗不动产登记中心".to_owned(),
            standard: String::new(),
            source: String::new(),
            verified: true,
        }];
        Catalogue::build(file).unwrap()
    })
}

/// The calendar of the reference file.
pub(super) fn calendar() -> &'static Calendar {
    static CALENDAR: OnceLock<Calendar> = OnceLock::new();
    CALENDAR.get_or_init(|| Calendar::parse(include_str!("../../../../../reference/holidays.json")).unwrap())
}

/// A moment in the hall's own time.
pub(super) fn at(text: &str) -> DateTime<Utc> {
    utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

impl Hall {
    pub(super) fn new() -> Self {
        Self { directory: directory(), policy: Policy::default(), files: files(), now: at("2026-03-02 09:00") }
    }

    pub(super) fn facts<'a>(&'a self, head: Option<&'a str>) -> Facts<'a> {
        Facts {
            now: self.now,
            calendar: calendar(),
            catalogue: catalogue(),
            directory: &self.directory,
            policy: &self.policy,
            files: &self.files,
            head,
        }
    }

    pub(super) fn actor(&self, name: &str) -> Actor {
        let person = self.directory.person(&name.into()).unwrap_or_else(|| panic!("nobody is called {name}"));
        Actor::of(person, &self.directory)
    }

    /// Records an absence of so many days from today on.
    pub(super) fn is_away(&mut self, name: &str, days: u64) {
        let from = crate::calendar::today(self.now);
        let to = from + chrono::Days::new(days);
        self.directory.people.get_mut(&Username::from(name)).unwrap().absences.push(Absence { from, to });
    }

    /// Ends every absence.
    pub(super) fn all_are_back(&mut self) {
        self.directory.people.values_mut().for_each(|person| person.absences.clear());
    }
}

fn files() -> BTreeMap<FileId, FileRef> {
    let file = |id: &str, media_type: &str| {
        let hash = format!("{:064x}", id.len() * 1000 + media_type.len());
        (FileId::from(id), FileRef { id: id.into(), hash, media_type: media_type.to_owned() })
    };
    BTreeMap::from([file(PICTURE, "image/png"), file(SCAN, "application/pdf"), file(TEXT, "text/plain")])
}

fn directory() -> Directory {
    let mut directory = Directory {
        bureau: "巴林左旗政务服务局".to_owned(),
        hall: "巴林左旗政务服务中心".to_owned(),
        business_office: Some("B01".into()),
        ..Directory::default()
    };
    for (code, name) in [("B01", "政务服务业务室"), ("B02", "督查室"), ("B03", "代办帮办窗口"), ("B04", "档案室")]
    {
        open(&mut directory, code, name, OfficeKind::Bureau);
    }
    for department in catalogue().departments() {
        let kind = if department.enters_hall { OfficeKind::Department } else { OfficeKind::Outside };
        open(&mut directory, department.code.as_str(), &department.name, kind);
        if department.enters_hall {
            let name = format!("office-{}", department.code.as_str().to_lowercase());
            hire(&mut directory, &name, Role::OfficeHead, Some(department.code.as_str()));
        }
    }
    for (name, role, office) in [
        ("head", Role::OfficeHead, "B01"),
        ("agent", Role::ServiceStaff, "B01"),
        ("agent2", Role::ServiceStaff, "B01"),
        ("agent3", Role::ServiceStaff, "B01"),
        ("novice", Role::ServiceStaff, "B01"),
        ("clerk", Role::WindowClerk, "B03"),
        ("window-d15", Role::WindowClerk, "D15"),
        ("archivist", Role::Archivist, "B04"),
        ("supervisor", Role::Supervisor, "B02"),
        ("director", Role::Director, "B02"),
        ("admin", Role::Administrator, "B01"),
    ] {
        hire(&mut directory, name, role, Some(office));
    }
    for (name, party) in [("enterprise", "p-own"), ("stranger", "p-other")] {
        hire(&mut directory, name, Role::Applicant, None);
        let person = directory.people.get_mut(&Username::from(name)).unwrap();
        person.enterprises = vec![PartyId::from(party)];
        person.phone = PHONE.to_owned();
    }
    for name in ["agent", "agent2", "agent3"] {
        directory.people.get_mut(&Username::from(name)).unwrap().qualified = true;
    }
    directory
}

fn open(directory: &mut Directory, code: &str, name: &str, kind: OfficeKind) {
    let office = Office { code: code.into(), name: name.to_owned(), kind, phone: String::new() };
    directory.offices.insert(code.into(), office);
}

fn hire(directory: &mut Directory, name: &str, role: Role, office: Option<&str>) {
    let person = Person {
        username: name.into(),
        name: format!("{name}本人"),
        roles: [role].into(),
        office: office.map(OfficeCode::from),
        enterprises: Vec::new(),
        phone: String::new(),
        post: String::new(),
        qualified: false,
        active: true,
        absences: Vec::new(),
    };
    directory.people.insert(name.into(), person);
}
