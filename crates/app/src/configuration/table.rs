//! What an administrator keeps, as tables of texts: one description serves forms, Excel files and lists of differences.

use super::cell::canonical;
use crate::FieldError;
use domain::catalogue::{LONGEST_LIMIT, MOST_COPIES};

/// A table of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// 事项.
    Matters,
    /// 材料.
    Materials,
    /// 前置: what comes before a matter.
    Prerequisites,
    /// 特殊环节.
    Special,
    /// 费用.
    Fees,
    /// 部门和外部单位.
    Departments,
    /// 项目模板.
    Templates,
    /// 节点.
    Milestones,
    /// 材料别名.
    Aliases,
    /// 本局名称与牵头科室: one row.
    Hall,
    /// 本局科室.
    Offices,
    /// 窗口.
    Windows,
    /// 服务时限: one row for each number that the hall sets.
    Policy,
    /// 放假安排.
    Holidays,
    /// 停办.
    Closures,
    /// 办公时间.
    Hours,
    /// 延时服务.
    Sessions,
    /// 人员.
    People,
}

/// Tables that go into one Excel file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Book {
    /// The catalogue with fees and templates.
    Catalogue,
    /// The hall's offices, windows and limits.
    Hall,
    /// Holidays, closures, hours.
    Calendar,
    /// People.
    People,
}

impl Book {
    /// Every one, in the order of pages.
    pub const ALL: [Self; 4] = [Self::Catalogue, Self::Hall, Self::Calendar, Self::People];

    /// The name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "catalogue",
            Self::Hall => "hall",
            Self::Calendar => "calendar",
            Self::People => "people",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|book| book.name() == name)
    }

    /// Its tables, in the order in which they are written.
    pub fn tables(self) -> impl Iterator<Item = Table> {
        Table::ALL.into_iter().filter(move |table| table.book() == self)
    }
}

/// How a cell is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A line.
    Text,
    /// Several lines.
    Area,
    /// A whole number from the first to the second.
    Number(u32, u32),
    /// `2027-01-01`.
    Date,
    /// `08:30`.
    Time,
    /// `05-01`.
    MonthDay,
    /// `08:30-12:00、14:30-17:30`.
    Periods,
    /// `yes` or `no`.
    YesNo,
    /// One of these: the value, and its Chinese word.
    Choice(&'static [(&'static str, &'static str)]),
    /// Any of these, joined by `、`.
    Choices(&'static [(&'static str, &'static str)]),
    /// A matter's code.
    Matter,
    /// Codes of matters, joined by `、`.
    Matters,
    /// An office's code.
    Office,
    /// Codes of offices, joined by `、`.
    Offices,
    /// A stage of projects.
    Stage,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in forms and addresses.
    pub name: &'static str,
    /// Its heading in Excel.
    pub heading: &'static str,
    /// How its cells are filled in.
    pub input: Input,
    /// Must not be empty.
    pub required: bool,
    /// Part of what a row is known by.
    pub key: bool,
}

/// A row: one text for each column, in the form that [`canonical`] gives.
pub type Row = Vec<String>;

const fn plain(name: &'static str, heading: &'static str, input: Input) -> Column {
    Column { name, heading, input, required: false, key: false }
}

const fn must(name: &'static str, heading: &'static str, input: Input) -> Column {
    Column { required: true, ..plain(name, heading, input) }
}

const fn key(name: &'static str, heading: &'static str, input: Input) -> Column {
    Column { key: true, ..must(name, heading, input) }
}

const DAYS_OF_A_LIMIT: Input = Input::Number(0, LONGEST_LIMIT);
const COPIES: Input = Input::Number(1, MOST_COPIES);
const YEARS: Input = Input::Number(2000, 2099);
const UNITS: Input = Input::Choice(&[("working_day", "工作日"), ("calendar_day", "自然日")]);
const FORMS: Input =
    Input::Choice(&[("form", "表单"), ("original", "原件"), ("copy", "复印件"), ("electronic", "电子件")]);
const MEDIA: Input = Input::Choice(&[("paper", "纸质"), ("electronic", "电子"), ("both", "纸质或电子")]);
const SOURCES: Input = Input::Choice(&[
    ("applicant", "申请人自备"),
    ("intermediary", "中介机构编制"),
    ("data_sharing", "部门共享"),
    ("shared_from_system", "前序事项结果"),
]);
const ORDERS: Input = Input::Choice(&[("hard", "必须先办"), ("soft", "通常先办")]);
const DAYS: Input = Input::Choice(&[("off", "放假"), ("work", "上班")]);
const LANGUAGES: Input = Input::Choice(&[("zh", "中文"), ("en", "英文")]);
const ROLES: Input = Input::Choices(&[
    ("window_clerk", "窗口人员"),
    ("service_staff", "代办帮办人员"),
    ("office_head", "科室负责人"),
    ("archivist", "档案人员"),
    ("supervisor", "督查人员"),
    ("director", "局领导"),
    ("administrator", "系统管理员"),
]);

const MATTERS: &[Column] = &[
    key("code", "编码", Input::Text),
    must("name", "名称", Input::Text),
    must("type", "事项类型", Input::Text),
    must("office", "办理部门", Input::Office),
    plain("co_offices", "配合部门", Input::Offices),
    must("level", "审批层级", Input::Text),
    must("stage", "阶段", Input::Stage),
    must("handling", "办件类型", Input::Choice(&[("即办件", "即办件"), ("承诺件", "承诺件")])),
    plain("statutory_days", "法定时限", DAYS_OF_A_LIMIT),
    plain("statutory_unit", "法定时限单位", UNITS),
    plain("promised_days", "承诺时限", DAYS_OF_A_LIMIT),
    plain("promised_unit", "承诺时限单位", UNITS),
    plain("promised_basis", "承诺依据", Input::Text),
    plain("extension_days", "可延长天数", DAYS_OF_A_LIMIT),
    plain("legal_basis", "设定依据", Input::Area),
    plain("fee", "收费说明", Input::Text),
    must("commitment", "可告知承诺", Input::YesNo),
    plain("system", "办理系统", Input::Text),
    plain("result", "结果名称", Input::Text),
    plain("applies_when", "适用情形", Input::Area),
    plain("note", "备注", Input::Area),
    plain("source", "资料来源", Input::Text),
];
const MATERIALS: &[Column] = &[
    key("matter", "事项", Input::Matter),
    key("name", "材料名称", Input::Text),
    must("form", "形式", FORMS),
    must("copies", "份数", COPIES),
    must("medium", "介质", MEDIA),
    must("required", "必要", Input::YesNo),
    must("deferrable", "可容缺", Input::YesNo),
    must("source", "来源", SOURCES),
    plain("from_matters", "来自事项", Input::Matters),
    plain("condition", "适用条件", Input::Area),
    plain("how_to_get", "如何取得", Input::Area),
];
const PREREQUISITES: &[Column] =
    &[key("matter", "事项", Input::Matter), key("before", "先办事项", Input::Matter), must("order", "关系", ORDERS)];
const SPECIAL: &[Column] = &[
    key("matter", "事项", Input::Matter),
    key("name", "环节名称", Input::Text),
    must("max_days", "最长天数", DAYS_OF_A_LIMIT),
    must("unit", "单位", UNITS),
];
const FEES: &[Column] = &[
    key("matter", "事项", Input::Matter),
    key("name", "收费名称", Input::Text),
    must("legal_basis", "收费依据", Input::Area),
    must("payee", "收取单位", Input::Text),
    plain("standard", "收费标准", Input::Area),
    plain("source", "资料来源", Input::Text),
    must("verified", "已核对", Input::YesNo),
];
const DEPARTMENTS: &[Column] = &[
    key("code", "编码", Input::Text),
    must("name", "名称", Input::Text),
    must("kind", "类别", Input::Text),
    must("enters_hall", "进驻大厅", Input::YesNo),
    plain("phone", "电话", Input::Text),
    plain("note", "备注", Input::Area),
];
const TEMPLATES: &[Column] = &[
    key("code", "编码", Input::Text),
    must("name", "名称", Input::Text),
    plain("description", "适用项目", Input::Area),
    must("matters", "事项清单", Input::Matters),
];
const MILESTONES: &[Column] = &[
    key("code", "编码", Input::Text),
    must("name", "名称", Input::Text),
    plain("rule", "规则", Input::Area),
    must("requires", "须办结事项", Input::Matters),
    plain("legal_basis", "依据", Input::Area),
];
const ALIASES: &[Column] = &[key("alias", "别名", Input::Text), must("name", "标准名称", Input::Text)];
const HALL: &[Column] = &[
    must("bureau", "局名称", Input::Text),
    must("hall", "大厅名称", Input::Text),
    must("business_office", "业务科室", Input::Office),
];
const OFFICES: &[Column] =
    &[key("code", "编码", Input::Text), must("name", "名称", Input::Text), plain("phone", "电话", Input::Text)];
const WINDOWS: &[Column] = &[
    key("number", "窗口号", Input::Text),
    must("name", "名称", Input::Text),
    must("office", "部门", Input::Office),
    plain("matters", "办理事项", Input::Matters),
];
const POLICY: &[Column] = &[key("name", "项目", Input::Text), plain("value", "值", Input::Text)];
const HOLIDAYS: &[Column] =
    &[key("date", "日期", Input::Date), must("day", "安排", DAYS), must("year", "所属年度", YEARS)];
const CLOSURES: &[Column] =
    &[key("date", "日期", Input::Date), must("document", "文件号", Input::Text), plain("cause", "原因", Input::Text)];
const HOURS: &[Column] = &[
    Column { required: false, ..key("from", "起（月-日，空为全年）", Input::MonthDay) },
    plain("to", "止（月-日）", Input::MonthDay),
    must("periods", "办公时段", Input::Periods),
];
const SESSIONS: &[Column] = &[
    key("date", "日期", Input::Date),
    key("from", "起", Input::Time),
    must("to", "止", Input::Time),
    Column { required: false, ..key("office", "部门（空为全部）", Input::Office) },
];
const PEOPLE: &[Column] = &[
    key("username", "账号", Input::Text),
    must("name", "姓名", Input::Text),
    must("office", "部门", Input::Office),
    plain("post", "职务", Input::Text),
    plain("phone", "电话", Input::Text),
    must("roles", "角色", ROLES),
    must("qualified", "可任代办员", Input::YesNo),
    must("active", "在岗", Input::YesNo),
    plain("language", "页面语言", LANGUAGES),
];

impl Table {
    /// Every one; what others build upon comes first.
    pub const ALL: [Self; 18] = [
        Self::Departments,
        Self::Matters,
        Self::Materials,
        Self::Prerequisites,
        Self::Special,
        Self::Fees,
        Self::Templates,
        Self::Milestones,
        Self::Aliases,
        Self::Offices,
        Self::Hall,
        Self::Windows,
        Self::Policy,
        Self::Holidays,
        Self::Closures,
        Self::Hours,
        Self::Sessions,
        Self::People,
    ];

    const fn parts(self) -> (&'static str, &'static str, Book, &'static [Column]) {
        match self {
            Self::Departments => ("departments", "部门", Book::Catalogue, DEPARTMENTS),
            Self::Matters => ("matters", "事项", Book::Catalogue, MATTERS),
            Self::Materials => ("materials", "材料", Book::Catalogue, MATERIALS),
            Self::Prerequisites => ("prerequisites", "前置", Book::Catalogue, PREREQUISITES),
            Self::Special => ("special", "特殊环节", Book::Catalogue, SPECIAL),
            Self::Fees => ("fees", "费用", Book::Catalogue, FEES),
            Self::Templates => ("templates", "项目模板", Book::Catalogue, TEMPLATES),
            Self::Milestones => ("milestones", "节点", Book::Catalogue, MILESTONES),
            Self::Aliases => ("aliases", "材料别名", Book::Catalogue, ALIASES),
            Self::Hall => ("hall", "大厅", Book::Hall, HALL),
            Self::Offices => ("offices", "科室", Book::Hall, OFFICES),
            Self::Windows => ("windows", "窗口", Book::Hall, WINDOWS),
            Self::Policy => ("policy", "服务时限", Book::Hall, POLICY),
            Self::Holidays => ("holidays", "放假安排", Book::Calendar, HOLIDAYS),
            Self::Closures => ("closures", "停办", Book::Calendar, CLOSURES),
            Self::Hours => ("hours", "办公时间", Book::Calendar, HOURS),
            Self::Sessions => ("sessions", "延时服务", Book::Calendar, SESSIONS),
            Self::People => ("people", "人员", Book::People, PEOPLE),
        }
    }

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.parts().0
    }

    /// The name of its sheet in Excel.
    #[must_use]
    pub const fn sheet(self) -> &'static str {
        self.parts().1
    }

    /// The file that it belongs to.
    #[must_use]
    pub const fn book(self) -> Book {
        self.parts().2
    }

    /// Its columns.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        self.parts().3
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Whether its rows are fixed: they are changed, never added or removed.
    #[must_use]
    pub const fn is_fixed(self) -> bool {
        matches!(self, Self::Hall | Self::Policy)
    }

    /// What a row is known by.
    #[must_use]
    pub fn key_of(self, row: &[String]) -> String {
        let parts = self.columns().iter().zip(row).filter(|(column, _)| column.key).map(|(_, cell)| cell.as_str());
        parts.collect::<Vec<_>>().join("|")
    }

    /// The place of a column.
    #[must_use]
    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == name)
    }

    /// Brings the cells of a row into their one form.
    ///
    /// # Errors
    /// Every cell that is not right, as a field named after its column.
    pub fn row(self, cells: &[String]) -> Result<Row, Vec<FieldError>> {
        let mut row = Row::new();
        let mut wrong = Vec::new();
        for (at, column) in self.columns().iter().enumerate() {
            match canonical(column, cells.get(at).map_or("", String::as_str)) {
                Ok(cell) => row.push(cell),
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() { Ok(row) } else { Err(wrong) }
    }
}
