//! The cells of tables: how a text comes into its one form, and how it is shown.

use super::table::{Column, Input};
use crate::FieldError;
use chrono::{NaiveDate, NaiveTime};
use domain::calendar::is_meant;

/// What a message repeats of a cell, in characters.
const REPEATED: usize = 60;

/// A cell in the one form that is kept and compared: words of choices become their values, lists are joined by `、`.
pub(super) fn canonical(column: &Column, text: &str) -> Result<String, FieldError> {
    let text = text.trim();
    let wrong = |code: &str| FieldError::new(&format!("/{}", column.name), code);
    if text.is_empty() {
        return if column.required { Err(wrong("required")) } else { Ok(String::new()) };
    }
    let formed = match column.input {
        Input::Text | Input::Matter | Input::Office | Input::Stage => Some(text.to_owned()),
        Input::Area => Some(text.replace("\r\n", "\n")),
        Input::Number(from, to) => match text.parse::<i64>() {
            Ok(number) if !(i64::from(from)..=i64::from(to)).contains(&number) => {
                let error = wrong("config_bounds").with("value", number.to_string());
                return Err(error.with("from", from.to_string()).with("to", to.to_string()));
            }
            number => number.ok().map(|number| number.to_string()),
        },
        Input::Date => match text.parse::<NaiveDate>() {
            Ok(date) if !is_meant(date) => return Err(wrong("config_date_bounds").with("value", date.to_string())),
            date => date.ok().map(|date| date.to_string()),
        },
        Input::Time => time(text),
        Input::MonthDay => month_day(text),
        Input::Periods => periods(text),
        Input::YesNo => chosen(YES_NO, text),
        Input::Choice(choices) => chosen(choices, text),
        Input::Choices(choices) => {
            let values: Option<Vec<String>> = parts(text).map(|part| chosen(choices, part)).collect();
            values.map(|values| values.join("、"))
        }
        Input::Matters | Input::Offices => Some(parts(text).collect::<Vec<_>>().join("、")),
    };
    formed.ok_or_else(|| {
        let code = match column.input {
            Input::Number(..) => "config_number",
            Input::Date => "config_date",
            Input::Time => "config_time",
            Input::MonthDay => "config_month_day",
            Input::Periods => "config_periods",
            _ => "config_choice",
        };
        let text: String = text.chars().take(REPEATED).collect();
        wrong(code).with("value", text).with("options", options(column.input))
    })
}

const YES_NO: &[(&str, &str)] = &[("yes", "是"), ("no", "否")];

/// The choices of an input; none where anything may be typed.
#[must_use]
pub fn choices(input: Input) -> &'static [(&'static str, &'static str)] {
    match input {
        Input::Choice(choices) | Input::Choices(choices) => choices,
        Input::YesNo => YES_NO,
        _ => &[],
    }
}

fn options(input: Input) -> String {
    choices(input).iter().map(|(_, word)| *word).collect::<Vec<_>>().join("、")
}

fn chosen(choices: &[(&str, &str)], text: &str) -> Option<String> {
    let found = choices.iter().find(|(value, word)| *value == text || *word == text);
    found.map(|(value, _)| (*value).to_owned())
}

/// The parts of a list, however they are divided.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ',', '，', ';', '；', '\n', '\r', ' ']).map(str::trim).filter(|part| !part.is_empty())
}

fn time(text: &str) -> Option<String> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| text.parse());
    time.ok().map(|time| time.format("%H:%M").to_string())
}

fn month_day(text: &str) -> Option<String> {
    let (month, day) = text.split_once('-')?;
    let (month, day): (u32, u32) = (month.parse().ok()?, day.parse().ok()?);
    // 2024 is a leap year, so that the 29th of February may bound a season.
    NaiveDate::from_ymd_opt(2024, month, day).map(|_| format!("{month:02}-{day:02}"))
}

fn periods(text: &str) -> Option<String> {
    let spans: Option<Vec<String>> = parts(text)
        .map(|part| {
            let (from, to) = part.split_once(['-', '–', '—', '至'])?;
            Some(format!("{}-{}", time(from.trim())?, time(to.trim())?))
        })
        .collect();
    spans.filter(|spans| !spans.is_empty()).map(|spans| spans.join("、"))
}

/// A cell as Excel and lists show it: choices as their words.
#[must_use]
pub fn shown(input: Input, cell: &str) -> String {
    let word = |value: &str| {
        let found = choices(input).iter().find(|(known, _)| *known == value);
        found.map_or_else(|| value.to_owned(), |(_, word)| (*word).to_owned())
    };
    match input {
        Input::Choice(_) | Input::YesNo => word(cell),
        Input::Choices(_) => parts(cell).map(word).collect::<Vec<_>>().join("、"),
        _ => cell.to_owned(),
    }
}
