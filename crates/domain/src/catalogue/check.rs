//! What must hold of a catalogue before anything relies on it.

use super::{CatalogueFile, Fee, MaterialSource, Matter};
use crate::ids::{MatterCode, OfficeCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

/// No limit is longer: ten years of days.
pub const LONGEST_LIMIT: u32 = 3660;
/// So many copies of a material can be meant.
pub const MOST_COPIES: u32 = 1000;

/// Why a catalogue was not taken: all that is wrong with it, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError {
    /// Each problem once, in the order of the file.
    pub problems: Vec<Problem>,
}

impl CatalogueError {
    pub(super) fn unreadable(error: &serde_json::Error) -> Self {
        let problem = Problem::Unreadable { line: error.line(), column: error.column(), what: error.to_string() };
        Self { problems: vec![problem] }
    }
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for CatalogueError {}

/// Over which prerequisites a circle goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleEdges {
    /// `depends_on` alone.
    Hard,
    /// `depends_on` together with `soft_after`.
    All,
}

/// One thing that is wrong with a catalogue; shown, it says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentence of each variant, in `Display`, says what its fields are")]
pub enum Problem {
    Unreadable { line: usize, column: usize, what: String },
    DuplicateCode { list: String, code: String },
    DuplicateMaterial { matter: MatterCode, material: String },
    EmptyText { place: String, field: String },
    UnknownOffice { matter: MatterCode, office: OfficeCode },
    UnknownMatter { place: String, matter: MatterCode },
    UnknownStage { matter: MatterCode, stage: String },
    RepeatedMatter { place: String, matter: MatterCode },
    Cycle { edges: CycleEdges, path: Vec<MatterCode> },
    LimitTooLong { matter: MatterCode, days: u32 },
    NoCopies { matter: MatterCode, material: String },
    ResultWithoutMatter { matter: MatterCode, material: String },
    AliasOfAlias { alias: String, name: String },
    FeeWithoutBasis { matter: MatterCode, fee: String },
    DuplicateFee { matter: MatterCode, fee: String },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { line, column, what } => {
                write!(f, "第{line}行第{column}列读不懂（{what}）。请对照目录文件的格式改正后重新导入。")
            }
            Self::DuplicateCode { list, code } => {
                write!(f, "{list}中的编码“{code}”出现了不止一次。请删去重复项或改用新编码。")
            }
            Self::DuplicateMaterial { matter, material } => {
                write!(f, "事项{matter}的材料“{material}”与本事项另一份材料是同一份。请合并为一项，或改名区分。")
            }
            Self::EmptyText { place, field } => write!(f, "{place}的“{field}”是空的。请填写。"),
            Self::UnknownOffice { matter, office } => {
                write!(f, "事项{matter}写的部门“{office}”不在部门表中。请先添加该部门，或改为已有部门的编码。")
            }
            Self::UnknownMatter { place, matter } => {
                write!(f, "{place}提到的事项“{matter}”不在目录中。请先添加该事项，或从{place}中删去它。")
            }
            Self::UnknownStage { matter, stage } => {
                write!(f, "事项{matter}的阶段“{stage}”不在阶段表中。请改为表中已有的阶段，或先把它加入阶段表。")
            }
            Self::RepeatedMatter { place, matter } => write!(f, "{place}把事项“{matter}”写了不止一次。请只留一个。"),
            Self::Cycle { edges, path } => {
                let names: Vec<&str> = path.iter().map(MatterCode::as_str).collect();
                let which = match edges {
                    CycleEdges::Hard => "depends_on",
                    CycleEdges::All => "depends_on 与 soft_after 合并后",
                };
                write!(f, "先后关系绕成了圈（{which}）：{}。请去掉其中一个先后关系。", names.join(" → "))
            }
            Self::LimitTooLong { matter, days } => {
                write!(f, "事项{matter}的期限{days}天超过了{LONGEST_LIMIT}天。请核对期限。")
            }
            Self::NoCopies { matter, material } => {
                write!(f, "事项{matter}的材料“{material}”份数不在1至{MOST_COPIES}之间。请改正份数，或删去该材料。")
            }
            Self::ResultWithoutMatter { matter, material } => {
                write!(f, "事项{matter}的材料“{material}”来自前序事项，但没有写是哪个事项。请填写 from_matters。")
            }
            Self::AliasOfAlias { alias, name } => {
                write!(f, "材料别名“{alias}”指向“{name}”，而它自己也是别名。请直接指向最终名称。")
            }
            Self::FeeWithoutBasis { matter, fee } => {
                write!(f, "事项{matter}的收费“{fee}”缺少名称、法律依据或收费单位。请补齐，没有依据的收费不能登记。")
            }
            Self::DuplicateFee { matter, fee } => {
                write!(f, "事项{matter}的收费“{fee}”写了不止一次。请只留一个。")
            }
        }
    }
}

/// Checks everything; an empty list of problems is `Ok`.
pub(super) fn check(file: &CatalogueFile) -> Result<(), CatalogueError> {
    let mut problems = Vec::new();
    duplicates(file, &mut problems);
    let codes: HashSet<&MatterCode> = file.matters.iter().map(|m| &m.code).collect();
    for matter in &file.matters {
        references(file, matter, &codes, &mut problems);
        contents(file, matter, &mut problems);
    }
    lists_of_matters(file, &codes, &mut problems);
    lawful_fees(&file.fees, &codes, &mut problems);
    for (alias, name) in &file.aliases {
        if file.aliases.contains_key(name) {
            problems.push(Problem::AliasOfAlias { alias: alias.clone(), name: name.clone() });
        }
    }
    cycles(file, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(CatalogueError { problems }) }
}

fn duplicates(file: &CatalogueFile, problems: &mut Vec<Problem>) {
    let lists: [(&str, Vec<&str>); 4] = [
        ("部门表", file.departments.iter().map(|d| d.code.as_str()).collect()),
        ("事项表", file.matters.iter().map(|m| m.code.as_str()).collect()),
        ("节点表", file.milestones.iter().map(|m| m.code.as_str()).collect()),
        ("项目模板", file.project_templates.iter().map(|t| t.code.as_str()).collect()),
    ];
    for (list, codes) in lists {
        let mut seen = HashSet::new();
        let mut told = HashSet::new();
        for code in codes {
            if code.trim().is_empty() {
                problems.push(Problem::EmptyText { place: list.to_owned(), field: "code".to_owned() });
            } else if !seen.insert(code) && told.insert(code) {
                problems.push(Problem::DuplicateCode { list: list.to_owned(), code: code.to_owned() });
            }
        }
    }
    for office in file.departments.iter().filter(|d| d.name.trim().is_empty()) {
        problems.push(Problem::EmptyText { place: format!("部门{}", office.code), field: "name".to_owned() });
    }
}

fn references(file: &CatalogueFile, matter: &Matter, codes: &HashSet<&MatterCode>, problems: &mut Vec<Problem>) {
    for office in std::iter::once(&matter.department).chain(&matter.co_departments) {
        if !file.departments.iter().any(|d| d.code == *office) {
            problems.push(Problem::UnknownOffice { matter: matter.code.clone(), office: office.clone() });
        }
    }
    if !file.meta.stages.contains(&matter.stage) {
        problems.push(Problem::UnknownStage { matter: matter.code.clone(), stage: matter.stage.clone() });
    }
    let place = format!("事项{}", matter.code);
    known_once(&place, &matter.depends_on, codes, problems);
    known_once(&place, &matter.soft_after, codes, problems);
    for material in &matter.materials {
        let place = format!("事项{}的材料“{}”", matter.code, material.name);
        known_once(&place, &material.from_matters, codes, problems);
    }
}

fn contents(file: &CatalogueFile, matter: &Matter, problems: &mut Vec<Problem>) {
    if matter.name.trim().is_empty() {
        problems.push(Problem::EmptyText { place: format!("事项{}", matter.code), field: "name".to_owned() });
    }
    let limits = [matter.statutory.map(|l| l.days), matter.promised.map(|l| l.days), matter.extension_days];
    let special = matter.special_procedures.iter().map(|p| p.max_days);
    for days in limits.into_iter().flatten().chain(special).filter(|days| *days > LONGEST_LIMIT) {
        problems.push(Problem::LimitTooLong { matter: matter.code.clone(), days });
    }
    let mut seen = HashSet::new();
    for material in &matter.materials {
        let (code, name) = (matter.code.clone(), material.name.clone());
        if material.name.trim().is_empty() {
            problems.push(Problem::EmptyText { place: format!("事项{code}的材料"), field: "name".to_owned() });
        } else if !seen.insert(file.aliases.get(&name).unwrap_or(&name).clone()) || same_result_twice(matter, material)
        {
            problems.push(Problem::DuplicateMaterial { matter: code.clone(), material: name.clone() });
        }
        if !(1..=MOST_COPIES).contains(&material.copies) {
            problems.push(Problem::NoCopies { matter: code.clone(), material: name.clone() });
        }
        if material.source == MaterialSource::SharedFromSystem && material.from_matters.is_empty() {
            problems.push(Problem::ResultWithoutMatter { matter: code, material: name });
        }
    }
}

/// Whether an earlier material of the matter names the same results, so that both would be taken for one thing.
fn same_result_twice(matter: &Matter, material: &super::MaterialSpec) -> bool {
    let results: BTreeSet<&MatterCode> = material.from_matters.iter().collect();
    let earlier = matter.materials.iter().take_while(|other| !std::ptr::eq(*other, material));
    earlier
        .filter(|other| !other.from_matters.is_empty())
        .any(|other| other.from_matters.iter().collect::<BTreeSet<_>>() == results)
}

fn lists_of_matters(file: &CatalogueFile, codes: &HashSet<&MatterCode>, problems: &mut Vec<Problem>) {
    for milestone in &file.milestones {
        known_once(&format!("节点{}", milestone.code), &milestone.requires, codes, problems);
    }
    for template in &file.project_templates {
        known_once(&format!("项目模板{}", template.code), &template.matters, codes, problems);
    }
}

fn known_once(place: &str, list: &[MatterCode], codes: &HashSet<&MatterCode>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for matter in list {
        if !codes.contains(matter) {
            problems.push(Problem::UnknownMatter { place: place.to_owned(), matter: matter.clone() });
        } else if !seen.insert(matter) {
            problems.push(Problem::RepeatedMatter { place: place.to_owned(), matter: matter.clone() });
        }
    }
}

/// Checks a list of fees against the catalogue that it is to join.
pub(super) fn check_fees(fees: &[Fee], matters: &[Matter]) -> Result<(), CatalogueError> {
    let mut problems = Vec::new();
    lawful_fees(fees, &matters.iter().map(|matter| &matter.code).collect(), &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(CatalogueError { problems }) }
}

fn lawful_fees(fees: &[Fee], codes: &HashSet<&MatterCode>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for fee in fees {
        fee_is_lawful(fee, codes, problems);
        if !seen.insert((&fee.matter, fee.name.trim())) {
            problems.push(Problem::DuplicateFee { matter: fee.matter.clone(), fee: fee.name.clone() });
        }
    }
}

fn fee_is_lawful(fee: &Fee, codes: &HashSet<&MatterCode>, problems: &mut Vec<Problem>) {
    if !codes.contains(&fee.matter) {
        problems
            .push(Problem::UnknownMatter { place: format!("收费“{}”", fee.name), matter: fee.matter.clone() });
    }
    if [&fee.name, &fee.legal_basis, &fee.payee].iter().any(|text| text.trim().is_empty()) {
        problems.push(Problem::FeeWithoutBasis { matter: fee.matter.clone(), fee: fee.name.clone() });
    }
}

fn cycles(file: &CatalogueFile, problems: &mut Vec<Problem>) {
    let index: HashMap<&MatterCode, usize> = file.matters.iter().enumerate().map(|(at, m)| (&m.code, at)).collect();
    let edges = |pick: fn(&Matter) -> Vec<&MatterCode>| -> Vec<Vec<usize>> {
        file.matters.iter().map(|m| pick(m).into_iter().filter_map(|c| index.get(c).copied()).collect()).collect()
    };
    let hard = edges(|m| m.depends_on.iter().collect());
    let all = edges(|m| m.before().collect());
    // A circle of hard prerequisites is one of both kinds too; it is told once.
    let found =
        find_cycle(&hard).map(|c| (CycleEdges::Hard, c)).or_else(|| find_cycle(&all).map(|c| (CycleEdges::All, c)));
    if let Some((edges, cycle)) = found {
        let path = cycle.into_iter().filter_map(|at| file.matters.get(at)).map(|m| m.code.clone()).collect();
        problems.push(Problem::Cycle { edges, path });
    }
}

/// One circle, in the order of work, its first matter repeated at the end.
fn find_cycle(before: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut after = vec![Vec::new(); before.len()];
    for (at, firsts) in before.iter().enumerate() {
        for first in firsts {
            after[*first].push(at);
        }
    }
    let mut ready: Vec<usize> = (0..before.len()).filter(|at| open[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for next in &after[at] {
            open[*next] -= 1;
            if open[*next] == 0 {
                ready.push(*next);
            }
        }
    }
    // Whatever is still open waits for a circle: going back from it along open matters must come round.
    let mut path = vec![open.iter().position(|waiting| *waiting > 0)?];
    loop {
        let last = *path.last()?;
        let back = *before[last].iter().find(|first| open[**first] > 0)?;
        if let Some(start) = path.iter().position(|at| *at == back) {
            let mut cycle = path.split_off(start);
            cycle.push(back);
            cycle.reverse();
            return Some(cycle);
        }
        path.push(back);
    }
}
