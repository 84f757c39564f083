//! What a case can tell: lookups, which matters may begin, what is lacking, what is outstanding.

use super::command::{CheckResult, Outcome};
use super::later::Deferral;
use super::paper::{Document, DocumentKind};
use super::state::{Case, CaseMaterial, CaseMatter, MatterStatus, ResultItem, Status};
use crate::catalogue::{MaterialSource, Mode};
use crate::custody::{CustodyLine, Item};
use crate::ids::{DocumentId, ItemId, MaterialId, MatterCode, ResultId, Username};
use serde::{Deserialize, Serialize};

/// What is known of a material, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialStatus {
    /// Another matter of this case will produce it, or was refused, so that it is not there.
    FromMatter,
    /// Another matter of this case has produced it.
    Produced,
    /// An office shares it; the client is not asked.
    Shared,
    /// An intermediary will make it.
    Intermediary,
    /// Not checked yet.
    Unchecked,
    /// Seen and right, not handed in yet.
    Ok,
    /// Missing.
    Missing,
    /// Not right.
    Wrong,
    /// Listed, the handover is not signed yet.
    Received,
    /// Handed over against signature.
    HandedOver,
}

impl MaterialStatus {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FromMatter => "from_matter",
            Self::Produced => "produced",
            Self::Shared => "shared",
            Self::Intermediary => "intermediary",
            Self::Unchecked => "unchecked",
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Wrong => "wrong",
            Self::Received => "received",
            Self::HandedOver => "handed_over",
        }
    }
}

impl Case {
    /// The matter with this code.
    #[must_use]
    pub fn matter(&self, code: &MatterCode) -> Option<&CaseMatter> {
        self.matters.iter().find(|matter| matter.scope.code == *code)
    }

    /// The material with this id.
    #[must_use]
    pub fn material(&self, id: &MaterialId) -> Option<&CaseMaterial> {
        self.materials.iter().find(|material| material.spec.id == *id)
    }

    /// The piece with this id.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == *id)
    }

    /// The result with this id.
    #[must_use]
    pub fn result(&self, id: &ResultId) -> Option<&ResultItem> {
        self.results.iter().find(|result| result.id == *id)
    }

    /// The document with this id.
    #[must_use]
    pub fn document(&self, id: &DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == *id)
    }

    /// The newest document of a kind: the only one of its kind that can be signed.
    #[must_use]
    pub fn newest(&self, kind: DocumentKind) -> Option<&Document> {
        self.documents.iter().rev().find(|document| document.kind == kind)
    }

    /// Hard prerequisites of a matter in this case's own list that are not finished, or were refused.
    #[must_use]
    pub fn open_prerequisites<'a>(&self, matter: &'a CaseMatter) -> Vec<&'a MatterCode> {
        let is_done = |code: &MatterCode| {
            self.matter(code).is_none_or(|m| {
                m.status == MatterStatus::Finished && matches!(m.outcome, Some(Outcome::Granted | Outcome::NotNeeded))
            })
        };
        matter.scope.prerequisites.iter().filter(|code| !is_done(code)).collect()
    }

    /// Matters that may begin now: not submitted, and nothing before them is open.
    pub fn beginning(&self) -> impl Iterator<Item = &CaseMatter> {
        self.matters.iter().filter(|matter| {
            !matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped | MatterStatus::Finished)
                && self.open_prerequisites(matter).is_empty()
        })
    }

    /// Pieces handed in for a material.
    pub fn items_for<'a>(&'a self, material: &'a MaterialId) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.material == *material)
    }

    /// What is known of a material.
    #[must_use]
    pub fn material_status(&self, material: &CaseMaterial) -> MaterialStatus {
        let lack = material.check.as_ref().and_then(|(result, _, _)| match result {
            CheckResult::Ok => None,
            CheckResult::Missing => Some(MaterialStatus::Missing),
            CheckResult::Wrong => Some(MaterialStatus::Wrong),
        });
        let mut items = self.items_for(&material.spec.id).peekable();
        if items.peek().is_some() {
            let all_handed_over = items.all(|item| item.handed_over.is_some());
            return lack.unwrap_or(if all_handed_over { MaterialStatus::HandedOver } else { MaterialStatus::Received });
        }
        match material.spec.source {
            MaterialSource::SharedFromSystem => self.produced_status(material),
            MaterialSource::DataSharing => MaterialStatus::Shared,
            MaterialSource::Intermediary if material.check.is_none() || lack.is_some() => MaterialStatus::Intermediary,
            MaterialSource::Applicant if material.check.is_none() => MaterialStatus::Unchecked,
            MaterialSource::Applicant | MaterialSource::Intermediary => lack.unwrap_or(MaterialStatus::Ok),
        }
    }

    /// Whether an earlier matter of this case produced the material, has to produce it, or an office shares it because it
    /// exists already.
    fn produced_status(&self, material: &CaseMaterial) -> MaterialStatus {
        let mut sources =
            material.spec.from_matters.iter().filter_map(|code| self.matter(code)).collect::<Vec<_>>().into_iter();
        if sources.clone().any(|matter| matter.outcome == Some(Outcome::Granted)) {
            MaterialStatus::Produced
        } else if sources.any(|matter| matter.outcome != Some(Outcome::NotNeeded)) {
            MaterialStatus::FromMatter
        } else {
            MaterialStatus::Shared
        }
    }

    /// Materials that the client owes for a matter before the handover list can be signed (S3.2): what another matter
    /// will produce, an intermediary will make or an office shares is not missing from the client.
    pub fn lacking<'a>(&'a self, matter: &'a MatterCode) -> impl Iterator<Item = &'a CaseMaterial> {
        self.needed(matter).filter(|material| {
            material.spec.source == MaterialSource::Applicant
                && !matches!(self.material_status(material), MaterialStatus::Received | MaterialStatus::HandedOver)
                && !self.is_deferred(matter, &material.spec.id)
        })
    }

    /// Materials of a matter that the check found lacking, so that no window can accept it (S3.1). The client carries its
    /// papers itself; nothing has to be handed over.
    pub fn lacking_at_window<'a>(&'a self, matter: &'a MatterCode) -> impl Iterator<Item = &'a CaseMaterial> {
        let is_lacking = |material: &&CaseMaterial| {
            matches!(self.material_status(material), MaterialStatus::Missing | MaterialStatus::Wrong)
        };
        self.lacking(matter).filter(is_lacking)
    }

    /// Materials that are not there yet for submitting a matter (S3.2), but for those that the client has promised for later.
    pub fn lacking_for_submission<'a>(&'a self, matter: &'a MatterCode) -> impl Iterator<Item = &'a CaseMaterial> {
        self.not_here(matter).filter(|material| !self.is_deferred(matter, &material.spec.id))
    }

    /// Materials of a matter that are not there: the client's handed over against signature, the intermediary's seen, the
    /// earlier matter's result there.
    fn not_here<'a>(&'a self, matter: &'a MatterCode) -> impl Iterator<Item = &'a CaseMaterial> {
        self.needed(matter).filter(|material| {
            let status = self.material_status(material);
            !match material.spec.source {
                MaterialSource::Applicant => status == MaterialStatus::HandedOver,
                MaterialSource::Intermediary => matches!(status, MaterialStatus::Ok | MaterialStatus::HandedOver),
                MaterialSource::DataSharing | MaterialSource::SharedFromSystem => {
                    matches!(status, MaterialStatus::Shared | MaterialStatus::Produced | MaterialStatus::HandedOver)
                }
            }
        })
    }

    /// Materials that a matter needs: the required ones, and conditional ones that the check found to be lacking or that
    /// were handed in.
    pub fn needed<'a>(&'a self, matter: &'a MatterCode) -> impl Iterator<Item = &'a CaseMaterial> {
        self.materials.iter().filter(move |material| {
            let found_lacking = matches!(material.check, Some((CheckResult::Missing | CheckResult::Wrong, _, _)));
            let applies = found_lacking || self.items_for(&material.spec.id).next().is_some();
            material.spec.needed_by.iter().any(|need| need.matter == *matter && (need.required || applies))
        })
    }

    /// Materials that the client owes for the matters that may begin now.
    #[must_use]
    pub fn lacking_to_start(&self) -> Vec<&CaseMaterial> {
        let mut lacking: Vec<&CaseMaterial> = Vec::new();
        for matter in self.beginning() {
            for material in self.lacking(&matter.scope.code) {
                if !lacking.iter().any(|known| known.spec.id == material.spec.id) {
                    lacking.push(material);
                }
            }
        }
        lacking
    }

    /// Whether the client has promised to hand the material in later for this matter (容缺): until then it counts as complete.
    #[must_use]
    pub fn is_deferred(&self, matter: &MatterCode, material: &MaterialId) -> bool {
        let is_it = |deferral: &&Deferral| deferral.matter == *matter && deferral.material == *material;
        self.deferrals.iter().filter(is_it).any(|deferral| deferral.promised_at.is_some())
    }

    /// What may be handed in later and is not here yet, with its matter.
    pub fn deferrable(&self) -> impl Iterator<Item = (&CaseMatter, &CaseMaterial)> {
        let open = self.matters.iter().filter(|matter| matter.status != MatterStatus::Finished);
        open.flat_map(|matter| {
            let code = &matter.scope.code;
            let is_known = |material: &CaseMaterial| {
                self.deferrals.iter().any(|known| known.matter == *code && known.material == material.spec.id)
            };
            let lets = |material: &CaseMaterial| {
                material.spec.needed_by.iter().any(|need| need.matter == *code && need.deferrable)
            };
            let is_listed = |material: &CaseMaterial| self.material_status(material) == MaterialStatus::Received;
            let lacking = self.not_here(code).filter(move |material| !is_listed(material));
            lacking
                .filter(move |material| lets(material) && !is_known(material))
                .map(move |material| (matter, material))
        })
    }

    /// Materials that were promised, are still owed, and for which a result is withheld.
    pub fn open_deferrals(&self) -> impl Iterator<Item = &Deferral> {
        self.deferrals.iter().filter(|deferral| deferral.promised_at.is_some() && self.is_owed(deferral))
    }

    /// Whether the client still owes what was deferred: its matter was not refused or dropped, and the material is not here. In
    /// assistance the client carries everything itself, and gets its results from the windows.
    fn is_owed(&self, deferral: &Deferral) -> bool {
        let is_due = |matter: &CaseMatter| matches!(matter.outcome, None | Some(Outcome::Granted));
        self.mode == Mode::Agency
            && self.matter(&deferral.matter).is_some_and(is_due)
            && self.not_here(&deferral.matter).any(|material| material.spec.id == deferral.material)
    }

    /// Whether a parcel is under way to the client.
    #[must_use]
    pub fn is_posted(&self) -> bool {
        self.delivered.is_none() && self.shipment.as_ref().is_some_and(|shipment| shipment.carrier.is_some())
    }

    /// Moves whose taker has not said so yet.
    pub fn open_moves(&self) -> impl Iterator<Item = &CustodyLine> {
        self.items.iter().filter_map(|item| {
            let last = self.custody.iter().rev().find(|line| line.item == item.id)?;
            last.is_open().then_some(last)
        })
    }

    /// Pieces listed but not on a handover list that both sides signed.
    #[must_use]
    pub fn pending_items(&self) -> Vec<ItemId> {
        self.items.iter().filter(|item| item.handed_over.is_none()).map(|item| item.id.clone()).collect()
    }

    /// Originals that are neither with the client nor kept for good by an authority.
    #[must_use]
    pub fn outstanding_items(&self) -> Vec<ItemId> {
        self.items.iter().filter(|item| item.is_outstanding()).map(|item| item.id.clone()).collect()
    }

    /// Results that have not reached the client.
    #[must_use]
    pub fn undelivered_results(&self) -> Vec<ResultId> {
        self.results.iter().filter(|result| result.delivered_at.is_none()).map(|result| result.id.clone()).collect()
    }

    /// Whether every matter in scope is finished.
    #[must_use]
    pub fn all_finished(&self) -> bool {
        !self.matters.is_empty() && self.matters.iter().all(|matter| matter.status == MatterStatus::Finished)
    }

    /// Whether a signed agreement covers the matter (S3.2): the first one, or a supplementary one for a matter that came
    /// into the scope afterwards.
    #[must_use]
    pub fn is_commissioned(&self, matter: &MatterCode) -> bool {
        self.documents.iter().any(|document| {
            document.kind == DocumentKind::Agreement && document.is_signed() && document.about.matters.contains(matter)
        })
    }

    /// Matters that no signed agreement covers yet.
    #[must_use]
    pub fn uncommissioned(&self) -> Vec<MatterCode> {
        let codes = self.matters.iter().map(|matter| &matter.scope.code);
        codes.filter(|code| !self.is_commissioned(code)).cloned().collect()
    }

    /// Pieces that somebody still holds who is the agent no more, and who that is (S5.3).
    #[must_use]
    pub fn takeover(&self) -> Option<(&Username, Vec<ItemId>)> {
        let agent = self.agent.as_ref();
        let former = self.agent_changes.iter().map(|change| &change.from).filter(|from| Some(*from) != agent);
        former.map(|from| (from, self.items_with(from))).find(|(_, items)| !items.is_empty())
    }

    fn items_with(&self, person: &Username) -> Vec<ItemId> {
        let held = self.items.iter().filter(|item| item.place.is_with(person));
        held.map(|item| item.id.clone()).collect()
    }

    /// Whether nothing that belongs to the client is left behind: no original, and no result once the case goes no further.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.outstanding_items().is_empty() && (self.leaving.is_none() || self.undelivered_results().is_empty())
    }

    /// Whether something of the client still has to come back although the case goes no further.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        matches!(self.status, Status::Withdrawn | Status::Terminated) && self.ended.is_none()
    }
}
