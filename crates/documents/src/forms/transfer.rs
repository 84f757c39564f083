use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// 归档移交清单: the file handed to the offices concerned after the end (S6.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferList {
    /// What stands on every page.
    pub head: Head,
    /// Number of the case.
    pub case_number: String,
    /// Whose case it is and what it was about.
    pub case_title: String,
    /// How long the file is kept, such as `30 年`.
    pub retention: String,
    /// Who hands over: office and person.
    pub from: String,
    /// Who takes over: office and person.
    pub to: String,
    /// The papers of the file, in order.
    pub rows: Vec<TransferRow>,
    /// Head of the record's hash chain, lower-case hex.
    pub record_head: Option<String>,
    /// The day of the transfer; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

/// One paper of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferRow {
    /// Title, with its number if it has one.
    pub document: String,
    /// Pages; `None` for a file that has none, such as a picture.
    pub pages: Option<u32>,
    /// SHA-256 of its bytes, lower-case hex; `None` for paper only.
    pub hash: Option<String>,
    /// Which office hands it over.
    pub from: String,
    /// Which office takes it over.
    pub to: String,
    /// The day on which it was made.
    pub date: NaiveDate,
}

impl Paper for TransferList {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "归档移交清单"
    }

    fn view(&self) -> Value {
        let rows: Vec<Value> = (1usize..)
            .zip(&self.rows)
            .map(|(number, row)| {
                json!({
                    "number": number,
                    "document": row.document,
                    "pages": row.pages,
                    "hash": row.hash,
                    "from": row.from,
                    "to": row.to,
                    "date": zh::date_short(row.date),
                })
            })
            .collect();
        json!({
            "case_number": self.case_number,
            "case_title": self.case_title,
            "retention": self.retention,
            "from": self.from,
            "to": self.to,
            "rows": rows,
            "pages": self.rows.iter().filter_map(|row| row.pages).map(u64::from).sum::<u64>(),
            "record_head": self.record_head,
            "date": self.date.map(zh::date),
        })
    }
}
