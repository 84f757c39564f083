//! The transfer list: the file of an ended case goes from the lead office to the archive (S6.5).

use super::{Paper, full_office_name, matter_name, retention};
use documents::{TransferList, TransferRow};
use domain::calendar::today;
use domain::case::DocumentKind;
use domain::people::{Person, Role};

impl Paper<'_> {
    pub(super) fn transfer_list(&self) -> TransferList {
        let case = self.case;
        let directory = self.context.directory;
        let archivist =
            directory.people.values().find(|person| person.active && person.roles.contains(&Role::Archivist));
        let agent = case.agent.as_ref().and_then(|agent| directory.person(agent));
        let archive = archivist.and_then(|person| person.office.as_ref());
        let archive = archive.map_or_else(|| "档案室".to_owned(), |code| full_office_name(directory, code));
        let with_person = |office: &str, person: Option<&Person>| match person {
            Some(person) => format!("{office} {}", person.name),
            None => office.to_owned(),
        };
        TransferList {
            head: self.head(),
            case_number: case.number.clone(),
            case_title: self.title(),
            retention: retention(case.mode).to_owned(),
            from: with_person(&self.agent_office(), agent),
            to: with_person(&archive, archivist),
            rows: self.rows(&archive),
            record_head: self.context.record_head.clone(),
            date: Some(self.context.today),
        }
    }

    /// `某某公司 某某项目`, or with the first matter where there is no project.
    fn title(&self) -> String {
        let name = &self.context.party.name;
        match (&self.case.project, self.case.matters.first()) {
            (Some(project), _) => format!("{name} {}", project.name),
            (None, Some(matter)) => format!("{name} {}", matter_name(self.context.catalogue, &matter.scope.code)),
            (None, None) => name.clone(),
        }
    }

    /// Papers, then electronic pieces and scans, then results.
    fn rows(&self, archive: &str) -> Vec<TransferRow> {
        let office = self.agent_office();
        let row = |document: String, pages, hash: Option<&String>, at| TransferRow {
            document,
            pages,
            hash: hash.cloned(),
            from: office.clone(),
            to: archive.to_owned(),
            date: today(at),
        };
        let case = self.case;
        let papers = case.documents.iter().filter(|document| document.kind != DocumentKind::TransferList).map(|d| {
            let title = format!("{}（{}）", super::document_title(d.kind), d.number);
            row(title, Some(d.pages), Some(&d.hash), d.at)
        });
        let pieces = case.items.iter().filter_map(|item| {
            let name = case.material(&item.material)?.spec.name.clone();
            let file = item.file.as_ref()?;
            Some(row(name, Some(item.pages), Some(&file.hash), item.received_at))
        });
        let results = case.results.iter().map(|result| {
            let finished = case.matter(&result.matter).and_then(|matter| matter.finished_at);
            let hash = result.file.as_ref().map(|file| &file.hash);
            row(result.name.clone(), None, hash, finished.unwrap_or(case.created_at))
        });
        papers.chain(pieces).chain(results).collect()
    }
}
