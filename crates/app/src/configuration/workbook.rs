//! The configuration as Excel files: out, and in again with everything that is wrong or differs told before it is taken.

use super::books::Books;
use super::cell::shown;
use super::difference::{RowChange, differences};
use super::table::{Book, Column, Row, Table};
use super::{CellError, edited};
use crate::accounts::User;
use crate::app::App;
use crate::sheet::{self, Cells, Sheet, Unreadable, address};
use crate::{AppError, FieldError};
use std::collections::BTreeMap;

/// What is wrong with a cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetError {
    /// The sheet.
    pub sheet: String,
    /// The cell, such as `C12`.
    pub cell: String,
    /// What is wrong with it.
    pub error: FieldError,
}

/// A file that was read and compared, before anything is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadRead {
    /// What would change.
    pub changes: Vec<RowChange>,
    /// What is wrong; with anything wrong, nothing can be taken.
    pub errors: Vec<SheetError>,
}

/// A sheet's rows.
struct ReadTable {
    table: Table,
    rows: Vec<Row>,
    /// The row of the file (from 0) by what a row is known by.
    lines: BTreeMap<String, u32>,
    /// The column of the file for each of the table's.
    columns: Vec<Option<u32>>,
}

impl ReadTable {
    fn cell(&self, line: u32, column: &str) -> String {
        let at = self.table.column(column).and_then(|at| self.columns.get(at).copied().flatten());
        address(line, at.unwrap_or(0))
    }
}

fn sheet_of(books: &Books, table: Table) -> Sheet {
    let columns = table.columns();
    let row = |row: Row| columns.iter().zip(row).map(|(column, cell)| shown(column.input, &cell)).collect();
    Sheet {
        name: table.sheet().to_owned(),
        headings: columns.iter().map(|column| column.heading.to_owned()).collect(),
        rows: books.rows(table).into_iter().map(row).collect(),
    }
}

/// Reads the sheets of a file.
fn read_tables(bytes: &[u8], errors: &mut Vec<SheetError>) -> Result<Vec<ReadTable>, AppError> {
    let sheets = sheet::read(bytes).map_err(|why| {
        let wrong = |code| FieldError::new("/file", code);
        AppError::from(match why {
            Unreadable::TooLarge => wrong("config_file_large"),
            Unreadable::TooManyCells => wrong("config_file_cells"),
            Unreadable::CellTooLong { row, column } => wrong("config_file_cell").with("cell", address(row, column)),
            Unreadable::NoWorkbook => wrong("config_file"),
        })
    })?;
    let mut tables = Vec::new();
    for (name, cells) in sheets {
        match Table::ALL.into_iter().find(|table| table.sheet() == name) {
            Some(table) => tables.extend(read_table(table, &cells, errors)),
            None if cells.is_empty() => {}
            None => errors.push(wrong(&name, "A1".to_owned(), FieldError::new("", "config_sheet"))),
        }
    }
    if tables.is_empty() && errors.is_empty() {
        return Err(FieldError::new("/file", "config_no_sheet").into());
    }
    Ok(tables)
}

fn wrong(sheet: &str, cell: String, error: FieldError) -> SheetError {
    SheetError { sheet: sheet.to_owned(), cell, error }
}

fn read_table(table: Table, cells: &Cells, errors: &mut Vec<SheetError>) -> Option<ReadTable> {
    let sheet = table.sheet();
    let headings: BTreeMap<u32, &str> =
        cells.iter().filter(|((row, _), _)| *row == 0).map(|((_, column), text)| (*column, text.as_str())).collect();
    let at = |column: &Column| headings.iter().find(|(_, text)| **text == column.heading).map(|(at, _)| *at);
    let columns: Vec<Option<u32>> = table.columns().iter().map(at).collect();
    let before = errors.len();
    for (column, _) in table.columns().iter().zip(&columns).filter(|(_, place)| place.is_none()) {
        let error = FieldError::new("", "config_heading").with("heading", column.heading);
        errors.push(wrong(sheet, "A1".to_owned(), error));
    }
    for (place, text) in headings.iter().filter(|(place, _)| !columns.contains(&Some(**place))) {
        let error = FieldError::new("", "config_heading_unknown").with("heading", *text);
        errors.push(wrong(sheet, address(0, *place), error));
    }
    if errors.len() > before {
        return None;
    }
    let mut read = ReadTable { table, rows: Vec::new(), lines: BTreeMap::new(), columns };
    let last = cells.keys().map(|(row, _)| *row).max().unwrap_or(0);
    for line in 1..=last {
        let text = |place: &Option<u32>| place.and_then(|at| cells.get(&(line, at))).cloned().unwrap_or_default();
        let texts: Vec<String> = read.columns.iter().map(text).collect();
        if texts.iter().all(String::is_empty) {
            continue;
        }
        match table.row(&texts) {
            Ok(row) => {
                if let Some(first) = read.lines.insert(table.key_of(&row), line) {
                    let error = FieldError::new("", "config_twice").with("row", (first + 1).to_string());
                    errors.push(wrong(sheet, address(line, 0), error));
                }
                read.rows.push(row);
            }
            Err(fields) => errors.extend(
                fields
                    .into_iter()
                    .map(|error| wrong(sheet, read.cell(line, error.pointer.trim_start_matches('/')), error)),
            ),
        }
    }
    Some(read)
}

/// Where an error of the whole stands in the file.
fn placed(tables: &[ReadTable], error: CellError) -> SheetError {
    let column = error.error.pointer.trim_start_matches('/').to_owned();
    let read = tables.iter().find(|read| read.table == error.table);
    let cell = read.and_then(|read| read.lines.get(&error.key).map(|line| read.cell(*line, &column)));
    wrong(error.table.sheet(), cell.unwrap_or_else(|| "A1".to_owned()), error.error)
}

/// What a file would change. Rows of fixed tables that it does not have stay as they are.
fn compare(books: &Books, bytes: &[u8]) -> Result<UploadRead, AppError> {
    let mut errors = Vec::new();
    let tables = read_tables(bytes, &mut errors)?;
    let mut changes = Vec::new();
    for read in &tables {
        let found = differences(read.table, &books.rows(read.table), &read.rows);
        changes.extend(found.into_iter().filter(|change| !read.table.is_fixed() || change.after.is_some()));
    }
    if errors.is_empty()
        && let Err(wrong) = edited(books, &changes)
    {
        errors.extend(wrong.into_iter().map(|error| placed(&tables, error)));
    }
    Ok(UploadRead { changes, errors })
}

impl App {
    /// A part of the configuration as an Excel file.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for all but administrators.
    pub async fn export_configuration(&self, user: &User, book: Book) -> Result<Vec<u8>, AppError> {
        self.configures(user)?;
        let books = Books::on(&self.inner.store, domain::calendar::today(self.now())).await?;
        let sheets: Vec<Sheet> = book.tables().map(|table| sheet_of(&books, table)).collect();
        tokio::task::spawn_blocking(move || sheet::workbook(&sheets))
            .await
            .map_err(|error| AppError::internal("workbook", &error))?
    }

    /// Reads an Excel file and compares it with what holds today. Nothing is taken.
    ///
    /// # Errors
    /// A file that is no workbook or too large; [`AppError::Forbidden`] for all but administrators.
    pub async fn read_configuration(&self, user: &User, bytes: Vec<u8>) -> Result<UploadRead, AppError> {
        self.configures(user)?;
        let books = Books::on(&self.inner.store, domain::calendar::today(self.now())).await?;
        tokio::task::spawn_blocking(move || compare(&books, &bytes))
            .await
            .map_err(|error| AppError::internal("workbook", &error))?
    }
}

#[cfg(test)]
mod tests;
