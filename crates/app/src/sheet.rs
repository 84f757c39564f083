//! Excel: a workbook from tables of texts, and back again. What comes in is bounded before it is read, for a small file can
//! unfold to any size.

use crate::AppError;
use calamine::{DataRef, Reader, Xlsx};
use rust_xlsxwriter::{Format, FormatAlign, Workbook};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 10_000_000;
/// What a file may unfold to, in bytes.
const LARGEST_CONTENT: usize = 64_000_000;
const MOST_PARTS: usize = 200;
const MOST_ROWS: u32 = 20_000;
const MOST_COLUMNS: u32 = 60;
/// The place that a cell takes beside its text, in bytes: many small ones are much, too.
const CELL: usize = size_of::<((u32, u32), String)>();
/// What Excel takes in one cell, in characters.
const LONGEST_CELL: usize = 32_767;
const WIDEST: usize = 48;

/// A sheet to be written: its name, its headings and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The name on its tab, at most 31 characters.
    pub name: String,
    /// The first row.
    pub headings: Vec<String>,
    /// Everything below.
    pub rows: Vec<Vec<String>>,
}

/// A workbook of one sheet: every cell is a text, so that none becomes a formula or loses its zeros.
///
/// # Errors
/// A name that Excel does not take, or more rows than it can hold.
pub fn table(name: &str, headings: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, AppError> {
    let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
    workbook(&[Sheet { name: name.to_owned(), headings, rows: rows.to_vec() }])
}

/// A workbook of several sheets, as [`table`].
///
/// # Errors
/// As [`table`].
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, AppError> {
    let written = |error: rust_xlsxwriter::XlsxError| AppError::internal("workbook", &error);
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_align(FormatAlign::Top);
    let cell = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name).map_err(written)?;
        page.set_freeze_panes(1, 0).map_err(written)?;
        for (column, heading) in (0_u16..).zip(&sheet.headings) {
            page.write_string_with_format(0, column, heading, &head).map_err(written)?;
            page.set_column_width(column, width(sheet, usize::from(column))).map_err(written)?;
        }
        for (row, texts) in (1_u32..).zip(&sheet.rows) {
            for (column, text) in (0_u16..).zip(texts) {
                let text: String = text.chars().take(LONGEST_CELL).collect();
                page.write_string_with_format(row, column, text, &cell).map_err(written)?;
            }
        }
    }
    book.save_to_buffer().map_err(written)
}

/// As wide as the longest text of the first rows, within reason; a Chinese character takes two places.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let places = |text: &String| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let texts = sheet.rows.iter().take(100).filter_map(|row| row.get(column));
    let longest = texts.chain(sheet.headings.get(column)).map(places).max().unwrap_or(0);
    f64::from(u32::try_from(longest.clamp(8, WIDEST)).unwrap_or(8)) + 2.0
}

/// Why a file was not read as a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Larger than [`LARGEST_FILE`], or it unfolds to more than a workbook of this kind can hold.
    TooLarge,
    /// More rows or columns than are taken.
    TooManyCells,
    /// A cell with more text than Excel takes; row and column from 0.
    CellTooLong {
        /// The row.
        row: u32,
        /// The column.
        column: u32,
    },
    /// No workbook.
    NoWorkbook,
}

/// A sheet as it was read: texts by row and column, both from 0, the headings included.
pub type Cells = BTreeMap<(u32, u32), String>;

/// Reads the sheets of a workbook by their names, in the order of the file.
///
/// # Errors
/// Why it is not read.
pub fn read(bytes: &[u8]) -> Result<Vec<(String, Cells)>, Unreadable> {
    bounded(bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::NoWorkbook)?;
    let names = book.sheet_names();
    let mut left = LARGEST_CONTENT;
    names.into_iter().map(|name| cells(&mut book, &name, &mut left).map(|cells| (name, cells))).collect()
}

/// Unfolds every part once without keeping it: what a part says of its own size is not believed.
fn bounded(bytes: &[u8]) -> Result<(), Unreadable> {
    if bytes.len() > LARGEST_FILE {
        return Err(Unreadable::TooLarge);
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NoWorkbook)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::TooLarge);
    }
    let mut left = LARGEST_CONTENT as u64;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Unreadable::NoWorkbook)?;
        let unfolded =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| Unreadable::NoWorkbook)?;
        left = left.checked_sub(unfolded).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

/// The cells one after the other: a table around a single far cell would be too large to hold. A text that the file has once
/// may stand in every cell, so each copy is taken off what is `left`.
fn cells(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, left: &mut usize) -> Result<Cells, Unreadable> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| Unreadable::NoWorkbook)?;
    let mut cells = Cells::new();
    while let Some(cell) = reader.next_cell().map_err(|_| Unreadable::NoWorkbook)? {
        let (row, column) = cell.get_position();
        if is_too_long(cell.get_value()) {
            return Err(Unreadable::CellTooLong { row, column });
        }
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if row > MOST_ROWS || column >= MOST_COLUMNS {
            return Err(Unreadable::TooManyCells);
        }
        *left = left.checked_sub(text.len() + CELL).ok_or(Unreadable::TooLarge)?;
        cells.insert((row, column), text);
    }
    Ok(cells)
}

fn is_too_long(value: &DataRef<'_>) -> bool {
    let text = match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text,
        DataRef::SharedString(text) => *text,
        _ => return false,
    };
    text.len() > LONGEST_CELL && text.chars().nth(LONGEST_CELL).is_some()
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(at) => day(at.as_f64()),
        DataRef::DateTimeIso(text) => text.get(..10).unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        // An error such as #REF! stays visible, so that the rule for the cell can refuse it.
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A day that Excel counts from the end of 1899, as `2027-01-01`; a time within the day is left out.
fn day(serial: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a number of days that dates can hold, or no date at all")]
    let days = chrono::TimeDelta::try_days(serial.floor() as i64);
    let begin = chrono::NaiveDate::from_ymd_opt(1899, 12, 30);
    let date = begin.zip(days).and_then(|(begin, days)| begin.checked_add_signed(days));
    date.map_or_else(|| serial.to_string(), |date| date.to_string())
}

/// The address of a cell as Excel shows it, from row and column counted from 0: `C12`.
#[must_use]
pub fn address(row: u32, column: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0) + b'A';
        letters.insert(0, char::from(letter));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn texts_come_back_as_they_were_written() {
        let rows = vec![vec!["QY-01".to_owned(), "007".to_owned(), "=1+1".to_owned()], vec!["二".to_owned()]];
        let bytes = table("事项", &["编码", "份数", "说明"], &rows).unwrap();
        let read = read(&bytes).unwrap();
        assert_eq!(read[0].0, "事项");
        let cells = &read[0].1;
        assert_eq!(cells[&(0, 0)], "编码");
        assert_eq!([&cells[&(1, 1)], &cells[&(1, 2)], &cells[&(2, 0)]], ["007", "=1+1", "二"]);
        assert_eq!(cells.len(), 7, "an empty cell is none");
    }

    #[test]
    fn addresses_are_those_that_excel_shows() {
        let shown: Vec<String> =
            [(11, 2), (0, 0), (0, 25), (0, 26), (9, 701), (9, 702)].map(|(row, column)| address(row, column)).to_vec();
        assert_eq!(shown, ["C12", "A1", "Z1", "AA1", "ZZ10", "AAA10"]);
    }

    #[test]
    fn days_are_read_as_excel_counts_them() {
        assert_eq!(day(46_388.0), "2027-01-01");
        assert_eq!(day(46_388.75), "2027-01-01");
    }

    #[test]
    fn a_file_that_unfolds_without_end_is_refused() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
        let zeros = vec![0_u8; 1_000_000];
        for _ in 0..70 {
            archive.write_all(&zeros).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 1_000_000, "{} bytes hold it", bytes.len());
        assert_eq!(read(&bytes), Err(Unreadable::TooLarge));
        assert_eq!(read(&vec![0; LARGEST_FILE + 1]), Err(Unreadable::TooLarge));
        assert_eq!(read(b"no workbook"), Err(Unreadable::NoWorkbook));
    }

    /// A workbook whose one shared text stands in so many cells.
    fn shared(text: &str, cells: usize) -> Vec<u8> {
        let template = table("一", &["一"], &[]).unwrap();
        let mut old = zip::ZipArchive::new(Cursor::new(template)).unwrap();
        let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        for at in 0..old.len() {
            let mut part = old.by_index(at).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut body = Vec::new();
            part.read_to_end(&mut body).unwrap();
            if name == "xl/sharedStrings.xml" {
                body = format!("<sst xmlns=\"{space}\"><si><t>{text}</t></si></sst>").into_bytes();
            } else if name == "xl/worksheets/sheet1.xml" {
                let row = |at: usize| format!("<row r=\"{at}\"><c r=\"A{at}\" t=\"s\"><v>0</v></c></row>");
                let rows: String = (1..=cells).map(row).collect();
                body = format!("<worksheet xmlns=\"{space}\"><sheetData>{rows}</sheetData></worksheet>").into_bytes();
            }
            new.start_file(name, options).unwrap();
            new.write_all(&body).unwrap();
        }
        new.finish().unwrap().into_inner()
    }

    #[test]
    fn a_text_that_stands_in_every_cell_is_counted_every_time() {
        let text = "x".repeat(30_000);
        assert_eq!(read(&shared(&text, 3)).unwrap()[0].1.len(), 3);
        let bytes = shared(&text, 2_200);
        assert!(bytes.len() < 200_000, "{} bytes hold it", bytes.len());
        assert_eq!(read(&bytes), Err(Unreadable::TooLarge));
        let bytes = shared(&"长".repeat(LONGEST_CELL + 1), 1);
        assert_eq!(read(&bytes), Err(Unreadable::CellTooLong { row: 0, column: 0 }));
        assert!(read(&shared(&"长".repeat(LONGEST_CELL), 1)).is_ok());
    }

    #[test]
    fn a_cell_far_away_costs_nothing() {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(1_048_575, 16_383, "far").unwrap();
        assert_eq!(read(&book.save_to_buffer().unwrap()), Err(Unreadable::TooManyCells));
    }
}
