//! A form as names and values, for pages that show a paper without its layout.

use serde_json::Value;

use crate::forms::{Form, FormKind};
use crate::wording::wording_blocks;

/// What a paper says, in the order of the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Whom it addresses.
    pub to: Option<String>,
    /// Names and values.
    pub facts: Vec<OutlineFact>,
    /// Lists with their headings; none of them is empty.
    pub lists: Vec<(&'static str, Vec<String>)>,
    /// The sentences of the form's wording, filled in.
    pub sentences: Vec<String>,
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineFact {
    /// What it is.
    pub name: &'static str,
    /// The value.
    pub value: String,
    /// It is a telephone of the client.
    pub is_client_phone: bool,
}

/// Where a value stands in a form's view, as a JSON pointer, and what it is called.
type Named = (&'static str, &'static str);

struct Plan {
    to: Option<&'static str>,
    facts: &'static [Named],
    client_phone: &'static str,
    /// Lists; the last part names what of each entry is told, or nothing for entries that are texts.
    lists: &'static [(&'static str, &'static str, &'static [&'static str])],
}

const DEFERRED: &[&str] = &["name", "form", "copies", "why", "due", "consequence"];

fn plan(kind: FormKind) -> Option<Plan> {
    let none = "";
    Some(match kind {
        FormKind::ServiceApplication => {
            Plan {
                to: None, facts: APPLICATION, client_phone: "/phone", lists: &[("/matters", "申请办理的事项", &[])]
            }
        }
        FormKind::PowerOfAttorney => {
            let lists = &[("/authority", "委托权限", &[] as &[&str])];
            Plan { to: None, facts: POWER, client_phone: "/principal_phone", lists }
        }
        FormKind::TaskSlip => {
            let lists = &[("/legal_grounds", "法律依据", &[] as &[&str]), ("/materials", "随附材料", &[])];
            Plan { to: Some("/to"), facts: TASK, client_phone: none, lists }
        }
        FormKind::DeferralPromise => {
            let lists = &[("/items", "暂时不能提交的材料", DEFERRED)];
            Plan { to: None, facts: PROMISE, client_phone: "/phone", lists }
        }
        FormKind::DeferralNotice => {
            let lists = &[("/items", "还缺的材料", DEFERRED)];
            Plan { to: Some("/to"), facts: DEFERRAL, client_phone: none, lists }
        }
        FormKind::SpecialProcedureNotice => {
            let lists = &[("/legal_grounds", "其他依据", &[] as &[&str])];
            Plan { to: Some("/to"), facts: SPECIAL, client_phone: none, lists }
        }
        FormKind::GreenChannelApproval => {
            let lists: &[(_, _, &[&str])] =
                &[("/measures", "服务措施", &[]), ("/limits", "压缩后的时限", &["matter", "usual", "shortened"])];
            Plan { to: None, facts: GREEN, client_phone: none, lists }
        }
        FormKind::CourierRecord => {
            let lists: &[(_, _, &[&str])] = &[("/items", "内件", &[]), ("/steps", "投递经过", &["at", "text"])];
            Plan { to: None, facts: COURIER, client_phone: "/phone", lists }
        }
        _ => return None,
    })
}

const APPLICATION: &[Named] = &[
    ("/applicant", "申请人"),
    ("/applicant_code", "统一社会信用代码"),
    ("/contact", "联系人"),
    ("/phone", "电话"),
    ("/project/name", "项目名称"),
    ("/project/code", "项目代码"),
    ("/project/investment", "投资额"),
    ("/project/site", "建设地点"),
    ("/service", "服务方式"),
    ("/stages", "办理阶段"),
    ("/delivery", "结果取得方式"),
    ("/remark", "其他说明"),
    ("/received_at", "接收时间"),
    ("/channel", "接收渠道"),
];
const POWER: &[Named] = &[
    ("/principal", "委托人"),
    ("/principal_code", "统一社会信用代码"),
    ("/principal_phone", "电话"),
    ("/agent", "受托人"),
    ("/agent_office", "所在单位"),
    ("/agent_phone", "受托人电话"),
    ("/from", "委托期限自"),
    ("/until", "委托期限至"),
];
const TASK: &[Named] = &[
    ("/case_number", "案件编号"),
    ("/from", "交办单位"),
    ("/client", "委托方"),
    ("/matter", "事项"),
    ("/task", "交办内容"),
    ("/contact", "联系人"),
    ("/phone", "电话"),
    ("/decisions", "认领意见"),
    ("/answered_by", "答复人"),
    ("/answered_at", "答复时间"),
    ("/issued_on", "日期"),
];
const PROMISE: &[Named] =
    &[("/client", "承诺人"), ("/client_code", "统一社会信用代码"), ("/contact", "经办人"), ("/phone", "电话")];
const DEFERRAL: &[Named] = &[
    ("/promise_number", "依据承诺书"),
    ("/office", "通知单位"),
    ("/contact", "联系人"),
    ("/phone", "电话"),
    ("/issued_on", "日期"),
];
const SPECIAL: &[Named] = &[
    ("/procedure", "特别程序"),
    ("/reason", "原因"),
    ("/carried_out_by", "组织实施"),
    ("/begins_on", "开始日期"),
    ("/planned_end", "预计结束"),
    ("/office", "告知单位"),
    ("/contact", "联系人"),
    ("/phone", "电话"),
    ("/issued_on", "日期"),
];
const GREEN: &[Named] = &[
    ("/case_number", "案件编号"),
    ("/client", "委托方"),
    ("/project", "项目"),
    ("/reason", "申请理由"),
    ("/ground", "依据"),
    ("/named_person", "专人"),
    ("/decision", "审批结论"),
    ("/approval/text", "审批意见"),
    ("/approval/by", "审批人"),
    ("/approval/on", "审批日期"),
];
const COURIER: &[Named] = &[
    ("/case_number", "案件编号"),
    ("/client", "委托方"),
    ("/carrier", "承运单位"),
    ("/number", "邮件号"),
    ("/recipient", "收件人"),
    ("/phone", "电话"),
    ("/address", "收件地址"),
    ("/sent_at", "寄出时间"),
    ("/sent_by", "寄件人"),
    ("/outcome/label", "投递结果"),
    ("/outcome/at", "结果时间"),
    ("/outcome/value", "签收人或者原因"),
];

impl Form {
    /// The form as names and values; `None` for forms whose layout says more than that.
    #[must_use]
    pub fn outline(&self) -> Option<Outline> {
        let plan = plan(self.kind())?;
        let view = self.view();
        let told = |pointer: &str| view.pointer(pointer).map(words).filter(|text| !text.is_empty());
        let fact = |(pointer, name): &Named| {
            let value = told(pointer)?;
            Some(OutlineFact { name, value, is_client_phone: *pointer == plan.client_phone })
        };
        let list = |(pointer, name, columns): &(&'static str, &'static str, &[&str])| {
            let entries = view.pointer(pointer)?.as_array()?;
            let lines: Vec<String> = entries.iter().map(|entry| line(entry, columns)).collect();
            (!lines.is_empty()).then_some((*name, lines))
        };
        Some(Outline {
            to: plan.to.and_then(told),
            facts: plan.facts.iter().filter_map(fact).collect(),
            lists: plan.lists.iter().filter_map(list).collect(),
            sentences: self.sentences(&view),
        })
    }

    /// The default wording, its placeholders filled with what the view has under their names.
    fn sentences(&self, view: &Value) -> Vec<String> {
        let filled = |line: &str, placeholders: &[&str]| {
            placeholders.iter().fold(line.to_owned(), |line, name| {
                let value = view.get(*name).map(words).filter(|value| !value.is_empty());
                line.replace(&format!("{{{name}}}"), value.as_deref().unwrap_or("　　　　"))
            })
        };
        let blocks = wording_blocks(self.kind()).iter();
        blocks.flat_map(|block| block.default.lines().map(move |line| filled(line, block.placeholders))).collect()
    }
}

/// An entry of a list on one line.
fn line(entry: &Value, columns: &[&str]) -> String {
    let parts = columns.iter().filter_map(|column| entry.get(*column));
    let told: Vec<String> = parts.map(words).filter(|text| !text.is_empty()).collect();
    if columns.is_empty() { words(entry) } else { told.join("，") }
}

/// A value of a view in words: a text, a number, the ticked one of some boxes, or a marked text.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(boxes) => {
            let is_ticked = |one: &&Value| one.get("chosen") == Some(&Value::Bool(true));
            boxes.iter().find(is_ticked).and_then(|one| one.get("label")).map(words).unwrap_or_default()
        }
        Value::Object(marked) => {
            let parts = ["mark", "text"].into_iter().filter_map(|name| marked.get(name)?.as_str());
            parts.collect::<Vec<_>>().join(" ")
        }
        Value::Null | Value::Bool(_) => String::new(),
    }
}
