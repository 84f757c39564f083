use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, Paper};
use crate::zh;

/// A notice (通报) in the layout of GB/T 9704-2012 with the ledger of projects (台账) as its attachment (S5.3). Its head's
/// number is the document's own; empty, it is left to be written in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerNotice {
    /// The issuing body and the document's number.
    pub head: Head,
    /// The document's title.
    pub title: String,
    /// The main addressee (主送机关); empty to be written in.
    pub to: String,
    /// The text, paragraph by paragraph.
    pub paragraphs: Vec<String>,
    /// The attachment's title.
    pub attachment: String,
    /// The table's columns.
    pub columns: Vec<LedgerColumn>,
    /// Its rows, a text for each column.
    pub rows: Vec<Vec<String>>,
    /// What the columns mean.
    pub definitions: Vec<String>,
    /// Who issues it (落款).
    pub signer: String,
    /// The day of issue.
    pub issued_on: NaiveDate,
}

/// A column of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerColumn {
    /// Its heading.
    pub name: String,
    /// Its share of the width.
    pub width: u32,
}

impl Paper for LedgerNotice {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn view(&self) -> Value {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        json!({
            "number": given(&self.head.number),
            "title": self.title,
            "to": given(&self.to),
            "paragraphs": self.paragraphs,
            "attachment": self.attachment,
            "columns": self.columns,
            "rows": self.rows,
            "definitions": self.definitions,
            "signer": self.signer,
            "issued_on": zh::date(self.issued_on),
        })
    }
}
