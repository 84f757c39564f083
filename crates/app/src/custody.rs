//! Who holds what, since when: the pieces of every case that the person may see, in one list (S2.1, S6.3).

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::lists::visibility;
use crate::reference::Reference;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::access::{Action, On, may};
use domain::calendar::{today, utc};
use domain::custody::{PieceForm, PlaceKind, overdue_since};
use domain::ids::{CaseId, ItemId};
use std::collections::BTreeMap;
use store::{CaseFilter, CustodyFilter, CustodyRow};

/// Lines of a page.
const MOST: u64 = 100;

/// What the list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustodyQuery {
    /// At places of this kind; else everything that has still to come back.
    pub place: Option<PlaceKind>,
    /// Originals that have been in one place for too long.
    pub overdue: bool,
    /// Only those whose holder has not said so.
    pub untaken: bool,
    /// With this text in case, piece or holder.
    pub q: Option<String>,
    /// In which order.
    pub order: store::CustodyOrder,
    /// Lines to pass over.
    pub skip: u64,
}

/// A piece and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodyView {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Enterprise and project.
    pub title: String,
    /// The piece.
    pub item: ItemId,
    /// Its material, and what tells it from others of the same.
    pub name: String,
    /// `original` or `copy`.
    pub form: String,
    /// The kind of place.
    pub place: PlaceKind,
    /// Who or what it is among places of this kind: user name, office, window, waybill.
    pub key: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Working days there.
    pub days: i64,
    /// An original that lies there for longer than the hall allows.
    pub overdue: bool,
    /// Whoever has it has not said so yet.
    pub untaken: bool,
    /// The client gets it back.
    pub to_return: bool,
}

/// The list, with what it is counted by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustodyList {
    /// A page of it.
    pub rows: Vec<CustodyView>,
    /// So many were asked for.
    pub total: u64,
    /// So many of all that may be seen are at places of each kind.
    pub places: BTreeMap<&'static str, u64>,
    /// So many of those that are out have been in one place for too long.
    pub overdue: u64,
    /// Of so many of them the holder has not said so.
    pub untaken: u64,
    /// How many lines to pass over for the next page.
    pub next: Option<u64>,
}

impl App {
    /// A page of who holds what in the cases that the person may see.
    ///
    /// # Errors
    /// Forbidden; what the store says.
    pub async fn custody(&self, user: &User, query: &CustodyQuery) -> Result<CustodyList, AppError> {
        may(&user.actor, Action::ListCases, On::Hall)?;
        let (reference, on) = (self.reference(), today(self.now()));
        let last = last_day(&reference, on);
        let all = all_for(user, query, &reference);
        let asked = narrowed(all.clone(), query, last);
        let rows = self.inner.store.list_custody(&asked, query.order, query.skip, MOST).await?;
        let out = CustodyFilter { places: names(&PlaceKind::OUT), ..all.clone() };
        let total = self.sum(&asked).await?;
        let next = query.skip.saturating_add(MOST);
        Ok(CustodyList {
            rows: rows.into_iter().filter_map(|row| view(row, &reference, on, last)).collect(),
            total,
            places: self.by_place(&all).await?,
            overdue: self.sum(&overdue(out.clone(), last)).await?,
            untaken: self.sum(&CustodyFilter { untaken: true, ..out }).await?,
            next: (total > next).then_some(next),
        })
    }

    async fn by_place(&self, filter: &CustodyFilter) -> Result<BTreeMap<&'static str, u64>, AppError> {
        let counts = self.inner.store.count_custody(filter).await?.into_iter();
        let known = counts.filter_map(|count| {
            Some((PlaceKind::parse(&count.place)?.name(), u64::try_from(count.count).unwrap_or(0)))
        });
        Ok(known.collect())
    }

    async fn sum(&self, filter: &CustodyFilter) -> Result<u64, AppError> {
        Ok(self.by_place(filter).await?.values().sum())
    }
}

/// Every paper piece of the cases that the person may see, with the text that was typed.
fn all_for(user: &User, query: &CustodyQuery, reference: &Reference) -> CustodyFilter {
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    CustodyFilter {
        cases: CaseFilter { visible_to: visibility(user), ..CaseFilter::default() },
        forms: [PieceForm::Original, PieceForm::Copy].map(|form| form.name().to_owned()).to_vec(),
        q: q.map(|q| (q.to_owned(), holders(reference, q))),
        ..CustodyFilter::default()
    }
}

/// User names and offices whose names have this text in them.
fn holders(reference: &Reference, q: &str) -> Vec<String> {
    let directory = &reference.directory;
    let people =
        directory.people.values().filter(|person| person.name.contains(q)).map(|person| person.username.0.clone());
    let offices =
        directory.offices.values().filter(|office| office.name.contains(q)).map(|office| office.code.0.clone());
    people.chain(offices).collect()
}

fn narrowed(all: CustodyFilter, query: &CustodyQuery, last: NaiveDate) -> CustodyFilter {
    let places = query.place.map_or_else(|| names(&PlaceKind::OUT), |place| names(&[place]));
    let asked = CustodyFilter { places, untaken: query.untaken, ..all };
    if query.overdue { overdue(asked, last) } else { asked }
}

fn overdue(filter: CustodyFilter, last: NaiveDate) -> CustodyFilter {
    CustodyFilter {
        forms: vec![PieceForm::Original.name().to_owned()],
        since_before: Some(utc((last + Days::new(1)).and_time(NaiveTime::MIN))),
        ..filter
    }
}

fn names(kinds: &[PlaceKind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.name().to_owned()).collect()
}

fn last_day(reference: &Reference, on: NaiveDate) -> NaiveDate {
    overdue_since(&reference.calendar, reference.policy.custody_days, on)
}

fn view(row: CustodyRow, reference: &Reference, on: NaiveDate, last: NaiveDate) -> Option<CustodyView> {
    let (place, since) = (PlaceKind::parse(&row.place)?, today(row.since));
    let is_original = row.form == PieceForm::Original.name();
    Some(CustodyView {
        case: CaseId(row.case_id),
        number: row.number.unwrap_or_default(),
        title: row.title,
        item: ItemId(row.item),
        name: row.name,
        form: row.form,
        place,
        key: row.place_key,
        since: row.since,
        days: reference.calendar.working_days_between(since, on),
        overdue: is_original && PlaceKind::OUT.contains(&place) && since <= last,
        untaken: row.untaken,
        to_return: row.to_return,
    })
}
