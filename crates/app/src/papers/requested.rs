//! Papers that somebody asks for: application, power of attorney, task slip, courier record (S2.1, S2.2, S5.3, S6.3).

use super::{Paper, PaperError, full_office_name, matter_name, words};
use chrono::{DateTime, NaiveDate, Utc};
use documents::{
    ApplicationProject, CourierOutcome, CourierRecord, CourierStep, PowerOfAttorney, ServiceApplication, ServiceWay,
    TaskAnswer, TaskDecision, TaskSlip,
};
use domain::calendar::today;
use domain::case::{CaseMatter, EndedBy, ParcelState, Shipment, authority_until};
use domain::catalogue::Mode;
use domain::clock::Clock;
use domain::custody::Place;

/// What an agent may do before an office in its client's name; it decides nothing for it.
const AUTHORITY: [&str; 4] = [
    "递交申请材料和补正材料，如实说明材料的来源",
    "签收受理、补正、告知等文书，并当日转告委托人",
    "陪同现场勘验、核查",
    "领取办理结果，交给委托人",
];

impl Paper<'_> {
    /// 代办帮办服务申请表. The client signs it, so its day is not known yet.
    pub(super) fn application(&self) -> ServiceApplication {
        let (case, party) = (self.case, self.context.party);
        let project = case.project.as_ref().map(|project| ApplicationProject {
            name: project.name.clone(),
            code: None,
            investment: project.investment_fen.map(words::money),
            site: project.site.clone(),
            industry: None,
            grade: None,
        });
        let mut stages: Vec<String> = Vec::new();
        for matter in &case.matters {
            let stage = self.context.catalogue.matter(&matter.scope.code).map(|matter| &matter.stage);
            stages.extend(stage.filter(|stage| !stages.contains(stage)).cloned());
        }
        ServiceApplication {
            head: self.head(),
            applicant: party.name.clone(),
            applicant_code: party.uscc.clone(),
            contact: self.client_signer().unwrap_or_default().to_owned(),
            phone: party.contact_phone.clone(),
            project,
            service: match case.mode {
                Mode::Agency => ServiceWay::Agency,
                Mode::Assistance => ServiceWay::Help,
            },
            stages,
            matters: self.matters_named(|_| true),
            delivery: Some(words::delivery(case.delivery).to_owned()),
            remark: None,
            received_by: None,
            received_at: Some(case.created_at),
            channel: Some(words::channel(case.channel).to_owned()),
            date: None,
        }
    }

    /// 授权委托书, for every office that the agent goes to in the client's stead.
    pub(super) fn power_of_attorney(&self) -> Result<PowerOfAttorney, PaperError> {
        let party = self.context.party;
        let from = today(self.asked_at()?);
        let is_represented = |matter: &CaseMatter| !self.is_client_own(matter);
        Ok(PowerOfAttorney {
            head: self.head(),
            principal: party.name.clone(),
            principal_code: party.uscc.clone(),
            representative: None,
            principal_phone: party.contact_phone.clone(),
            agent: self.agent_name()?,
            agent_office: self.agent_office(),
            agent_identity: None,
            agent_phone: self.agent_phone()?,
            to: self.offices_of(is_represented).join("、"),
            matters: self.matters_named(is_represented),
            authority: AUTHORITY.map(str::to_owned).to_vec(),
            from,
            until: authority_until(from),
            date: None,
        })
    }

    /// 交办单: a matter for its office, with what goes with it, and the answer where there is one.
    pub(super) fn task_slip(&self) -> Result<TaskSlip, PaperError> {
        let code = self.due.about.matters.first().ok_or_else(|| PaperError::Unknown("matter".to_owned()))?;
        let matter = self.case.matter(code).ok_or_else(|| PaperError::Unknown(code.to_string()))?;
        let context = self.context;
        let asked_at = self.asked_at()?;
        let name = matter_name(context.catalogue, code);
        let pieces = self.case.items.iter().filter(|item| {
            let material = self.case.material(&item.material);
            material.is_some_and(|material| material.spec.needed_by.iter().any(|need| need.matter == *code))
        });
        let (contact, phone) = self.contact();
        let ground = context.catalogue.matter(code).map(|matter| matter.legal_basis.trim().to_owned());
        Ok(TaskSlip {
            head: self.head(),
            to: full_office_name(context.directory, &matter.office),
            from: self.agent_office(),
            case_number: self.case.number.clone(),
            client: context.party.name.clone(),
            matter: name.to_owned(),
            task: format!("依法办理“{name}”。材料不齐的，一次性告知；办结后将结果和留存材料的理由反馈我单位。"),
            legal_grounds: ground.into_iter().filter(|ground| !ground.is_empty()).collect(),
            materials: pieces.map(|item| self.in_words(item)).collect::<Result<_, _>>()?,
            claim_by: context
                .calendar
                .add_working_minutes(matter.offered_at.unwrap_or(asked_at), context.policy.claim_minutes),
            due: self.matter_due(matter, asked_at),
            contact,
            phone,
            issued_on: today(asked_at),
            answer: self.claim_of(matter),
        })
    }

    /// By when a matter is to be done: its clock says so, or the promised limit as if it were handed in at that moment.
    fn matter_due(&self, matter: &CaseMatter, at: DateTime<Utc>) -> Option<NaiveDate> {
        let limit = matter.scope.limit.map(|limit| match self.case.green {
            Some(_) => limit.shortened(self.context.policy.green_percent),
            None => limit,
        });
        let clock = matter.clock.clone().or_else(|| limit.map(|limit| Clock::start(limit, at)))?;
        clock.due(self.context.calendar, at).map(|due| due.date)
    }

    fn claim_of(&self, matter: &CaseMatter) -> Option<TaskAnswer> {
        let person = matter.claimed_by.as_ref()?;
        let name = self.context.directory.person_name(person).to_owned();
        let phone = self.context.directory.person(person).map(|person| person.phone.trim().to_owned());
        let decision = TaskDecision::Claimed { person: name.clone(), phone: phone.unwrap_or_default() };
        Some(TaskAnswer { decision, by: name, at: matter.claimed_at? })
    }

    /// 邮寄记录 of the parcel that was sent last; those before it that did not arrive stand in its course.
    pub(super) fn courier_record(&self) -> Result<CourierRecord, PaperError> {
        let case = self.case;
        let under_way = case.shipment.as_ref().filter(|shipment| shipment.carrier.is_some());
        let last = case.lost_parcels.last();
        let shipment = under_way.or_else(|| last.map(|parcel| &parcel.shipment));
        let shipment = shipment.ok_or_else(|| PaperError::Unknown("shipment".to_owned()))?;
        let outcome = if under_way.is_some() { self.arrival() } else { last.map(lost) };
        let party = self.context.party;
        Ok(CourierRecord {
            head: self.head(),
            case_number: case.number.clone(),
            client: party.name.clone(),
            carrier: shipment.carrier.clone().unwrap_or_default(),
            number: shipment.number.clone().unwrap_or_default(),
            recipient: self.client_signer().unwrap_or_default().to_owned(),
            phone: party.contact_phone.clone(),
            address: self.context.address.unwrap_or_default().to_owned(),
            sent_by: self.agent_name().unwrap_or_else(|_| self.agent_office()),
            sent_at: shipment.at,
            items: self.content_of(shipment)?,
            steps: self.steps_of(shipment),
            outcome,
            proof: None,
        })
    }

    fn arrival(&self) -> Option<CourierOutcome> {
        let is_signed_for = self.case.delivered == Some(EndedBy::SignedFor);
        let at = self.case.results.iter().filter_map(|result| result.delivered_at).max();
        at.filter(|_| is_signed_for).map(|at| CourierOutcome::Received { at, by: None })
    }

    /// Results that were still owed when it was sent, and the pieces that moved into it.
    fn content_of(&self, shipment: &Shipment) -> Result<Vec<String>, PaperError> {
        let was_owed = |at: Option<DateTime<Utc>>| at.is_none_or(|at| at >= shipment.at);
        let results = self.case.results.iter().filter(|result| was_owed(result.delivered_at));
        let mut content: Vec<String> = results.map(|result| format!("{}（办理结果）", result.name)).collect();
        let into_it = self.case.custody.iter().filter(
            |line| matches!(&line.to, Place::Courier { number, .. } if Some(number) == shipment.number.as_ref()),
        );
        for line in into_it {
            content.push(self.in_words(self.item(&line.item)?)?);
        }
        Ok(content)
    }

    /// What is known of the parcel, and of those before it, oldest first.
    fn steps_of(&self, shipment: &Shipment) -> Vec<CourierStep> {
        let mut steps = vec![CourierStep { at: shipment.at, text: "交承运单位寄出".to_owned() }];
        for parcel in self.case.lost_parcels.iter().filter(|parcel| parcel.shipment != *shipment) {
            let number = parcel.shipment.number.as_deref().unwrap_or_default();
            let note = parcel.note.as_deref().map(|note| format!("：{note}")).unwrap_or_default();
            let text = format!("前一邮件 {number} {}{note}", parcel_state(parcel.state));
            steps.push(CourierStep { at: parcel.at, text });
        }
        steps.extend(
            shipment.last.iter().map(|(state, at)| CourierStep { at: *at, text: parcel_state(*state).to_owned() }),
        );
        steps.sort_by_key(|step| step.at);
        steps
    }

    /// When the paper was asked for.
    fn asked_at(&self) -> Result<DateTime<Utc>, PaperError> {
        let number = self.due.about.request.unwrap_or_default();
        let request = number.checked_sub(1).and_then(|index| self.case.paper_requests.get(index));
        request.map(|request| request.at).ok_or_else(|| PaperError::Unknown(format!("request {number}")))
    }
}

fn parcel_state(state: ParcelState) -> &'static str {
    match state {
        ParcelState::InTransit => "运输中",
        ParcelState::NotDelivered => "投递未成",
        ParcelState::Returned => "已退回",
        ParcelState::Lost => "丢失",
    }
}

/// What became of a parcel that did not arrive.
fn lost(parcel: &domain::case::LostParcel) -> CourierOutcome {
    let (at, reason) = (parcel.at, parcel.note.clone().unwrap_or_default());
    match parcel.state {
        ParcelState::Lost => CourierOutcome::Lost { at, reason },
        _ => CourierOutcome::Returned { at, reason },
    }
}
