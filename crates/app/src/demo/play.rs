//! Takes a case from wherever it stands one sensible step further, as the person whose step it is.

use super::chance::Chance;
use super::ink;
use super::plans::Plan;
use crate::{App, AppError, Clock};
use chrono::{DateTime, Utc};
use domain::case::{
    AgreementCommand, Case, Command, DeliveryCommand, Document, DocumentKind, IdentityProof, ItemInput,
    MaterialsCommand, MattersCommand, Outcome, ResultInput, Side, SignatureMethod, SignerInput,
};
use domain::catalogue::Mode;
use domain::chain::Envelope;
use domain::custody::PieceForm;
use domain::ids::{CaseId, FileId, MatterCode, Username};

/// A case is played no longer than this: a rule that lets nothing happen would otherwise hold the demo for ever.
const MOST_STEPS: usize = 2_000;

/// One step: when at the earliest, who, what.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: DateTime<Utc>,
    pub(super) who: Username,
    pub(super) what: Act,
}

/// What somebody does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Gives a command that needs nothing else.
    Give(Box<Command>),
    /// Signs the newest document of a kind.
    Sign(DocumentKind, Side),
    /// Lists what the client brings.
    Receive(Vec<ItemInput>),
    /// Finishes a matter with its result.
    Finish(MatterCode),
    /// Hands everything over against signature.
    HandOver,
    /// Gives the originals back against signature.
    Return,
}

/// A case that is played, with the clock that it goes by.
pub(super) struct Player {
    app: App,
    clock: Clock,
    pub(super) plan: Plan,
    pub(super) chance: Chance,
    horizon: DateTime<Utc>,
}

impl Player {
    pub(super) fn new(app: App, clock: Clock, plan: Plan, chance: Chance, horizon: DateTime<Utc>) -> Self {
        Self { app, clock, plan, chance, horizon }
    }

    /// Plays until the plan's goal is reached, or the next step lies behind the horizon, or there is none.
    pub(super) async fn play(&self, id: &CaseId) -> Result<(), AppError> {
        let (_, mut case) = self.app.load(id).await?;
        for _ in 0..MOST_STEPS {
            if self.plan.goal.is_reached(&case) {
                break;
            }
            let Some(step) = self.next(&case) else { break };
            let at = step.at.max(self.now());
            if at > self.horizon {
                break;
            }
            self.clock.set(at);
            for envelope in self.take(&case, step).await? {
                case.apply(&envelope);
            }
        }
        Ok(())
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }

    pub(super) fn horizon(&self) -> DateTime<Utc> {
        self.horizon
    }

    /// So many working minutes after a moment, between the two numbers.
    pub(super) fn after(&self, from: DateTime<Utc>, what: &str, low: u32, high: u32) -> DateTime<Utc> {
        self.app.reference().calendar.add_working_minutes(from, self.chance.between(what, low, high))
    }

    pub(super) fn reference(&self) -> std::sync::Arc<crate::Reference> {
        self.app.reference()
    }

    /// Who signs and answers for the client: its own account, or at the counter before the agent's eyes.
    pub(super) fn client(&self, case: &Case) -> Username {
        if self.plan.is_own { Username::from("enterprise") } else { agent(case) }
    }

    /// Takes a step and answers what then happened.
    async fn take(&self, case: &Case, step: Step) -> Result<Vec<Envelope>, AppError> {
        let Step { who, what, .. } = step;
        let user = self.app.demo_user(&who)?;
        let command = match what {
            Act::Give(command) => *command,
            Act::Sign(kind, side) => self.signed(case, &who, kind, side).await?,
            Act::Receive(items) => self.received(&who, items).await?,
            Act::Finish(matter) => self.finished(case, &who, matter).await?,
            Act::HandOver => self.handed_over(case, &who).await?,
            Act::Return => self.returned(case, &who).await?,
        };
        let kind = command.kind();
        let seen = kind.needs_version().then_some(case.version);
        let performed = self.app.perform(&user, &case.id, command, seen, None).await;
        performed.map(|performed| performed.events).inspect_err(|error| {
            tracing::error!(case = %case.number, command = %kind.name(), %who, ?error, "the demo broke a rule");
        })
    }

    /// A signature, or any other picture that stands for a paper.
    async fn picture(&self, who: &Username, name: &str) -> Result<FileId, AppError> {
        let user = self.app.demo_user(who)?;
        let picture = ink::signature(name, self.plan.hand.unwrap_or(self.chance));
        Ok(self.app.upload(&user, &format!("{name}.png"), picture).await?.id)
    }

    async fn sign(
        &self,
        case: &Case,
        who: &Username,
        kind: DocumentKind,
        side: Side,
    ) -> Result<(Document, FileId), AppError> {
        let missing = || AppError::Internal(format!("case {} has no {}", case.number, kind.name()));
        let document = case.newest(kind).ok_or_else(missing)?.clone();
        let reference = self.reference();
        let name = match side {
            Side::Client => self.plan.firm.contact.as_str(),
            Side::Agent | Side::Giver | Side::Taker => reference.directory.person_name(who),
        };
        let file = self.picture(who, name).await?;
        Ok((document, file))
    }

    async fn signed(&self, case: &Case, who: &Username, kind: DocumentKind, side: Side) -> Result<Command, AppError> {
        let (document, file) = self.sign(case, who, kind, side).await?;
        let (method, hash, document) = (SignatureMethod::Drawn, document.hash, document.id);
        let signer = (side == Side::Client).then(|| self.seen());
        Ok(match kind {
            DocumentKind::HandoverList => {
                AgreementCommand::SignHandover { side, method, document, hash, file, signer }.into()
            }
            DocumentKind::TakeoverList => {
                AgreementCommand::SignTakeover { side, method, document, hash, file, signer }.into()
            }
            _ => AgreementCommand::SignAgreement { side, method, document, hash, file, signer }.into(),
        })
    }

    /// The client shows its identity card before it signs.
    fn seen(&self) -> SignerInput {
        let name = Some(self.plan.firm.contact.clone());
        SignerInput { name, proof: IdentityProof::IdCard, strokes: None, letter: None }
    }

    /// An electronic piece comes with its file.
    async fn received(&self, who: &Username, mut items: Vec<ItemInput>) -> Result<Command, AppError> {
        for item in items.iter_mut().filter(|item| item.form == PieceForm::Electronic) {
            item.file = Some(self.picture(who, &format!("材料{}", item.material)).await?);
        }
        Ok(MaterialsCommand::ReceiveMaterials { items }.into())
    }

    async fn finished(&self, case: &Case, who: &Username, matter: MatterCode) -> Result<Command, AppError> {
        use domain::case::DeliveryWay::Electronic;
        let reference = self.reference();
        let name = reference.catalogue.matter(&matter).map_or("办理结果", |matter| matter.result.as_str()).to_owned();
        let (form, file) = match case.delivery {
            Electronic => (PieceForm::Electronic, Some(self.picture(who, "电子证照").await?)),
            _ => (PieceForm::Original, None),
        };
        let results = vec![ResultInput { name, form, file }];
        Ok(MattersCommand::FinishMatter {
            matter,
            outcome: Outcome::Granted,
            results,
            kept: Vec::new(),
            at: None,
            late_reason: None,
        }
        .into())
    }

    async fn handed_over(&self, case: &Case, who: &Username) -> Result<Command, AppError> {
        let side = Side::Client;
        let (document, file) = self.sign(case, who, DocumentKind::DeliveryNotice, side).await?;
        Ok(DeliveryCommand::HandOverResult {
            results: case.undelivered_results(),
            items: case.outstanding_items(),
            collector: self.plan.firm.contact.clone(),
            side,
            method: SignatureMethod::Drawn,
            document: document.id,
            hash: document.hash,
            file,
            signer: Some(self.seen()),
        }
        .into())
    }

    async fn returned(&self, case: &Case, who: &Username) -> Result<Command, AppError> {
        let side = Side::Client;
        let (document, file) = self.sign(case, who, DocumentKind::ReturnList, side).await?;
        Ok(DeliveryCommand::ReturnMaterials {
            items: document.about.items,
            side,
            method: SignatureMethod::Drawn,
            document: document.id,
            hash: document.hash,
            file,
            signer: Some(self.seen()),
        }
        .into())
    }
}

/// The case's agent; before there is one, the demo's first.
pub(super) fn agent(case: &Case) -> Username {
    case.agent.clone().unwrap_or_else(|| Username::from("agent"))
}

/// Whether the service acts in the client's stead.
pub(super) fn is_agency(case: &Case) -> bool {
    case.mode == Mode::Agency
}
