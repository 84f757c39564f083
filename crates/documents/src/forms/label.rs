use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, MaterialForm, Paper};

/// Labels on one sheet: 3 beside each other, 8 rows, each 70 × 37 mm, a common stock of A4.
const ON_A_SHEET: u32 = 24;

/// 材料标签: a sheet of labels to stick on what was handed over, each with a QR code that opens the piece's own page (S3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyLabels {
    /// Which paper it is; not printed, for a label has no room for it.
    pub head: Head,
    /// The labels, row by row.
    pub labels: Vec<CustodyLabel>,
    /// How many labels of the first sheet are used up already; counted from the upper left.
    pub used: u32,
}

/// One label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustodyLabel {
    /// Number of the case.
    pub case_number: String,
    /// The piece's own mark.
    pub item: String,
    /// Name of the material.
    pub name: String,
    /// Original, copy or electronic.
    pub form: MaterialForm,
    /// The address that its QR code opens.
    pub address: String,
}

impl Paper for CustodyLabels {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "材料标签"
    }

    fn view(&self) -> Value {
        let labels: Vec<Value> = self
            .labels
            .iter()
            .map(|label| {
                json!({
                    "case_number": label.case_number,
                    "item": label.item,
                    "name": label.name,
                    "form": label.form.label(),
                    "address": label.address,
                })
            })
            .collect();
        json!({"labels": labels, "used": self.used % ON_A_SHEET})
    }

    fn codes(&self) -> Vec<&str> {
        self.labels.iter().map(|label| label.address.as_str()).collect()
    }
}
