//! What the catalogue file holds: offices, matters, materials, milestones, templates, fees.

use crate::ids::{MatterCode, OfficeCode, TemplateCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The unit that a limit counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DayUnit {
    /// 工作日: working days of the hall's calendar.
    #[default]
    #[serde(rename = "working_day")]
    WorkingDay,
    /// 自然日: every day counts; an end on a holiday moves to the next working day.
    #[serde(rename = "calendar_day", alias = "natural_day")]
    NaturalDay,
}

/// A time limit (限时办结): so many days of a unit, the first day not counted. Zero days means the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// How many days.
    pub days: u32,
    /// What kind of days.
    #[serde(default)]
    pub unit: DayUnit,
}

impl Limit {
    /// A limit of working days.
    #[must_use]
    pub const fn working_days(days: u32) -> Self {
        Self { days, unit: DayUnit::WorkingDay }
    }

    /// A limit of natural days.
    #[must_use]
    pub const fn natural_days(days: u32) -> Self {
        Self { days, unit: DayUnit::NaturalDay }
    }

    /// A share of the limit in per cent, rounded up to whole days: at least one day, and never longer than the limit itself.
    #[must_use]
    pub fn shortened(self, percent: u32) -> Self {
        let share = u64::from(self.days).saturating_mul(u64::from(percent)).div_ceil(100).max(1);
        Self { days: u32::try_from(share).unwrap_or(u32::MAX).min(self.days), unit: self.unit }
    }

    /// The limit in working days for plans: natural days are taken as five working days in seven, rounded up.
    #[must_use]
    pub const fn as_working_days(self) -> u32 {
        match self.unit {
            DayUnit::WorkingDay => self.days,
            DayUnit::NaturalDay => self.days.saturating_mul(5).div_ceil(7),
        }
    }
}

/// A special procedure (特殊环节) of a matter, whose days the limit does not count, such as an expert review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialProcedure {
    /// What it is called in the notice to the applicant.
    pub name: String,
    /// The longest that it may take.
    pub max_days: u32,
    /// What kind of days.
    #[serde(default)]
    pub unit: DayUnit,
}

impl SpecialProcedure {
    /// Its longest duration as a limit.
    #[must_use]
    pub const fn limit(&self) -> Limit {
        Limit { days: self.max_days, unit: self.unit }
    }
}

/// In what form a material is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// 表单: a form to fill in.
    Form,
    /// 原件.
    Original,
    /// 复印件.
    Copy,
    /// 电子件.
    Electronic,
}

/// On what medium a material is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Paper only.
    Paper,
    /// Electronic only.
    Electronic,
    /// Either.
    Both,
}

/// Where a material comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialSource {
    /// 申请人自备.
    Applicant,
    /// 中介机构编制.
    Intermediary,
    /// 部门数据共享: an office fetches it; the applicant does not owe it.
    DataSharing,
    /// 前序事项结果: the result of an earlier matter, carried over by the system.
    SharedFromSystem,
}

/// A material that a matter asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialSpec {
    /// Its name as the enterprise reads it.
    pub name: String,
    /// Form in which it is handed in.
    pub form: Form,
    /// How many copies.
    pub copies: u32,
    /// Paper, electronic or either.
    pub medium: Medium,
    /// Whether the matter cannot be taken without it.
    pub required: bool,
    /// 可容缺: may be promised and brought later; the result is withheld until then.
    pub deferrable: bool,
    /// Who provides it.
    pub source: MaterialSource,
    /// The earlier matters whose result it is; any one of them will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_matters: Vec<MatterCode>,
    /// When it is asked for, or what may stand in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The administrator's own text on how to get it; without one the text is made by [`super::how_to_get`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_to_get: Option<String>,
}

/// A matter (事项) that an office handles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Its code in this catalogue, such as `QY-02`.
    pub code: MatterCode,
    /// Its name.
    pub name: String,
    /// 事项类型, such as 行政许可.
    #[serde(rename = "type")]
    pub kind: String,
    /// The office that handles it.
    pub department: OfficeCode,
    /// Offices that take part in it.
    #[serde(default)]
    pub co_departments: Vec<OfficeCode>,
    /// 审批层级: who decides, from banner to state.
    pub level: String,
    /// The stage of a project that it belongs to; one of [`super::Catalogue::stages`].
    pub stage: String,
    /// 即办件 or 承诺件.
    pub handling: String,
    /// 法定时限; none if no law sets one.
    #[serde(flatten, with = "statutory_limit")]
    pub statutory: Option<Limit>,
    /// 承诺时限; none if its time is not counted.
    #[serde(flatten, with = "promised_limit")]
    pub promised: Option<Limit>,
    /// Procedures that the limit does not count.
    #[serde(default)]
    pub special_procedures: Vec<SpecialProcedure>,
    /// What must be handed in.
    pub materials: Vec<MaterialSpec>,
    /// Matters of the same case that must be finished first, by law.
    #[serde(default)]
    pub depends_on: Vec<MatterCode>,
    /// Matters usually done first; they may run in parallel.
    #[serde(default)]
    pub soft_after: Vec<MatterCode>,
    /// 设定依据.
    pub legal_basis: String,
    /// What it costs, in words; what may be noted as a fee is in [`super::Catalogue::fees`].
    pub fee: String,
    /// 可告知承诺.
    pub commitment_available: bool,
    /// The system in which it is filed; empty if there is none.
    pub system: String,
    /// What it produces (结果名称).
    pub result: String,
    /// Where the data of this entry come from.
    #[serde(default)]
    pub source: String,
    /// In which cases the matter is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_when: Option<String>,
    /// A remark for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// By how many days the law lets the limit be extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_days: Option<u32>,
    /// On what the promised limit rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_basis: Option<String>,
}

impl Matter {
    /// Every matter that usually or necessarily comes before: hard prerequisites first, each list in its own order.
    pub fn before(&self) -> impl Iterator<Item = &MatterCode> {
        self.depends_on.iter().chain(&self.soft_after)
    }

    /// The limit that binds the office: the promised one, else the statutory one.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        self.promised.or(self.statutory)
    }
}

macro_rules! flat_limit {
    ($module:ident, $days:literal, $unit:literal) => {
        mod $module {
            use super::{DayUnit, Limit};
            use serde::{Deserialize, Deserializer, Serialize, Serializer};

            #[derive(Serialize, Deserialize)]
            struct Flat {
                #[serde(rename = $days, default)]
                days: Option<u32>,
                #[serde(rename = $unit, default)]
                unit: DayUnit,
            }

            pub fn serialize<S: Serializer>(limit: &Option<Limit>, serializer: S) -> Result<S::Ok, S::Error> {
                Flat { days: limit.map(|l| l.days), unit: limit.map_or(DayUnit::WorkingDay, |l| l.unit) }
                    .serialize(serializer)
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Limit>, D::Error> {
                let flat = Flat::deserialize(deserializer)?;
                Ok(flat.days.map(|days| Limit { days, unit: flat.unit }))
            }
        }
    };
}

flat_limit!(statutory_limit, "statutory_days", "statutory_unit");
flat_limit!(promised_limit, "promised_days", "promised_unit");

/// An office (部门、科室) or an outside body that can hold a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its code, such as `D15`.
    pub code: OfficeCode,
    /// Its name.
    pub name: String,
    /// What it is, such as 政府部门 or 中介机构.
    pub kind: String,
    /// Whether it sits in the hall; bodies that do not never claim a matter.
    pub enters_hall: bool,
    /// A remark for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Department {
    /// Whether it is not an office at all but the applicant, who does the matter itself.
    #[must_use]
    pub fn is_applicant(&self) -> bool {
        self.kind == "申请人"
    }
}

/// A milestone (节点) of a project: which matters must be finished before it may be declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Its code, such as `MS-KG`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The rule in words.
    pub rule: String,
    /// The matters that must be finished, as far as the project has them.
    pub requires: Vec<MatterCode>,
    /// 依据.
    pub legal_basis: String,
}

/// A project template (项目模板): a ready list of matters for one kind of project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its code, such as `T5`.
    pub code: TemplateCode,
    /// Its name.
    pub name: String,
    /// What kind of project it fits.
    pub description: String,
    /// Its matters, in the order in which they are shown.
    pub matters: Vec<MatterCode>,
    /// Reference results, to test the plan against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimates: Option<Estimates>,
}

/// Reference results of a template, as computed by the catalogue's authors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimates {
    /// Number of matters.
    pub matters: usize,
    /// Number of materials over all matters.
    pub materials: usize,
    /// How many of them are results of another matter of the project.
    pub materials_reusable_in_project: usize,
    /// Number of offices.
    pub departments: usize,
    /// Sum of the promised days, as if everything ran one after the other.
    pub serial_promised_days: u32,
    /// Length of the critical path over hard prerequisites, working days.
    pub critical_path_hard_promised_days: u32,
    /// That path.
    pub critical_path_hard: Vec<MatterCode>,
    /// Length over hard and soft prerequisites, working days.
    pub critical_path_all_promised_days: u32,
    /// That path.
    pub critical_path_all: Vec<MatterCode>,
    /// The same with special procedures at their longest, working days.
    pub critical_path_all_with_special_days: u32,
    /// That path.
    pub critical_path_all_with_special: Vec<MatterCode>,
}

/// A statutory fee that may be noted on a case (S2.2); market prices are not fees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The matter it belongs to.
    pub matter: MatterCode,
    /// Its name, such as 不动产登记费.
    pub name: String,
    /// The law that sets it.
    pub legal_basis: String,
    /// The authority that it is paid to.
    pub payee: String,
    /// The rate in words; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub standard: String,
    /// Where the data of this entry come from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The bureau has checked this line.
    #[serde(default)]
    pub verified: bool,
}

/// The curated list of statutory fees as it is written in a file of its own; [`super::Catalogue::with_fees`] checks it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeFile {
    /// What the file says about itself.
    #[serde(default)]
    pub meta: serde_json::Map<String, serde_json::Value>,
    /// Every fee.
    pub fees: Vec<Fee>,
}

/// What the file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// The stages of a project in their order.
    #[serde(default)]
    pub stages: Vec<String>,
    /// Everything else, kept as it came.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, serde_json::Value>,
}

/// The catalogue as it is written in a file: unchecked, and free to edit before [`super::Catalogue::build`] checks it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogueFile {
    /// What the file says about itself.
    #[serde(default)]
    pub meta: Meta,
    /// Offices.
    pub departments: Vec<Department>,
    /// Matters, in list order.
    pub matters: Vec<Matter>,
    /// Milestones.
    #[serde(default)]
    pub milestones: Vec<Milestone>,
    /// Project templates.
    #[serde(default)]
    pub project_templates: Vec<Template>,
    /// Other names of materials: alias to the name that counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// Statutory fees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
}
