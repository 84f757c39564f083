//! Papers that follow from the case: promise and notice of what comes later, special procedures, the green channel (S6.2, S6.4).

use super::{Paper, PaperError, form_of, full_office_name, matter_name, words};
use documents::{
    DeferralNotice, DeferralPromise, DeferredItem, GreenChannelApproval, GreenDecision, GreenLimit,
    SpecialProcedureNotice,
};
use domain::calendar::today;
use domain::case::{CaseMatter, Deferral, DocumentKind};

impl Paper<'_> {
    /// 容缺受理承诺书. The client signs it, so its day is not known yet.
    pub(super) fn deferral_promise(&self) -> Result<DeferralPromise, PaperError> {
        let party = self.context.party;
        Ok(DeferralPromise {
            head: self.head(),
            client: party.name.clone(),
            client_code: party.uscc.clone(),
            contact: self.client_signer().unwrap_or_default().to_owned(),
            phone: party.contact_phone.clone(),
            to: self.offices_of(|matter| self.is_deferred(matter)).join("、"),
            matters: self.matters_named(|matter| self.is_deferred(matter)),
            items: self.deferred()?,
            date: None,
        })
    }

    /// 容缺受理通知书, once the promise is signed.
    pub(super) fn deferral_notice(&self) -> Result<DeferralNotice, PaperError> {
        let promised = self.deferrals()?.into_iter().filter_map(|deferral| deferral.promised_at).max();
        let accepted_on = promised.map_or(self.context.today, today);
        let promise = self.case.documents.iter().rev().find(|document| {
            let is_of_these = |pair| self.due.about.deferrals.contains(pair);
            document.kind == DocumentKind::DeferralPromise
                && document.is_signed()
                && document.about.deferrals.iter().any(is_of_these)
        });
        let (contact, phone) = self.contact();
        Ok(DeferralNotice {
            head: self.head(),
            to: self.context.party.name.clone(),
            matters: self.matters_named(|matter| self.is_deferred(matter)),
            items: self.deferred()?,
            promise_number: promise.map(|promise| promise.number.clone()),
            accepted_on,
            office: self.offices_of(|matter| self.is_deferred(matter)).join("、"),
            contact,
            phone,
            issued_on: accepted_on,
        })
    }

    /// 特别程序告知书: which procedure, and until when its time is not counted (行政许可法 art. 45).
    pub(super) fn special_notice(&self) -> Result<SpecialProcedureNotice, PaperError> {
        let unknown = || PaperError::Unknown("stop".to_owned());
        let (code, index) = self.due.about.stop.as_ref().ok_or_else(unknown)?;
        let matter = self.case.matter(code).ok_or_else(unknown)?;
        let stop = matter.clock.as_ref().and_then(|clock| clock.intervals.get(*index)).ok_or_else(unknown)?;
        let (contact, phone) = self.contact();
        let ground = self.context.catalogue.matter(code).map(|matter| matter.legal_basis.trim().to_owned());
        Ok(SpecialProcedureNotice {
            head: self.head(),
            to: self.context.party.name.clone(),
            matter: matter_name(self.context.catalogue, code).to_owned(),
            procedure: stop.name.clone().ok_or_else(unknown)?,
            reason: None,
            carried_out_by: None,
            begins_on: today(stop.from),
            planned_end: stop.until.ok_or_else(unknown)?,
            legal_grounds: ground.into_iter().filter(|ground| !ground.is_empty()).collect(),
            office: full_office_name(self.context.directory, &matter.office),
            contact,
            phone,
            issued_on: today(stop.from),
        })
    }

    /// 绿色通道审批单, as it was approved.
    pub(super) fn green_approval(&self) -> Result<GreenChannelApproval, PaperError> {
        let green = self.case.green.as_ref().ok_or_else(|| PaperError::Unknown("green channel".to_owned()))?;
        let directory = self.context.directory;
        let limits = self.case.matters.iter().filter_map(|matter| {
            let limit = matter.scope.limit?;
            Some(GreenLimit {
                matter: matter_name(self.context.catalogue, &matter.scope.code).to_owned(),
                usual: words::limit(limit),
                shortened: words::limit(limit.shortened(self.context.policy.green_percent)),
            })
        });
        Ok(GreenChannelApproval {
            head: self.head(),
            case_number: self.case.number.clone(),
            client: self.context.party.name.clone(),
            project: self.case.project.as_ref().map(|project| project.name.clone()),
            reason: green.reason.clone(),
            ground: None,
            measures: green.measures.iter().map(|measure| words::measure(*measure).to_owned()).collect(),
            limits: limits.collect(),
            named_person: directory.person_name(&green.person).to_owned(),
            applied_by: None,
            applied_on: None,
            approval: Some(GreenDecision {
                approved: true,
                opinion: "同意开通绿色通道。".to_owned(),
                by: directory.person_name(&green.approver).to_owned(),
                on: today(green.at),
            }),
        })
    }

    fn is_deferred(&self, matter: &CaseMatter) -> bool {
        self.due.about.deferrals.iter().any(|(code, _)| *code == matter.scope.code)
    }

    fn deferrals(&self) -> Result<Vec<&Deferral>, PaperError> {
        let find = |(matter, material): &(_, _)| {
            let deferrals = &self.case.deferrals;
            let found = deferrals.iter().find(|one| one.matter == *matter && one.material == *material);
            found.ok_or_else(|| PaperError::Unknown(format!("{matter} {material}")))
        };
        self.due.about.deferrals.iter().map(find).collect()
    }

    fn deferred(&self) -> Result<Vec<DeferredItem>, PaperError> {
        let line = |deferral: &Deferral| {
            let material = self.case.material(&deferral.material);
            let material = material.ok_or_else(|| PaperError::Unknown(deferral.material.to_string()))?;
            let why = material.check.as_ref().and_then(|(_, why, _)| why.as_deref()).map(str::trim);
            let consequence = deferral.consequence.trim();
            Ok(DeferredItem {
                name: material.spec.name.clone(),
                form: form_of(material.spec.form),
                copies: material.spec.copies,
                why: why.filter(|why| !why.is_empty()).map(str::to_owned),
                due: deferral.due,
                consequence: (!consequence.is_empty()).then(|| consequence.to_owned()),
            })
        };
        self.deferrals()?.into_iter().map(line).collect()
    }

    /// The names of the offices that hold the chosen matters, each once, in list order.
    pub(super) fn offices_of(&self, is_chosen: impl Fn(&CaseMatter) -> bool) -> Vec<String> {
        let mut offices: Vec<String> = Vec::new();
        for matter in self.case.matters.iter().filter(|matter| is_chosen(matter)) {
            let name = full_office_name(self.context.directory, &matter.office);
            if !offices.contains(&name) {
                offices.push(name);
            }
        }
        offices
    }

    /// Whether the client does a matter itself, before no office.
    pub(super) fn is_client_own(&self, matter: &CaseMatter) -> bool {
        self.context.catalogue.office(&matter.office).is_some_and(|office| office.is_applicant())
    }
}
