//! The names that sentences of the desk need: offices, people, matters, materials, places, states.

use crate::i18n::Lang;
use chrono::{DateTime, NaiveDate, Utc};
use domain::case::{Case, CaseMatter, GreenMeasure, MatterStatus, Outcome, Status};
use domain::catalogue::{Catalogue, Limit, Mode};
use domain::clock::Light;
use domain::custody::{Item, PieceForm, Place};
use domain::ids::{ItemId, MaterialId, MatterCode, OfficeCode, Username};
use domain::people::Directory;

/// What names are looked up in, for one case.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) l: Lang,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) directory: &'a Directory,
    pub(crate) case: &'a Case,
    pub(crate) now: DateTime<Utc>,
}

impl Names<'_> {
    pub(crate) fn t(&self, key: &str) -> String {
        self.l.t(key).into_owned()
    }

    pub(crate) fn tr(&self, key: &str, params: &[(&str, &str)]) -> String {
        self.l.tr(key, params)
    }

    pub(crate) fn today(&self) -> NaiveDate {
        domain::calendar::today(self.now)
    }

    pub(crate) fn office(&self, code: &OfficeCode) -> String {
        self.directory.office_name(code).to_owned()
    }

    /// The person's name; the program's own name where it acted by itself.
    pub(crate) fn person(&self, username: &Username) -> String {
        if username.as_str() == "bangban" {
            return self.t("staff.program");
        }
        self.directory.person_name(username).to_owned()
    }

    pub(crate) fn matter(&self, code: &MatterCode) -> String {
        self.catalogue.matter(code).map_or_else(|| code.to_string(), |matter| matter.name.clone())
    }

    pub(crate) fn matters<'c>(&self, codes: impl IntoIterator<Item = &'c MatterCode>) -> String {
        self.shortened(codes.into_iter().map(|code| self.quoted(&self.matter(code))).collect())
    }

    pub(crate) fn material(&self, id: &MaterialId) -> String {
        self.case.material(id).map_or_else(|| id.to_string(), |material| material.spec.name.clone())
    }

    pub(crate) fn materials<'c>(&self, ids: impl IntoIterator<Item = &'c MaterialId>) -> String {
        self.shortened(ids.into_iter().map(|id| self.quoted(&self.material(id))).collect())
    }

    pub(crate) fn item(&self, id: &ItemId) -> String {
        self.case.item(id).map_or_else(|| id.to_string(), |item| self.material(&item.material))
    }

    pub(crate) fn items<'c>(&self, ids: impl IntoIterator<Item = &'c ItemId>) -> String {
        self.shortened(ids.into_iter().map(|id| self.quoted(&self.item(id))).collect())
    }

    pub(crate) fn quoted(&self, name: &str) -> String {
        self.tr("staff.quoted", &[("name", name)])
    }

    /// The first three of a list, and how many there are.
    fn shortened(&self, names: Vec<String>) -> String {
        if names.len() <= 4 {
            return self.l.list(&names);
        }
        let first = self.l.list(&names[..3]);
        self.tr("staff.and_more", &[("names", &first), ("count", &names.len().to_string())])
    }

    pub(crate) fn place(&self, place: &Place) -> String {
        match place {
            Place::Client => self.t("staff.place.client"),
            Place::Person(person) => self.person(person),
            Place::Office(office) => self.office(office),
            Place::Window(window) => window.clone(),
            Place::Courier { carrier, number } => {
                self.tr("staff.place.courier", &[("carrier", carrier), ("number", number)])
            }
            Place::Kept { office, reason } => {
                self.tr("staff.place.kept", &[("office", &self.office(office)), ("reason", reason)])
            }
        }
    }

    pub(crate) fn form(&self, form: PieceForm) -> String {
        self.t(match form {
            PieceForm::Original => "staff.form.original",
            PieceForm::Copy => "staff.form.copy",
            PieceForm::Electronic => "staff.form.electronic",
        })
    }

    /// `原件 12 页`, `复印件 3 页 2 份`.
    pub(crate) fn piece(&self, item: &Item) -> String {
        let key = if item.copies > 1 { "staff.piece_copies" } else { "staff.piece" };
        let (pages, copies) = (item.pages.to_string(), item.copies.to_string());
        self.tr(key, &[("form", &self.form(item.form)), ("pages", &pages), ("copies", &copies)])
    }

    /// The name of a milestone of the catalogue.
    pub(crate) fn milestone(&self, code: &str) -> String {
        let known = self.catalogue.milestones().iter().find(|milestone| milestone.code == code);
        known.map_or_else(|| code.to_owned(), |milestone| milestone.name.clone())
    }

    /// What is done on the green channel, in words.
    pub(crate) fn measures(&self, measures: &[GreenMeasure]) -> String {
        let words: Vec<String> =
            measures.iter().map(|measure| self.t(&format!("staff.measure.{}", measure.name()))).collect();
        self.l.list(&words)
    }

    pub(crate) fn mode(&self, mode: Mode) -> String {
        mode_name(self.l, mode)
    }

    pub(crate) fn date(&self, date: NaiveDate) -> String {
        self.l.date_seen(date, self.today())
    }

    pub(crate) fn day(&self, at: DateTime<Utc>) -> String {
        self.l.day(domain::calendar::today(at))
    }

    /// `7 个工作日`, `20 日`, or nothing where no limit is set.
    pub(crate) fn limit(&self, limit: Option<&Limit>) -> String {
        let Some(limit) = limit else {
            return self.t("staff.limit.none");
        };
        let key = match limit.unit {
            domain::catalogue::DayUnit::WorkingDay => "staff.limit.working",
            domain::catalogue::DayUnit::NaturalDay => "staff.limit.natural",
        };
        self.tr(key, &[("days", &limit.days.to_string())])
    }
}

/// 全程代办, 帮办陪同.
pub(crate) fn mode_name(l: Lang, mode: Mode) -> String {
    match mode {
        Mode::Agency => l.t("staff.mode.agency"),
        Mode::Assistance => l.t("staff.mode.assistance"),
    }
    .into_owned()
}

/// A case's status as a word.
pub(crate) fn status_word(l: Lang, status: &str) -> String {
    l.t(&format!("staff.status.{status}")).into_owned()
}

/// The class of a case status' shape.
pub(crate) fn status_class(status: Status) -> &'static str {
    match status {
        Status::Submitted | Status::Accepted => "wait",
        Status::Preparing | Status::Running | Status::Delivering => "now",
        Status::Suspended => "halt",
        Status::Ended | Status::Archived => "ok",
        Status::Withdrawn | Status::Terminated => "idle",
    }
}

/// A light by its name in columns.
pub(crate) fn light_of(name: &str) -> Light {
    match name {
        "green" => Light::Green,
        "yellow" => Light::Yellow,
        "red" => Light::Red,
        "purple" => Light::Purple,
        _ => Light::Grey,
    }
}

/// The class of a light's shape.
pub(crate) fn light_class(light: Light) -> &'static str {
    match light {
        Light::Green => "ok",
        Light::Yellow => "wait",
        Light::Red => "over",
        Light::Purple => "halt",
        Light::Grey => "idle",
    }
}

/// A light as a word, with what is left: `黄灯，还剩 2 个工作日`.
pub(crate) fn light_word(l: Lang, light: Light, left: Option<i64>) -> String {
    let name = l
        .t(match light {
            Light::Green => "staff.light.green",
            Light::Yellow => "staff.light.yellow",
            Light::Red => "staff.light.red",
            Light::Purple => "staff.light.purple",
            Light::Grey => "staff.light.grey",
        })
        .into_owned();
    match (light, left) {
        (Light::Green | Light::Yellow | Light::Red, Some(left)) => {
            let rest = l.working_days_left(left);
            l.tr("staff.light.with_rest", &[("light", &name), ("rest", &rest)])
        }
        _ => name,
    }
}

/// Where a matter stands, as a word and the class of its shape.
pub(crate) fn matter_word(names: &Names<'_>, matter: &CaseMatter, light: Light) -> (&'static str, String) {
    let open = names.case.open_prerequisites(matter);
    match matter.status {
        MatterStatus::Finished => finished_word(names, matter),
        MatterStatus::Stopped => {
            let last = matter.clock.as_ref().and_then(|clock| clock.intervals.last());
            let name = last.and_then(|i| i.name.clone()).unwrap_or_default();
            if last.is_some_and(|i| i.kind == domain::clock::IntervalKind::Special) {
                ("halt", names.tr("staff.matter.special", &[("name", &name)]))
            } else {
                ("wait", names.t("staff.matter.correction"))
            }
        }
        MatterStatus::Submitted => (
            light_class(light),
            names.t(match light {
                Light::Red => "staff.matter.overdue",
                Light::Yellow => "staff.matter.soon",
                Light::Purple => "staff.matter.paused",
                Light::Green => "staff.matter.running_green",
                Light::Grey => "staff.matter.running",
            }),
        ),
        _ if matter.accepted_at_window.is_some() && matter.submitted_at.is_none() => {
            ("ok", names.t("staff.matter.at_window"))
        }
        MatterStatus::Declined => ("over", names.t("staff.matter.declined")),
        _ if !open.is_empty() => ("idle", names.tr("staff.matter.after", &[("matter", &names.matter(open[0]))])),
        MatterStatus::Offered if !matter.outside => ("wait", names.t("staff.matter.offered")),
        MatterStatus::Planned => ("idle", names.t("staff.matter.planned")),
        MatterStatus::Offered | MatterStatus::Claimed => waiting_word(names, matter),
    }
}

fn finished_word(names: &Names<'_>, matter: &CaseMatter) -> (&'static str, String) {
    match matter.outcome {
        Some(Outcome::Refused) => ("over", names.t("staff.matter.refused")),
        Some(Outcome::NotNeeded) => ("idle", names.t("staff.matter.not_needed")),
        _ => ("ok", names.t("staff.matter.granted")),
    }
}

/// A claimed matter: what it still waits for.
fn waiting_word(names: &Names<'_>, matter: &CaseMatter) -> (&'static str, String) {
    let code = &matter.scope.code;
    if names.case.lacking(code).next().is_some() {
        return ("wait", names.t("staff.matter.materials"));
    }
    if names.case.lacking_for_submission(code).next().is_some() {
        return ("wait", names.t("staff.matter.signature"));
    }
    ("now", names.t("staff.matter.ready"))
}
