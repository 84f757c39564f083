//! Holidays, closures, office hours and sessions as rows.

use super::books::{Books, CellError, Cells};
use super::table::{Row, Table};
use chrono::{Datelike, NaiveDate, NaiveTime};
use domain::calendar::{Closure, HallDays, OfficeHours, Period, Season, Session, YearFile};
use std::collections::BTreeMap;

pub(super) fn rows(books: &Books, table: Table) -> Vec<Row> {
    let hall = books.calendar.hall.clone().unwrap_or_default();
    match table {
        Table::Holidays => holiday_rows(books),
        Table::Closures => {
            hall.closures.into_iter().map(|one| vec![one.date.to_string(), one.document, one.reason]).collect()
        }
        Table::Hours => {
            let all_year = vec![String::new(), String::new(), periods_text(&hall.hours.periods)];
            let season = |one: &Season| vec![day_text(one.from), day_text(one.to), periods_text(&one.periods)];
            std::iter::once(all_year).chain(hall.hours.seasons.iter().map(season)).collect()
        }
        _ => {
            let row = |one: Session| {
                let office = one.office.map(|office| office.0).unwrap_or_default();
                vec![one.date.to_string(), clock(one.from), clock(one.to), office]
            };
            hall.sessions.into_iter().map(row).collect()
        }
    }
}

fn holiday_rows(books: &Books) -> Vec<Row> {
    let years = books.calendar.years.iter().flat_map(|(year, days)| {
        let row = |day: &'static str| move |date: &NaiveDate| vec![date.to_string(), day.to_owned(), year.to_string()];
        let mut rows: Vec<Row> = days.off.iter().map(row("off")).chain(days.work.iter().map(row("work"))).collect();
        rows.sort();
        rows
    });
    years.collect()
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn day_text((month, day): (u32, u32)) -> String {
    format!("{month:02}-{day:02}")
}

fn periods_text(periods: &[Period]) -> String {
    let texts = periods.iter().map(|period| format!("{}-{}", clock(period.from), clock(period.to)));
    texts.collect::<Vec<_>>().join("、")
}

/// Rows are in their one form already: what cannot be read here was refused there.
fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap_or_default()
}

fn day(text: &str) -> (u32, u32) {
    let (month, day) = text.split_once('-').unwrap_or_default();
    (month.parse().unwrap_or(0), day.parse().unwrap_or(0))
}

fn periods(text: &str) -> Vec<Period> {
    let period = |part: &str| part.split_once('-').map(|(from, to)| Period { from: time(from), to: time(to) });
    text.split('、').filter_map(period).collect()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

pub(super) fn write(books: &mut Books, table: Table, rows: &[Row]) -> Result<(), Vec<CellError>> {
    if table == Table::Holidays {
        return write_holidays(books, rows);
    }
    let cells = || rows.iter().map(|row| Cells { table, row });
    let mut hall = books.calendar.hall.clone().unwrap_or_default();
    match table {
        Table::Closures => {
            let closure = |row: Cells<'_>| Closure {
                date: date(row.text("date")),
                document: row.owned("document"),
                reason: row.owned("cause"),
            };
            hall.closures = cells().map(closure).collect();
        }
        Table::Hours => hall.hours = hours(rows)?,
        _ => {
            let session = |row: Cells<'_>| Session {
                date: date(row.text("date")),
                from: time(row.text("from")),
                to: time(row.text("to")),
                office: row.given("office").map(domain::ids::OfficeCode),
            };
            if let Some(row) = cells().find(|row| row.text("to") <= row.text("from")) {
                return Err(vec![row.wrong("to", "config_order")]);
            }
            hall.sessions = cells().map(session).collect();
        }
    }
    // A calendar that has nothing of its own stays as it came.
    if books.calendar.hall.is_some() || hall != HallDays::default() {
        books.calendar.hall = Some(hall);
    }
    Ok(())
}

fn hours(rows: &[Row]) -> Result<OfficeHours, Vec<CellError>> {
    let cells = || rows.iter().map(|row| Cells { table: Table::Hours, row });
    let Some(all_year) = cells().find(|row| row.text("from").is_empty()) else {
        return Err(vec![CellError::new(Table::Hours, "", "from", "config_all_year")]);
    };
    let seasons = || cells().filter(|row| !row.text("from").is_empty());
    if let Some(open) = seasons().find(|row| row.text("to").is_empty()) {
        return Err(vec![open.wrong("to", "required")]);
    }
    for row in cells() {
        let spans = periods(row.text("periods"));
        let in_order =
            spans.iter().all(|one| one.from < one.to) && spans.windows(2).all(|two| two[0].to <= two[1].from);
        if !in_order {
            return Err(vec![row.wrong("periods", "config_periods").with("value", row.text("periods"))]);
        }
    }
    let season = |row: Cells<'_>| Season {
        from: day(row.text("from")),
        to: day(row.text("to")),
        periods: periods(row.text("periods")),
    };
    Ok(OfficeHours { periods: periods(all_year.text("periods")), seasons: seasons().map(season).collect() })
}

/// What else a year's file says of itself holds only for the days that it was written for.
fn write_holidays(books: &mut Books, rows: &[Row]) -> Result<(), Vec<CellError>> {
    let mut years: BTreeMap<i32, YearFile> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in rows.iter().map(|row| Cells { table: Table::Holidays, row }) {
        let date = date(row.text("date"));
        let Some(year) = row.text("year").parse::<i32>().ok().filter(|year| near(*year, date)) else {
            wrong.push(row.wrong("year", "config_year"));
            continue;
        };
        let days = years.entry(year).or_default();
        if row.text("day") == "off" { &mut days.off } else { &mut days.work }.push(date);
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let old = std::mem::take(&mut books.calendar.years);
    for (year, days) in &mut years {
        days.off.sort();
        days.work.sort();
        if let Some(same) = old.get(year).filter(|old| same_days(old, days)) {
            days.clone_from(same);
        }
    }
    books.calendar.years = years;
    Ok(())
}

fn same_days(old: &YearFile, new: &YearFile) -> bool {
    let sorted = |days: &[NaiveDate]| {
        let mut days = days.to_vec();
        days.sort();
        days
    };
    sorted(&old.off) == new.off && sorted(&old.work) == new.work
}

/// A New Year's holiday may reach into the neighbouring year.
fn near(year: i32, date: NaiveDate) -> bool {
    match i64::from(date.year()) - i64::from(year) {
        0 => true,
        -1 => date.month() == 12,
        1 => date.month() == 1,
        _ => false,
    }
}
