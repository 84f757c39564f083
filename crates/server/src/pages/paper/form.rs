//! The typed input of a paper, as its own page reads it: the same facts that its PDF was made from.
//!
//! The stored JSON is the contract between the two, so a paper made years ago still opens.

use super::decision::{Decision, DecisionKind};
use super::outlined::Outlined;
use crate::fault::Fault;
use crate::pages::words;
use app::PaperForm;
use chrono::{DateTime, NaiveDate, Utc};
use domain::identity::mask_phone;
use serde::Deserialize;

/// What stands on every paper.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Head {
    pub(super) number: String,
    #[serde(default)]
    pub(super) check_url: String,
}

/// 原件, 复印件, 电子件.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MaterialForm {
    Original,
    Copy,
    Electronic,
}

impl MaterialForm {
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Original => "原件",
            Self::Copy => "复印件",
            Self::Electronic => "电子件",
        }
    }
}

/// 事项代办委托协议.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Agreement {
    pub(super) head: Head,
    pub(super) agent_office: String,
    pub(super) agent: String,
    pub(super) agent_phone: String,
    pub(super) client: String,
    pub(super) client_code: Option<String>,
    pub(super) client_contact: Option<String>,
    pub(super) client_phone: String,
    pub(super) matters: Vec<String>,
    pub(super) materials: Vec<String>,
    pub(super) handover_number: Option<String>,
    pub(super) date: Option<NaiveDate>,
}

/// 材料交接清单, 材料退还清单, 代办员交接清单.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct HandoverList {
    pub(super) head: Head,
    #[serde(default)]
    pub(super) purpose: Purpose,
    pub(super) supplement: Option<u32>,
    pub(super) from: Party,
    pub(super) to: Party,
    pub(super) matters: Vec<String>,
    pub(super) items: Vec<Item>,
    pub(super) date: Option<NaiveDate>,
}

/// Which way the materials go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    #[default]
    Commission,
    Return,
    Takeover,
}

/// One side of a handover.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Party {
    pub(super) unit: String,
    #[serde(default)]
    pub(super) person: String,
    pub(super) phone: String,
}

impl Party {
    /// The side as its list names it: between two agents of one office it is the person that counts.
    pub(super) fn named(&self, list: &HandoverList) -> String {
        if list.is_takeover() { format!("{}（{}）", self.person, self.unit) } else { self.unit.clone() }
    }
}

/// A piece on a list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) form: MaterialForm,
    pub(super) pages: Option<u32>,
    pub(super) copies: u32,
    pub(super) returned: bool,
    pub(super) return_by: Option<NaiveDate>,
    pub(super) condition: Option<String>,
    pub(super) remark: Option<String>,
}

impl Item {
    /// `2 页 1 份`, `1 个文件`
    pub(super) fn amount(&self) -> String {
        match (self.form, self.pages) {
            (MaterialForm::Electronic, _) => format!("{} 个文件", self.copies),
            (_, Some(pages)) => format!("{pages} 页 {} 份", self.copies),
            (_, None) => format!("{} 份", self.copies),
        }
    }

    /// `不退`, `退还`, `12月8日退`
    pub(super) fn back(&self) -> String {
        match (self.returned, self.return_by) {
            (false, _) => "不退".to_owned(),
            (true, Some(date)) => format!("{}退", crate::i18n::Lang::Zh.day(date)),
            (true, None) => "退还".to_owned(),
        }
    }
}

impl HandoverList {
    pub(super) fn is_return(&self) -> bool {
        self.purpose == Purpose::Return
    }

    pub(super) fn is_takeover(&self) -> bool {
        self.purpose == Purpose::Takeover
    }

    /// Who hands over.
    pub(super) fn giver(&self) -> &'static str {
        match self.purpose {
            Purpose::Commission => "委托方",
            Purpose::Return => "代办方",
            Purpose::Takeover => "原代办员",
        }
    }

    /// Who receives.
    pub(super) fn taker(&self) -> &'static str {
        match self.purpose {
            Purpose::Commission => "代办方",
            Purpose::Return => "委托方",
            Purpose::Takeover => "现代办员",
        }
    }

    /// Pieces of a form.
    pub(super) fn count(&self, form: MaterialForm) -> usize {
        self.items.iter().filter(|item| item.form == form).count()
    }

    /// `共 5 份，其中原件 4 份。`
    pub(super) fn total(&self) -> String {
        let originals = self.count(MaterialForm::Original);
        match originals {
            0 => format!("共 {} 份。", self.items.len()),
            _ => format!("共 {} 份，其中原件 {originals} 份。", self.items.len()),
        }
    }
}

/// 一次性告知书.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Notice {
    pub(super) head: Head,
    pub(super) to: String,
    pub(super) matters: Vec<String>,
    pub(super) missing: Vec<Missing>,
    pub(super) bring_by: NaiveDate,
    pub(super) place: Option<String>,
    pub(super) agent_office: String,
    pub(super) agent: String,
    pub(super) agent_phone: String,
    pub(super) second_reason: Option<String>,
    pub(super) issued_on: NaiveDate,
}

/// A material on a notice.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Missing {
    pub(super) name: String,
    pub(super) matters: Vec<String>,
    pub(super) state: State,
    pub(super) how_to_get: String,
    pub(super) forms: Vec<MaterialForm>,
    pub(super) copies: u32,
    pub(super) deferrable: bool,
}

/// Why it stands there.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(super) enum State {
    Missing,
    NotRight { why: String },
}

impl Missing {
    pub(super) fn state_words(&self) -> String {
        match &self.state {
            State::Missing => "缺少".to_owned(),
            State::NotRight { why } => format!("不符合要求：{why}"),
        }
    }

    pub(super) fn form_words(&self) -> String {
        let forms: Vec<&str> = self.forms.iter().map(MaterialForm::label).collect();
        format!("{} {} 份", forms.join("、"), self.copies)
    }
}

/// 事项代办结果交付通知单.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Delivery {
    pub(super) head: Head,
    pub(super) commissioned_on: NaiveDate,
    pub(super) agent_office: String,
    pub(super) agent: String,
    pub(super) agent_phone: String,
    pub(super) client: String,
    pub(super) matters: Vec<String>,
    pub(super) course: Vec<Course>,
    pub(super) results: Vec<Outcome>,
    pub(super) delivered_at: Option<DateTime<Utc>>,
    pub(super) delivery: Way,
    pub(super) returned_at: Option<DateTime<Utc>>,
    pub(super) return_way: Way,
    pub(super) returned: Vec<Returned>,
    pub(super) kept: Vec<Kept>,
    pub(super) date: Option<NaiveDate>,
    pub(super) record_head: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Course {
    pub(super) on: Option<NaiveDate>,
    pub(super) text: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) matter: String,
    pub(super) outcome: String,
    pub(super) names: Vec<String>,
}

/// How results reach the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub(super) enum Way {
    InPerson { collector: Option<String> },
    Courier { carrier: String, number: String, address: String },
    Electronic { to: Option<String> },
}

impl Way {
    pub(super) fn words(&self) -> String {
        match self {
            Self::InPerson { collector: Some(name) } => format!("当面递交，领取人：{name}"),
            Self::InPerson { collector: None } => "当面递交".to_owned(),
            Self::Courier { carrier, number, address } => {
                format!("邮寄送达（{carrier}，邮件号 {number}，收件地址：{address}）")
            }
            Self::Electronic { to: Some(to) } => format!("电子送达，送至：{to}"),
            Self::Electronic { to: None } => "电子送达".to_owned(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Returned {
    pub(super) name: String,
    pub(super) form: MaterialForm,
    pub(super) copies: u32,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) keeper: String,
    pub(super) reason: String,
}

/// 签署页.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Sheet {
    pub(super) head: Head,
    pub(super) document_title: String,
    pub(super) document_number: String,
    pub(super) document_hash: String,
    pub(super) document_pages: u32,
    pub(super) signatures: Vec<Entry>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) side: String,
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) signed_at: DateTime<Utc>,
    pub(super) identity: String,
    /// The picture's bytes in base64.
    pub(super) picture: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    Screen,
    PaperScan,
}

impl Method {
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Screen => "屏幕手写",
            Self::PaperScan => "纸质签字扫描",
        }
    }
}

impl Entry {
    /// The picture as an address that a page can show.
    pub(super) fn source(&self) -> Option<String> {
        self.picture.as_ref().map(|base64| {
            let kind = if base64.starts_with("/9j/") { "jpeg" } else { "png" };
            format!("data:image/{kind};base64,{base64}")
        })
    }
}

/// 归档移交清单.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Transfer {
    pub(super) head: Head,
    pub(super) case_number: String,
    pub(super) case_title: String,
    pub(super) retention: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) rows: Vec<Row>,
    pub(super) date: Option<NaiveDate>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) document: String,
    pub(super) pages: Option<u32>,
    pub(super) to: String,
    pub(super) date: NaiveDate,
}

/// Any paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Form {
    Agreement(Agreement),
    DeliveryNotice(Delivery),
    OneTimeNotice(Notice),
    HandoverList(HandoverList),
    SignatureSheet(Sheet),
    TransferList(Transfer),
    Decision(Decision),
    #[serde(skip)]
    Outlined(Outlined),
}

impl Form {
    /// Reads a form as the program stores it.
    pub(super) fn read(stored: &PaperForm) -> Result<Self, Fault> {
        if let Some(outlined) = Outlined::of(stored) {
            return Ok(Self::Outlined(outlined));
        }
        let value = serde_json::to_value(stored).map_err(|error| Fault::internal(&error))?;
        serde_json::from_value(value).map_err(|error| Fault::internal(&error))
    }

    pub(super) fn title(&self) -> &str {
        match self {
            Self::Outlined(form) => &form.title,
            Self::Agreement(_) => "事项代办委托协议",
            Self::DeliveryNotice(_) => "事项代办结果交付通知单",
            Self::OneTimeNotice(_) => "一次性告知书",
            Self::HandoverList(form) if form.is_return() => "材料退还清单",
            Self::HandoverList(form) if form.is_takeover() => "代办员交接清单",
            Self::HandoverList(_) => "材料交接清单",
            Self::SignatureSheet(_) => "签署页",
            Self::TransferList(_) => "归档移交清单",
            Self::Decision(form) => match form.about {
                DecisionKind::Suspension => "代办帮办服务中止单",
                DecisionKind::Resumption => "代办帮办服务续办单",
                DecisionKind::Termination => "代办帮办服务终止单",
                DecisionKind::AgentChange => "更换代办员告知书",
            },
        }
    }

    fn head(&self) -> &Head {
        match self {
            Self::Agreement(form) => &form.head,
            Self::DeliveryNotice(form) => &form.head,
            Self::OneTimeNotice(form) => &form.head,
            Self::HandoverList(form) => &form.head,
            Self::SignatureSheet(form) => &form.head,
            Self::TransferList(form) => &form.head,
            Self::Decision(form) => &form.head,
            Self::Outlined(form) => &form.head,
        }
    }

    /// The line under the title.
    pub(super) fn under(&self) -> String {
        let number = format!("编号 {}", self.head().number);
        match self {
            Self::HandoverList(HandoverList { supplement: Some(count), purpose: Purpose::Commission, .. }) => {
                format!("第 {count} 次补充　{number}")
            }
            Self::DeliveryNotice(_) => format!("（代办帮办服务办结单）　{number}"),
            _ => number,
        }
    }

    /// Masks the client's telephone: whoever reads a paper on the screen without being its client has no need of it.
    pub(super) fn masked(mut self) -> Self {
        match &mut self {
            Self::Agreement(form) => form.client_phone = mask_phone(&form.client_phone),
            // The telephones of the hall are no secret.
            Self::HandoverList(form) if form.is_takeover() => {}
            Self::HandoverList(form) => {
                let client = if form.is_return() { &mut form.to } else { &mut form.from };
                client.phone = mask_phone(&client.phone);
            }
            Self::Outlined(form) => form.mask(),
            Self::DeliveryNotice(_)
            | Self::OneTimeNotice(_)
            | Self::SignatureSheet(_)
            | Self::TransferList(_)
            | Self::Decision(_) => {}
        }
        self
    }

    pub(super) fn check_url(&self) -> &str {
        &self.head().check_url
    }
}

/// A date on a paper, or the blank to be filled by hand.
pub(super) fn date(date: &Option<NaiveDate>) -> String {
    date.map_or_else(|| "　　年　　月　　日".to_owned(), words::paper_day)
}

/// A moment on a paper, or the blank.
pub(super) fn moment(at: &Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "　　年　　月　　日".to_owned(), words::paper_moment)
}

/// `2026年11月24日`
pub(super) fn day(date: &NaiveDate) -> String {
    words::paper_day(*date)
}

/// `2026年11月24日（周二）`
pub(super) fn bring_by(date: &NaiveDate) -> String {
    crate::i18n::Lang::Zh.date_long(*date)
}

/// `2026年11月24日 09:52:07（北京时间）`, for evidence.
pub(super) fn exact(at: &DateTime<Utc>) -> String {
    let local = domain::calendar::local(*at);
    format!("{} {}（北京时间）", words::paper_day(local.date()), local.format("%H:%M:%S"))
}

/// ① and on.
pub(super) fn mark(number: &usize) -> String {
    words::mark(*number)
}

/// 甲、乙、丙
pub(super) fn list(texts: &[String]) -> String {
    texts.join("、")
}

#[cfg(test)]
mod tests;
