//! Handover list, agreement, return list: the papers about who holds what (S3.2, annex 1).

use super::{Paper, PaperError, form_of};
use documents::{Agreement, HandoverItem, HandoverList, HandoverParty, HandoverPurpose};
use domain::case::DocumentKind;
use domain::custody::Item;
use domain::ids::{DocumentId, Username};

impl Paper<'_> {
    pub(super) fn agreement(&self) -> Result<Agreement, PaperError> {
        let party = self.context.party;
        let items = self.items()?;
        let materials = items.iter().map(|item| self.in_words(item)).collect::<Result<_, _>>()?;
        Ok(Agreement {
            head: self.head(),
            agent_office: self.agent_office(),
            agent: self.agent_name()?,
            agent_phone: self.agent_phone()?,
            client: party.name.clone(),
            client_code: party.uscc.clone(),
            client_contact: self.client_signer().map(str::to_owned),
            client_phone: party.contact_phone.clone(),
            matters: self.matters_named(|matter| self.due.about.matters.contains(&matter.scope.code)),
            materials,
            handover_number: self.handover_numbers(&items),
            terms: Vec::new(),
            until: None,
            date: Some(self.context.today),
        })
    }

    /// `勘测定界图（原件，每份 2 页，共 3 份）`.
    pub(super) fn in_words(&self, item: &Item) -> Result<String, PaperError> {
        let (name, form) = (self.item_name(item)?, form_of(item.form).label());
        Ok(match (item.copies, item.pages) {
            (1, pages) => format!("{name}（{form}，{pages} 页，1 份）"),
            (copies, pages) => format!("{name}（{form}，每份 {pages} 页，共 {copies} 份）"),
        })
    }

    /// The numbers of the signed lists that the pieces came in on.
    fn handover_numbers(&self, items: &[&Item]) -> Option<String> {
        let is_meant = |id: &DocumentId| items.iter().any(|item| item.handed_over.as_ref() == Some(id));
        let lists = self.case.documents.iter().filter(|document| is_meant(&document.id));
        let numbers: Vec<&str> = lists.map(|document| document.number.as_str()).collect();
        (!numbers.is_empty()).then(|| numbers.join("、"))
    }

    pub(super) fn handover_list(&self) -> Result<HandoverList, PaperError> {
        let signed_before = self
            .case
            .documents
            .iter()
            .filter(|document| document.kind == DocumentKind::HandoverList && document.is_signed())
            .count();
        Ok(HandoverList {
            head: self.head(),
            purpose: HandoverPurpose::Commission,
            supplement: u32::try_from(signed_before).ok().filter(|count| *count > 0),
            from: self.client_side(),
            to: self.agent_side()?,
            matters: self.matters_of_items()?,
            items: self.lines()?,
            date: Some(self.context.today),
        })
    }

    /// What a former agent still holds, to the present one (S5.3).
    pub(super) fn takeover_list(&self) -> Result<HandoverList, PaperError> {
        let takeover = self.due.about.takeover.as_ref();
        let (from, to) = takeover.ok_or_else(|| PaperError::Unknown("takeover".to_owned()))?;
        let side = |person: &Username| {
            let known = self.context.directory.person(person);
            HandoverParty {
                unit: self.agent_office(),
                person: self.context.directory.person_name(person).to_owned(),
                phone: known.map(|person| person.phone.trim().to_owned()).unwrap_or_default(),
            }
        };
        Ok(HandoverList {
            head: self.head(),
            purpose: HandoverPurpose::Takeover,
            supplement: None,
            from: side(from),
            to: side(to),
            matters: self.matters_of_items()?,
            items: self.lines()?,
            date: None,
        })
    }

    /// The pieces that go back, and the results that were there when the case was left.
    pub(super) fn return_list(&self) -> Result<HandoverList, PaperError> {
        let results = self.results()?.map(|result| HandoverItem {
            name: format!("{}（办理结果）", result.name),
            form: form_of(result.form),
            pages: None,
            copies: 1,
            returned: true,
            return_by: None,
            condition: None,
            remark: None,
        });
        let pieces = self.lines()?.into_iter().map(|line| HandoverItem { returned: true, ..line });
        let lines = pieces.chain(results);
        Ok(HandoverList {
            head: self.head(),
            purpose: HandoverPurpose::Return,
            supplement: None,
            from: self.agent_side()?,
            to: self.client_side(),
            matters: self.matters_of_items()?,
            items: lines.collect(),
            // The day of the return is the day on which the client signs, which is not known yet.
            date: None,
        })
    }

    fn lines(&self) -> Result<Vec<HandoverItem>, PaperError> {
        let line = |item: &Item| {
            Ok(HandoverItem {
                name: self.item_name(item)?,
                form: form_of(item.form),
                pages: Some(item.pages),
                copies: item.copies,
                returned: item.to_return,
                return_by: None,
                condition: item.condition.clone(),
                remark: None,
            })
        };
        self.items()?.into_iter().map(line).collect()
    }

    /// The matters that need one of these pieces; all of the case where the scope has changed so that none does any more.
    fn matters_of_items(&self) -> Result<Vec<String>, PaperError> {
        let items = self.items()?;
        let materials: Vec<_> = items.iter().filter_map(|item| self.case.material(&item.material)).collect();
        let named = self.matters_named(|matter| {
            materials.iter().any(|m| m.spec.needed_by.iter().any(|need| need.matter == matter.scope.code))
        });
        Ok(if named.is_empty() { self.matters_named(|_| true) } else { named })
    }
}
