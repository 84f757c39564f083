//! The files of the configuration as they hold on one day, and the rows of their tables.

use super::table::{Book, Row, Table};
use super::{calendar, catalogue, hall, people};
use crate::reference::{HallFile, with_fees};
use crate::{AppError, FieldError};
use chrono::NaiveDate;
use domain::calendar::{Calendar, CalendarFile};
use domain::catalogue::{Catalogue, CatalogueFile, FeeFile, Problem};
use store::{PersonRecord, ReferenceVersion, View};

/// The kinds of reference data that are kept as versions.
pub(crate) const KINDS: [&str; 4] = ["catalogue", "hall", "calendar", "fees"];

/// Everything that tables are read from and written to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Books {
    pub(crate) catalogue: CatalogueFile,
    pub(crate) hall: HallFile,
    pub(crate) calendar: CalendarFile,
    pub(crate) fees: FeeFile,
    /// Everybody of the hall; kept without versions.
    pub(crate) people: Vec<PersonRecord>,
}

/// What is wrong with a cell of a table, or with a table as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// The table.
    pub table: Table,
    /// The row; empty where it is none in particular.
    pub key: String,
    /// What is wrong: its pointer is the column, or empty.
    pub error: FieldError,
}

impl CellError {
    pub(crate) fn new(table: Table, key: &str, column: &str, code: &str) -> Self {
        Self { table, key: key.to_owned(), error: FieldError::new(&format!("/{column}"), code) }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.error = self.error.with(name, value);
        self
    }
}

impl Books {
    /// What holds on a day. People are those of now.
    pub(crate) async fn on(view: &View, day: NaiveDate) -> Result<Self, AppError> {
        let mut bodies = Vec::new();
        for kind in KINDS {
            let version = view.reference_on(kind, day).await?.ok_or(AppError::NotFound)?;
            bodies.push(version.body_json);
        }
        Ok(Self {
            catalogue: serde_json::from_str(&bodies[0])?,
            hall: serde_json::from_str(&bodies[1])?,
            calendar: serde_json::from_str(&bodies[2])?,
            fees: serde_json::from_str(&bodies[3])?,
            people: view.persons().await?.into_iter().filter(|person| person.office.is_some()).collect(),
        })
    }

    /// The same with one kind as a version has it.
    pub(crate) fn with(&self, version: &ReferenceVersion) -> Result<Self, AppError> {
        let mut books = self.clone();
        books.put(&version.kind, &version.body_json)?;
        Ok(books)
    }

    /// Replaces the file of a kind.
    pub(crate) fn put(&mut self, kind: &str, body: &str) -> Result<(), serde_json::Error> {
        match kind {
            "catalogue" => self.catalogue = serde_json::from_str(body)?,
            "hall" => self.hall = serde_json::from_str(body)?,
            "calendar" => self.calendar = serde_json::from_str(body)?,
            _ => self.fees = serde_json::from_str(body)?,
        }
        Ok(())
    }

    /// The file of a kind as it is stored.
    pub(crate) fn body(&self, kind: &str) -> Result<String, AppError> {
        Ok(match kind {
            "catalogue" => serde_json::to_string(&self.catalogue)?,
            "hall" => serde_json::to_string(&self.hall)?,
            "calendar" => serde_json::to_string(&self.calendar)?,
            _ => serde_json::to_string(&self.fees)?,
        })
    }

    /// The kinds whose files differ.
    pub(crate) fn changed(&self, before: &Self) -> Vec<&'static str> {
        let differs = [
            self.catalogue != before.catalogue,
            self.hall != before.hall,
            self.calendar != before.calendar,
            self.fees != before.fees,
        ];
        KINDS.into_iter().zip(differs).filter(|(_, differs)| *differs).map(|(kind, _)| kind).collect()
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: Table) -> Vec<Row> {
        match table.book() {
            Book::Catalogue => catalogue::rows(self, table),
            Book::Hall => hall::rows(self, table),
            Book::Calendar => calendar::rows(self, table),
            Book::People => people::rows(self),
        }
    }

    /// Replaces the rows of a table; each is in its one form already.
    pub(crate) fn write(&mut self, table: Table, rows: &[Row]) -> Result<(), Vec<CellError>> {
        match table.book() {
            Book::Catalogue => catalogue::write(self, table, rows),
            Book::Hall => hall::write(self, table, rows),
            Book::Calendar => calendar::write(self, table, rows),
            Book::People => people::write(self, rows),
        }
    }

    /// Whether everything together can be used: what programs and cases will rely on from its day on.
    pub(crate) fn check(&self, with_people: bool) -> Result<(), Vec<CellError>> {
        let mut wrong = Vec::new();
        match Catalogue::build(self.catalogue.clone()) {
            Err(error) => wrong.extend(error.problems.into_iter().map(of_problem)),
            Ok(catalogue) => {
                if with_fees(catalogue.clone(), self.fees.clone()).is_err() {
                    let told =
                        catalogue.with_fees(self.fees.clone()).err().into_iter().flat_map(|error| error.problems);
                    wrong.extend(told.map(of_problem));
                }
            }
        }
        if let Err(error) = Calendar::build(self.calendar.clone()) {
            wrong.push(CellError::new(Table::Hours, "", "", "config_told").with("text", error.to_string()));
        }
        wrong.extend(hall::check(self));
        wrong.extend(people::check_offices(self));
        if with_people {
            wrong.extend(people::check(self));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

/// Where a problem of the catalogue stands: the row that it names, and its column.
fn of_problem(problem: Problem) -> CellError {
    let text = problem.to_string();
    let pair = |matter: &domain::ids::MatterCode, name: &str| format!("{matter}|{name}");
    let (table, key, column) = match &problem {
        Problem::UnknownOffice { matter, .. } => (Table::Matters, matter.to_string(), "office"),
        Problem::UnknownStage { matter, .. } => (Table::Matters, matter.to_string(), "stage"),
        Problem::LimitTooLong { matter, .. } => (Table::Matters, matter.to_string(), "promised_days"),
        Problem::Cycle { path, .. } => {
            // In the order of work, so the second waits for the first.
            let names = |at: usize| path.get(at).map(ToString::to_string).unwrap_or_default();
            (Table::Prerequisites, format!("{}|{}", names(1), names(0)), "before")
        }
        Problem::DuplicateMaterial { matter, material } => (Table::Materials, pair(matter, material), "name"),
        Problem::NoCopies { matter, material } => (Table::Materials, pair(matter, material), "copies"),
        Problem::ResultWithoutMatter { matter, material } => (Table::Materials, pair(matter, material), "from_matters"),
        Problem::AliasOfAlias { alias, .. } => (Table::Aliases, alias.clone(), "name"),
        Problem::FeeWithoutBasis { matter, fee } => (Table::Fees, pair(matter, fee), "legal_basis"),
        Problem::DuplicateFee { matter, fee } => (Table::Fees, pair(matter, fee), "name"),
        _ => (Table::Matters, String::new(), ""),
    };
    CellError::new(table, &key, column, "config_told").with("text", text)
}

/// The word on the wire of a value whose JSON form is a plain text.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The value behind such a word.
pub(super) fn value<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

pub(super) fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

/// The rows of a table by the names of its columns.
pub(super) struct Cells<'a> {
    pub(super) table: Table,
    pub(super) row: &'a Row,
}

impl<'a> Cells<'a> {
    pub(super) fn text(&self, column: &str) -> &'a str {
        let at = self.table.column(column);
        at.and_then(|at| self.row.get(at)).map_or("", String::as_str)
    }

    pub(super) fn owned(&self, column: &str) -> String {
        self.text(column).to_owned()
    }

    pub(super) fn given(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn is(&self, column: &str) -> bool {
        self.text(column) == "yes"
    }

    pub(super) fn number(&self, column: &str) -> Option<u32> {
        self.text(column).parse().ok()
    }

    pub(super) fn list<T: From<&'a str>>(&self, column: &str) -> Vec<T> {
        super::cell::parts(self.text(column)).map(T::from).collect()
    }

    /// What is wrong with a cell of this row.
    pub(super) fn wrong(&self, column: &str, code: &str) -> CellError {
        CellError::new(self.table, &self.table.key_of(self.row), column, code)
    }
}
