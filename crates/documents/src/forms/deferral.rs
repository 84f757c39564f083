use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Head, MaterialForm, Paper};
use crate::zh;

/// 容缺受理承诺书: the client promises what is missing, and knows what follows if it does not come (S6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferralPromise {
    /// What stands on every page.
    pub head: Head,
    /// Who promises.
    pub client: String,
    /// Unified social credit code, where there is one.
    pub client_code: Option<String>,
    /// Who signs for the client.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// The office to which it is promised.
    pub to: String,
    /// Names of the matters.
    pub matters: Vec<String>,
    /// What is missing.
    pub items: Vec<DeferredItem>,
    /// The day of the signature; `None` leaves the blank to be filled by hand.
    pub date: Option<NaiveDate>,
}

/// 容缺受理通知书: the office goes on although something is missing, and says until when and with what consequence (S6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferralNotice {
    /// What stands on every page.
    pub head: Head,
    /// Who is told.
    pub to: String,
    /// Names of the matters.
    pub matters: Vec<String>,
    /// What is missing.
    pub items: Vec<DeferredItem>,
    /// Number of the promise.
    pub promise_number: Option<String>,
    /// The day from which the office goes on.
    pub accepted_on: NaiveDate,
    /// The office that goes on.
    pub office: String,
    /// Whom to ask.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// The day of the notice.
    pub issued_on: NaiveDate,
}

/// A material that may come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferredItem {
    /// Its name.
    pub name: String,
    /// In which form it is to come.
    pub form: MaterialForm,
    /// How many copies are needed.
    pub copies: u32,
    /// What is wrong with it, or why it is not there yet.
    pub why: Option<String>,
    /// The last day on which it may come.
    pub due: NaiveDate,
    /// What follows if it does not, where that is more than the form says of all.
    pub consequence: Option<String>,
}

impl DeferredItem {
    fn view(&self, number: usize) -> Value {
        json!({
            "number": number,
            "name": self.name,
            "form": self.form.label(),
            "copies": self.copies,
            "why": self.why,
            "due": zh::date_short(self.due),
            "consequence": self.consequence,
        })
    }
}

fn rows(items: &[DeferredItem]) -> Vec<Value> {
    (1..).zip(items).map(|(number, item)| item.view(number)).collect()
}

impl Paper for DeferralPromise {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "容缺受理承诺书"
    }

    fn view(&self) -> Value {
        json!({
            "client": self.client,
            "client_code": self.client_code,
            "contact": self.contact,
            "phone": self.phone,
            "to": self.to,
            "matter": zh::list(&self.matters),
            "items": rows(&self.items),
            "date": self.date.map(zh::date),
        })
    }
}

impl Paper for DeferralNotice {
    fn head(&self) -> &Head {
        &self.head
    }

    fn title(&self) -> &str {
        "容缺受理通知书"
    }

    fn view(&self) -> Value {
        json!({
            "to": self.to,
            "matter": zh::list(&self.matters),
            "items": rows(&self.items),
            "promise_number": self.promise_number,
            "accepted_on": zh::date(self.accepted_on),
            "office": self.office,
            "contact": self.contact,
            "phone": self.phone,
            "issued_on": zh::date(self.issued_on),
        })
    }
}
