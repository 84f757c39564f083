//! The delivery notice (annex 2, S6.3).

use super::{Paper, PaperError, form_of, matter_name, outcome_words};
use chrono::{DateTime, Utc};
use documents::{
    CourseLine, DeliveredResult, DeliveryNotice, DeliveryTitle, DeliveryWay, KeptMaterial, ReturnedMaterial,
};
use domain::calendar::today;
use domain::case::{self, CaseChannel, CaseMatter, DocumentKind, ResultItem};
use domain::clock::{Interval, IntervalKind};
use domain::custody::{Item, PieceForm, Place};

impl Paper<'_> {
    pub(super) fn delivery_notice(&self) -> Result<DeliveryNotice, PaperError> {
        let case = self.case;
        let delivery = self.way();
        let is_electronic = matches!(delivery, DeliveryWay::Electronic { .. });
        Ok(DeliveryNotice {
            head: self.head(),
            titled: DeliveryTitle::Notice,
            commissioned_on: today(case.agreement_signed_at.unwrap_or(case.created_at)),
            agent_office: self.agent_office(),
            agent: self.agent_name()?,
            agent_phone: self.agent_phone()?,
            client: self.context.party.name.clone(),
            matters: self.matters_named(|_| true),
            course: self.course()?,
            results: case.matters.iter().map(|matter| self.result_of(matter)).collect(),
            // Only what is sent electronically is there at once. Else the client writes the time, or its signature tells it.
            delivered_at: case.shipment.as_ref().filter(|_| is_electronic).map(|shipment| shipment.at),
            returned_at: None,
            // Originals cannot be sent over a wire.
            return_way: if is_electronic { DeliveryWay::InPerson { collector: None } } else { delivery.clone() },
            delivery,
            returned: self.returned(is_electronic)?,
            kept: self.kept()?,
            date: None,
            record_head: self.context.record_head.clone(),
        })
    }

    /// As it was sent; before that, as the client wants it.
    fn way(&self) -> DeliveryWay {
        let parcel = |carrier: Option<&String>, number: Option<&String>| DeliveryWay::Courier {
            carrier: carrier.cloned().unwrap_or_default(),
            number: number.cloned().unwrap_or_default(),
            address: self.context.address.unwrap_or_default().to_owned(),
        };
        match (&self.case.shipment, self.case.delivery) {
            (Some(shipment), _) if shipment.carrier.is_some() => {
                parcel(shipment.carrier.as_ref(), shipment.number.as_ref())
            }
            (Some(_), _) | (None, case::DeliveryWay::Electronic) => DeliveryWay::Electronic { to: None },
            (None, case::DeliveryWay::Courier) => parcel(None, None),
            (None, case::DeliveryWay::InPerson) => DeliveryWay::InPerson { collector: None },
        }
    }

    fn result_of(&self, matter: &CaseMatter) -> DeliveredResult {
        let code = &matter.scope.code;
        let is_here = |result: &&ResultItem| result.matter == *code && self.due.about.results.contains(&result.id);
        let named = |result: &ResultItem| match result.form {
            PieceForm::Original => result.name.clone(),
            PieceForm::Copy | PieceForm::Electronic => format!("{}（{}）", result.name, form_of(result.form).label()),
        };
        DeliveredResult {
            matter: matter_name(self.context.catalogue, code).to_owned(),
            outcome: outcome_words(self.context.catalogue, code, matter.outcome).to_owned(),
            names: self.case.results.iter().filter(is_here).map(named).collect(),
        }
    }

    /// What goes back with the results. With an electronic delivery the originals go back in person, on a list of their own.
    fn returned(&self, is_electronic: bool) -> Result<Vec<ReturnedMaterial>, PaperError> {
        let items = if is_electronic {
            let outstanding = self.case.outstanding_items();
            outstanding.iter().map(|id| self.item(id)).collect::<Result<_, _>>()?
        } else {
            self.items()?
        };
        let line = |item: &Item| {
            Ok(ReturnedMaterial { name: self.item_name(item)?, form: form_of(item.form), copies: item.copies })
        };
        items.into_iter().map(line).collect()
    }

    /// Originals that an authority keeps for good.
    fn kept(&self) -> Result<Vec<KeptMaterial>, PaperError> {
        let mut kept = Vec::new();
        for item in self.case.items.iter().filter(|item| item.form == PieceForm::Original) {
            if let Place::Kept { office, reason } = &item.place {
                let keeper = self.context.directory.office_name(office).to_owned();
                kept.push(KeptMaterial { name: self.item_name(item)?, keeper, reason: reason.clone() });
            }
        }
        Ok(kept)
    }

    /// The course of the work, oldest first; what happened at one moment stands in list order.
    fn course(&self) -> Result<Vec<CourseLine>, PaperError> {
        let mut steps = self.steps_of_case()?;
        for matter in &self.case.matters {
            self.steps_of_matter(matter, &mut steps);
        }
        if let Some(shipment) = &self.case.shipment {
            let text = match (&shipment.carrier, &shipment.number) {
                (Some(carrier), Some(number)) => format!("办理结果交{carrier}寄出，邮件号 {number}。"),
                _ => "办理结果电子送达委托方。".to_owned(),
            };
            steps.push((shipment.at, text));
        }
        steps.sort_by_key(|(at, _)| *at);
        Ok(steps.into_iter().map(|(at, text)| CourseLine { on: Some(today(at)), text }).collect())
    }

    fn steps_of_case(&self) -> Result<Vec<(DateTime<Utc>, String)>, PaperError> {
        let case = self.case;
        let signed = |kind: DocumentKind| {
            let document = case.documents.iter().find(|d| d.kind == kind && d.is_signed());
            document.map(|document| format!("（编号 {}）", document.number)).unwrap_or_default()
        };
        let channel = match case.channel {
            CaseChannel::WalkIn => "到窗口",
            CaseChannel::Phone => "来电",
            CaseChannel::Online => "在网上",
        };
        let mut steps = vec![(case.created_at, format!("委托方{channel}提出代办申请，办件编号 {}。", case.number))];
        let mut step = |at: Option<DateTime<Utc>>, text: String| steps.extend(at.map(|at| (at, text)));
        step(case.handover_signed_at, format!("双方签署材料交接清单{}。", signed(DocumentKind::HandoverList)));
        step(case.agreement_signed_at, format!("双方签订事项代办委托协议{}。", signed(DocumentKind::Agreement)));
        step(case.started_at, format!("代办员{}开始代办。", self.agent_name()?));
        Ok(steps)
    }

    fn steps_of_matter(&self, matter: &CaseMatter, steps: &mut Vec<(DateTime<Utc>, String)>) {
        let name = matter_name(self.context.catalogue, &matter.scope.code);
        let office = self.context.directory.office_name(&matter.office);
        let by_client = self.context.catalogue.office(&matter.office).is_some_and(|office| office.is_applicant());
        if let Some(at) = matter.submitted_at.filter(|_| !by_client) {
            let number = matter.number.as_deref().map(str::trim).filter(|number| !number.is_empty());
            let number = number.map(|number| format!("，受理编号 {number}")).unwrap_or_default();
            steps.push((at, format!("向{office}递交“{name}”申请{number}。")));
        }
        for pause in matter.clock.iter().flat_map(|clock| &clock.intervals) {
            steps.extend(pause_words(pause).map(|why| (pause.from, format!("“{name}”{why}，暂停计算时限。"))));
        }
        if let (Some(at), Some(_)) = (matter.finished_at, matter.outcome) {
            let outcome = outcome_words(self.context.catalogue, &matter.scope.code, matter.outcome);
            let who = if by_client { "委托方自行" } else { office };
            steps.push((at, format!("{who}办结“{name}”：{outcome}。")));
        }
    }
}

/// Why a clock stood still for a time.
fn pause_words(interval: &Interval) -> Option<String> {
    match (interval.kind, &interval.name) {
        (IntervalKind::Running, _) => None,
        (IntervalKind::Correction, _) => Some("补正材料".to_owned()),
        (IntervalKind::Special, Some(name)) => Some(format!("进入{name}")),
        (IntervalKind::Special, None) => Some("进入特殊环节".to_owned()),
        (IntervalKind::Suspended, _) => Some("中止办理".to_owned()),
    }
}
