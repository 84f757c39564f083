//! The catalogue (事项目录): what can be asked for, of whom, with which materials, in what order and how fast.

mod check;
mod materials;
mod mode;
mod model;

pub use check::{CatalogueError, CycleEdges, LONGEST_LIMIT, MOST_COPIES, Problem};
pub use materials::{MaterialKey, MaterialUse, MergedMaterial, how_to_get, merge_materials};
pub use mode::{Mode, OPERATING_STAGE, Proposal, ProposalReason, propose_mode};
pub use model::{
    CatalogueFile, DayUnit, Department, Estimates, Fee, FeeFile, Form, Limit, MaterialSource, MaterialSpec, Matter,
    Medium, Meta, Milestone, SpecialProcedure, Template,
};

use crate::ids::{MatterCode, OfficeCode, TemplateCode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeSet, HashMap};

/// A checked catalogue: every reference leads somewhere and no prerequisite goes in a circle.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    file: CatalogueFile,
    matter_index: HashMap<MatterCode, usize>,
    office_index: HashMap<OfficeCode, usize>,
    /// For each material name that always means the same earlier result, the matters that give it.
    known_results: HashMap<String, BTreeSet<MatterCode>>,
}

impl Catalogue {
    /// Reads and checks a catalogue file.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once, each with what to do about it.
    pub fn parse(json: &str) -> Result<Self, CatalogueError> {
        let file = serde_json::from_str(json).map_err(|error| CatalogueError::unreadable(&error))?;
        Self::build(file)
    }

    /// Checks an edited catalogue and makes it ready for use.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn build(file: CatalogueFile) -> Result<Self, CatalogueError> {
        check::check(&file)?;
        let matter_index = file.matters.iter().enumerate().map(|(at, matter)| (matter.code.clone(), at)).collect();
        let office_index = file.departments.iter().enumerate().map(|(at, office)| (office.code.clone(), at)).collect();
        let known_results = materials::known_results(&file);
        Ok(Self { file, matter_index, office_index, known_results })
    }

    /// The catalogue with the curated list of statutory fees in place of its own (S2.2).
    ///
    /// # Errors
    /// Everything that is wrong with the list: a matter that the catalogue has not, a fee without law or payee, one twice.
    pub fn with_fees(mut self, list: FeeFile) -> Result<Self, CatalogueError> {
        check::check_fees(&list.fees, &self.file.matters)?;
        self.file.fees = list.fees;
        Ok(self)
    }

    /// The catalogue as a file, for editing or export.
    #[must_use]
    pub fn file(&self) -> &CatalogueFile {
        &self.file
    }

    /// A matter by its code.
    #[must_use]
    pub fn matter(&self, code: &MatterCode) -> Option<&Matter> {
        self.matter_position(code).and_then(|at| self.file.matters.get(at))
    }

    /// A matter's place in list order.
    #[must_use]
    pub fn matter_position(&self, code: &MatterCode) -> Option<usize> {
        self.matter_index.get(code).copied()
    }

    /// An office by its code.
    #[must_use]
    pub fn office(&self, code: &OfficeCode) -> Option<&Department> {
        self.office_index.get(code).and_then(|at| self.file.departments.get(*at))
    }

    /// A project template by its code.
    #[must_use]
    pub fn template(&self, code: &TemplateCode) -> Option<&Template> {
        self.file.project_templates.iter().find(|template| template.code == *code)
    }

    /// All matters in list order.
    #[must_use]
    pub fn matters(&self) -> &[Matter] {
        &self.file.matters
    }

    /// All offices in list order.
    #[must_use]
    pub fn departments(&self) -> &[Department] {
        &self.file.departments
    }

    /// All project templates in list order.
    #[must_use]
    pub fn templates(&self) -> &[Template] {
        &self.file.project_templates
    }

    /// All milestones in list order.
    #[must_use]
    pub fn milestones(&self) -> &[Milestone] {
        &self.file.milestones
    }

    /// The stages of a project in their order.
    #[must_use]
    pub fn stages(&self) -> &[String] {
        &self.file.meta.stages
    }

    /// All statutory fees (S2.2).
    #[must_use]
    pub fn fees(&self) -> &[Fee] {
        &self.file.fees
    }

    /// The statutory fees of a matter; none: it costs nothing by law (S2.2).
    pub fn fees_of<'a>(&'a self, matter: &'a MatterCode) -> impl Iterator<Item = &'a Fee> {
        self.file.fees.iter().filter(move |fee| fee.matter == *matter)
    }

    /// The fee of that name for that matter; without one, nothing may be noted (S2.2).
    #[must_use]
    pub fn fee(&self, matter: &MatterCode, name: &str) -> Option<&Fee> {
        self.file.fees.iter().find(|fee| fee.matter == *matter && fee.name == name)
    }

    /// The name that counts for a material: the name itself, or what the alias list says.
    #[must_use]
    pub fn canonical_name<'a>(&'a self, name: &'a str) -> &'a str {
        self.file.aliases.get(name).map_or(name, String::as_str)
    }

    /// What makes two materials the same thing: the same earlier results, else the same name through the alias list.
    #[must_use]
    pub fn material_key(&self, spec: &MaterialSpec) -> MaterialKey {
        materials::key(self, spec)
    }
}

impl Serialize for Catalogue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.file.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Catalogue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::build(CatalogueFile::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
