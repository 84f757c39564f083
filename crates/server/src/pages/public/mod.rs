//! Pages for everybody: what the service is, what can be done, what each matter asks for, whether a paper is genuine.

mod about;
mod check;
mod fees;
mod find;
mod guide;
mod home;

use crate::routes::{Access, Area, Route};
use chrono::{NaiveDate, NaiveTime};
use domain::calendar::Calendar;
use domain::people::{Directory, Office, OfficeKind, Person};

pub(crate) fn routes() -> Vec<Route> {
    use Access::Open;
    let area = Area::Public;
    vec![
        Route::get(area, Open, "/", home::home),
        Route::get(area, Open, "/about", about::about),
        Route::get(area, Open, "/matters", guide::list),
        Route::get(area, Open, "/matters/{code}", guide::guide),
        Route::get(area, Open, "/guide", guide::moved),
        Route::get(area, Open, "/fees", fees::list),
        Route::get(area, Open, "/search", guide::search),
        Route::get(area, Open, "/check", check::ask),
        Route::get(area, Open, "/check/{code}", check::show),
        Route::post(area, Open, "/check/{code}", check::compare),
    ]
}

/// A member of staff as everybody may know it: name, post, office, office telephone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) name: String,
    pub(crate) post: String,
    pub(crate) office: String,
    pub(crate) phone: String,
    /// The colour behind the initial.
    pub(crate) tint: &'static str,
}

impl Card {
    /// The first letter of the name, in place of the photo that is not there yet.
    pub(crate) fn initial(&self) -> String {
        self.name.chars().take(1).collect()
    }

    pub(crate) fn of(person: &Person, directory: &Directory) -> Self {
        let office = person.office.as_ref().map(|code| directory.office_name(code).to_owned()).unwrap_or_default();
        let sum: u32 = person.username.as_str().bytes().map(u32::from).sum();
        let tint = ["", "warm", "leaf"].get((sum % 3) as usize).copied().unwrap_or_default();
        Self { name: person.name.clone(), post: person.post.clone(), office, phone: person.phone.clone(), tint }
    }
}

/// The office that receives visitors: the bureau's window, else the business office.
pub(crate) fn reception(directory: &Directory) -> Option<&Office> {
    let window = directory.offices.values().find(|o| o.kind == OfficeKind::Bureau && o.name.contains("窗口"));
    window.or_else(|| directory.business_office.as_ref().and_then(|code| directory.office(code)))
}

/// The office hours of a day as they are read: `8:30—12:00、14:30—17:30`.
pub(crate) fn hours(calendar: &Calendar, day: NaiveDate) -> String {
    let parts: Vec<String> = calendar.hours().on(day).iter().map(|period| span(period.from, period.to)).collect();
    parts.join("、")
}

fn span(from: NaiveTime, to: NaiveTime) -> String {
    format!("{}—{}", from.format("%-H:%M"), to.format("%-H:%M"))
}
