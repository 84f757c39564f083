//! Materials over several matters: which are the same thing, how to get them, the one list of a case.

use super::{Catalogue, CatalogueFile, Department, Form, MaterialSource, MaterialSpec, Matter, Medium};
use crate::ids::MatterCode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// What a material is, over all matters that ask for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaterialKey(pub String);

/// That a matter asks for a material, and how strictly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialUse {
    /// The matter that asks.
    pub matter: MatterCode,
    /// Whether that matter cannot be taken without it.
    pub required: bool,
    /// Whether that matter lets it be promised (容缺).
    pub deferrable: bool,
}

/// One material of a case, asked for by one matter or by many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedMaterial {
    /// What it is.
    pub key: MaterialKey,
    /// Its name, as the first matter calls it.
    pub name: String,
    /// The strictest demand: required if any requires it, original over copy, most copies.
    pub spec: MaterialSpec,
    /// Who asks for it, in list order.
    pub matters: Vec<MaterialUse>,
    /// The earlier matters whose result it is; any one of them will do.
    pub from_matters: Vec<MatterCode>,
}

/// For each material name that everywhere means one earlier result: the matters that give it.
///
/// So 营业执照 is one thing, whether a matter takes it over from the registration or has it shared by an office.
pub(super) fn known_results(file: &CatalogueFile) -> HashMap<String, BTreeSet<MatterCode>> {
    let mut known: HashMap<String, Option<BTreeSet<MatterCode>>> = HashMap::new();
    for spec in file.matters.iter().flat_map(|m| &m.materials).filter(|spec| !spec.from_matters.is_empty()) {
        let name = file.aliases.get(&spec.name).unwrap_or(&spec.name);
        let results: BTreeSet<MatterCode> = spec.from_matters.iter().cloned().collect();
        known
            .entry(name.clone())
            .and_modify(|before| {
                if before.as_ref() != Some(&results) {
                    *before = None;
                }
            })
            .or_insert(Some(results));
    }
    known.into_iter().filter_map(|(name, results)| results.map(|r| (name, r))).collect()
}

pub(super) fn key(catalogue: &Catalogue, spec: &MaterialSpec) -> MaterialKey {
    let name = catalogue.canonical_name(&spec.name);
    let named: BTreeSet<MatterCode>;
    let results = if spec.from_matters.is_empty() {
        catalogue.known_results.get(name)
    } else {
        named = spec.from_matters.iter().cloned().collect();
        Some(&named)
    };
    MaterialKey(match results {
        Some(results) => {
            let codes: Vec<&str> = results.iter().map(MatterCode::as_str).collect();
            format!("result:{}", codes.join("+"))
        }
        None => format!("name:{name}"),
    })
}

/// The one list of materials of a case, in list order: what several matters ask for stands there once.
///
/// Unknown and repeated codes are passed over.
#[must_use]
pub fn merge_materials(catalogue: &Catalogue, codes: &[MatterCode]) -> Vec<MergedMaterial> {
    let mut merged: Vec<MergedMaterial> = Vec::new();
    let mut places: HashMap<MaterialKey, usize> = HashMap::new();
    let mut seen = BTreeSet::new();
    for matter in codes.iter().filter(|code| seen.insert(*code)).filter_map(|code| catalogue.matter(code)) {
        for spec in &matter.materials {
            let usage =
                MaterialUse { matter: matter.code.clone(), required: spec.required, deferrable: spec.deferrable };
            let key = catalogue.material_key(spec);
            if let Some(known) = places.get(&key).and_then(|at| merged.get_mut(*at)) {
                known.matters.push(usage);
                tighten(&mut known.spec, spec);
                known.from_matters.clone_from(&known.spec.from_matters);
            } else {
                places.insert(key.clone(), merged.len());
                merged.push(MergedMaterial {
                    key,
                    name: spec.name.clone(),
                    spec: spec.clone(),
                    matters: vec![usage],
                    from_matters: spec.from_matters.clone(),
                });
            }
        }
    }
    merged
}

/// Makes the demand as strict as the stricter of the two.
fn tighten(spec: &mut MaterialSpec, other: &MaterialSpec) {
    // Only matters that require it decide whether it may be brought later.
    spec.deferrable = match (spec.required, other.required) {
        (true, false) => spec.deferrable,
        (false, true) => other.deferrable,
        _ => spec.deferrable && other.deferrable,
    };
    spec.required |= other.required;
    spec.copies = spec.copies.max(other.copies);
    if form_rank(other.form) > form_rank(spec.form) {
        spec.form = other.form;
    }
    if medium_rank(other.medium) > medium_rank(spec.medium) {
        spec.medium = other.medium;
    }
    if source_rank(other.source) > source_rank(spec.source) {
        spec.source = other.source;
    }
    if spec.from_matters.is_empty() {
        spec.from_matters.clone_from(&other.from_matters);
    }
    // A condition stays only if no matter asks unconditionally.
    spec.condition = match (spec.condition.take(), &other.condition) {
        (Some(mine), Some(theirs)) if mine == *theirs => Some(mine),
        (Some(mine), Some(theirs)) => Some(format!("{mine}；{theirs}")),
        _ => None,
    };
    if spec.how_to_get.is_none() {
        spec.how_to_get.clone_from(&other.how_to_get);
    }
}

fn form_rank(form: Form) -> u8 {
    match form {
        Form::Electronic => 0,
        Form::Copy => 1,
        Form::Form => 2,
        Form::Original => 3,
    }
}

fn medium_rank(medium: Medium) -> u8 {
    match medium {
        Medium::Both => 0,
        Medium::Electronic => 1,
        Medium::Paper => 2,
    }
}

/// How much the applicant has to do for it. A result that the system carries over stays one even if an office could share it.
fn source_rank(source: MaterialSource) -> u8 {
    match source {
        MaterialSource::DataSharing => 0,
        MaterialSource::SharedFromSystem => 1,
        MaterialSource::Intermediary => 2,
        MaterialSource::Applicant => 3,
    }
}

/// How the applicant gets a material (S6.2), in Chinese: the administrator's text, else one made from source, earlier matter, office.
#[must_use]
pub fn how_to_get(spec: &MaterialSpec, catalogue: &Catalogue) -> String {
    if let Some(text) = spec.how_to_get.as_deref().filter(|text| !text.trim().is_empty()) {
        return text.to_owned();
    }
    let way = match spec.source {
        MaterialSource::SharedFromSystem => from_earlier(spec, catalogue),
        MaterialSource::Intermediary => from_intermediary(spec),
        MaterialSource::DataSharing => from_office(spec, catalogue),
        MaterialSource::Applicant => from_applicant(spec, catalogue),
    };
    match &spec.condition {
        Some(condition) => format!("{way}（{condition}）"),
        None => way,
    }
}

fn from_earlier(spec: &MaterialSpec, catalogue: &Catalogue) -> String {
    let names: Vec<String> =
        spec.from_matters.iter().filter_map(|code| catalogue.matter(code)).map(|m| format!("‘{}’", m.name)).collect();
    format!("办结{}后由系统带入；已在别处办过的，带{}{}份", names.join("或"), form_name(spec.form), spec.copies)
}

fn from_intermediary(spec: &MaterialSpec) -> String {
    let body = if spec.name.contains("检测") || spec.name.contains("检验") || spec.name.contains("监测") {
        "委托有资质的检测监测机构出具"
    } else if spec.name.contains("测量") || spec.name.contains("测绘") {
        "委托有资质的测绘单位出具"
    } else if spec.name.contains("勘察") {
        "委托有资质的勘察单位出具"
    } else {
        "委托有资质的中介机构编制"
    };
    format!("{body}，交{}{}份", form_name(spec.form), spec.copies)
}

fn from_office(spec: &MaterialSpec, catalogue: &Catalogue) -> String {
    let name = catalogue.canonical_name(&spec.name);
    let issuer = catalogue.matters().iter().find(|m| m.result == name).and_then(|m| catalogue.office(&m.department));
    let by = issuer.map_or("受理部门", |office| office.name.as_str());
    format!("由{by}通过数据共享核验，不用提交；查不到时请带{}{}份到受理窗口", form_name(spec.form), spec.copies)
}

fn from_applicant(spec: &MaterialSpec, catalogue: &Catalogue) -> String {
    match (spec.form, spec.medium) {
        (Form::Form, medium) => blank_form(spec, medium, catalogue),
        (Form::Original, Medium::Electronic) => "自备，由企业出具，扫描原件上传".to_owned(),
        (Form::Original, _) => format!("自备，由企业出具，交原件{}份", spec.copies),
        (Form::Copy, Medium::Electronic) => "自备，用企业已有的原件扫描上传".to_owned(),
        (Form::Copy, _) => format!("自备，用企业已有的原件复印{}份，带上原件核对", spec.copies),
        (Form::Electronic, _) => "自备，由企业准备电子件上传，或用U盘带到窗口".to_owned(),
    }
}

fn blank_form(spec: &MaterialSpec, medium: Medium, catalogue: &Catalogue) -> String {
    let asking: Vec<&Matter> =
        catalogue.matters().iter().filter(|m| m.materials.iter().any(|x| x.name == spec.name)).collect();
    let system = the_only(asking.iter().map(|m| m.system.as_str())).filter(|system| !system.is_empty());
    let office = the_only(asking.iter().map(|m| &m.department)).and_then(|code| catalogue.office(code));
    let place = match office {
        Some(office) if !office.is_applicant() => window_of(office),
        _ => "代办帮办窗口".to_owned(),
    };
    match (medium, system) {
        (Medium::Electronic, Some(system)) => format!("自备，由企业登录‘{system}’在线填写；不会填的，窗口可以帮助"),
        (Medium::Electronic, None) => format!("自备，由企业填写后把电子件交到{place}"),
        (_, Some(system)) => {
            format!("自备，到{place}领表或在‘{system}’下载，由企业填写并签字盖章，交{}份", spec.copies)
        }
        (_, None) => format!("自备，到{place}领表，由企业填写并签字盖章，交{}份", spec.copies),
    }
}

fn window_of(office: &Department) -> String {
    if office.enters_hall { format!("{}窗口", office.name) } else { office.name.clone() }
}

/// The value that all have in common, if they have one.
fn the_only<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|other| other == first).then_some(first)
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Form => "填好的表",
        Form::Original => "原件",
        Form::Copy => "复印件",
        Form::Electronic => "电子件",
    }
}
