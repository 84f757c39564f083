//! The grid of actions on a case: what can be done first, what cannot with the reason and its clause.

use super::next::{Goal, Step};
use crate::i18n::Lang;
use crate::say::Say;
use app::OpenCase;
use domain::case::{ActionState, Code, CommandKind, DocumentKind, MattersCommand, Refusal};
use domain::catalogue::Mode;

/// So many actions stand in the open; the others are folded.
const SHOWN: usize = 9;

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) id: String,
    pub(crate) label: String,
    /// Where it is done; empty where it cannot be done now.
    pub(crate) href: String,
    pub(crate) primary: bool,
    /// What it is for, or why it cannot be done now.
    pub(crate) note: String,
    pub(crate) clause: String,
}

/// The actions in the open, and the folded ones.
pub(crate) struct Acts {
    pub(crate) shown: Vec<Act>,
    pub(crate) folded: Vec<Act>,
}

/// Everything that this person's role has to do with; the next step is the one primary button.
pub(crate) fn acts(open: &OpenCase, say: &Say<'_>, steps: &[Step]) -> Acts {
    let mut all: Vec<(u8, Act)> = Vec::new();
    let next = steps.iter().find(|step| step.waiting.is_none()).map(|step| &step.goal);
    let mut has_primary = false;
    for state in open.actions() {
        let state = by_matter(open, state);
        if state.refusal.as_ref().is_some_and(|refusal| refusal.code == Code::NotYours) {
            continue;
        }
        let primary = !has_primary && state.refusal.is_none() && leads_to(open, next, state.kind);
        has_primary |= primary;
        let rank = rank(open, &state, primary);
        all.push((rank, act(open, say, &state, primary)));
    }
    all.sort_by_key(|(rank, _)| *rank);
    let open_count = all.iter().filter(|(rank, _)| *rank <= 2).count().min(SHOWN);
    let mut list: Vec<Act> = all.into_iter().map(|(_, act)| act).collect();
    let folded = list.split_off(open_count);
    Acts { shown: list, folded }
}

/// A command on matters can be done if it can be done on one of them; else the reason of the first of them that is ours.
fn by_matter(open: &OpenCase, state: ActionState) -> ActionState {
    if !MattersCommand::KINDS.contains(&state.kind) {
        return state;
    }
    let of_each = open.case.matters.iter().filter_map(|matter| {
        open.matter_actions(&matter.scope.code).into_iter().find(|action| action.kind == state.kind)
    });
    let mine: Vec<ActionState> =
        of_each.filter(|action| action.refusal.as_ref().is_none_or(|refusal| refusal.code != Code::NotYours)).collect();
    let best = mine.iter().find(|action| action.refusal.is_none());
    let best = best.or_else(|| mine.iter().find(|a| !is_past(a.refusal.as_ref()))).or_else(|| mine.first());
    best.cloned().unwrap_or(ActionState { kind: state.kind, refusal: Some(Refusal::new(Code::NotYours)) })
}

/// Refusals that say that the time for it is over or not its case's: nobody waits for those.
fn is_past(refusal: Option<&Refusal>) -> bool {
    refusal.is_some_and(|refusal| {
        matches!(
            refusal.code,
            Code::WrongStatus
                | Code::CaseEnded
                | Code::ModeIsAgency
                | Code::ModeIsAssistance
                | Code::ModeFixed
                | Code::AlreadyStarted
                | Code::AlreadySigned
                | Code::AlreadyFinished
                | Code::AlreadySubmitted
                | Code::AlreadyClaimed
                | Code::AlreadyGreen
                | Code::AlreadySent
                | Code::AlreadyArchived
                | Code::AlreadyEvaluated
                | Code::OutsideNeverClaims
                | Code::NotFounding
                | Code::NothingToSign
                | Code::ClockNotStopped
                | Code::NothingSent
                | Code::NothingMissing
                | Code::ItemNotHandedOver
                | Code::NotFollowedOutside
                | Code::NothingToTake
                | Code::NothingDeferrable
                | Code::NotArchived
                | Code::OrderSettled
        )
    })
}

/// What is not yet in sight: of the work on matters before the start, only the submission tells what is in the way; an
/// assistance never starts.
fn is_far(open: &OpenCase, state: &ActionState) -> bool {
    let not_started = state.refusal.as_ref().is_some_and(|refusal| refusal.code == Code::NotStarted);
    not_started && (open.case.mode == Mode::Assistance || state.kind != CommandKind::SubmitMatter)
}

/// 0 the next step, 1 what can be done and moves the case on, 2 what waits for a condition, 3 what is seldom done, 4 the past.
fn rank(open: &OpenCase, state: &ActionState, primary: bool) -> u8 {
    use CommandKind as K;
    let escorts = state.kind == K::RecordEscort && open.case.mode == Mode::Agency;
    let seldom = escorts
        || matches!(
            state.kind,
            K::ChooseMode
                | K::ChangeMatters
                | K::AttachUscc
                | K::OpenGreenChannel
                | K::SetGoal
                | K::CheckOutside
                | K::LiftOrder
                | K::Suspend
                | K::Withdraw
                | K::Terminate
                | K::ForwardMatter
                | K::DeclineMatter
                | K::ExtendLimit
                | K::NoteFee
                | K::DeferMaterial
                | K::IssuePaper
                | K::AddLateDocument
        );
    match &state.refusal {
        None if primary => 0,
        None if seldom => 3,
        None => 1,
        Some(_) if is_past(state.refusal.as_ref()) || is_far(open, state) => 4,
        Some(_) if seldom => 4,
        Some(_) => 2,
    }
}

/// Whether the next step is done by this command.
fn leads_to(open: &OpenCase, next: Option<&Goal>, kind: CommandKind) -> bool {
    match next {
        Some(Goal::Form(wanted)) => *wanted == kind,
        Some(Goal::Sign(document)) => {
            let paper = open.case.document(document).map(|document| document.kind);
            paper.is_some_and(|paper| signs(kind) == Some(paper))
        }
        Some(Goal::Open) | None => false,
    }
}

/// The paper that a command signs.
pub(crate) fn signs(kind: CommandKind) -> Option<DocumentKind> {
    match kind {
        CommandKind::SignHandover => Some(DocumentKind::HandoverList),
        CommandKind::SignAgreement => Some(DocumentKind::Agreement),
        CommandKind::SignTakeover => Some(DocumentKind::TakeoverList),
        CommandKind::HandOverResult => Some(DocumentKind::DeliveryNotice),
        CommandKind::ReturnMaterials => Some(DocumentKind::ReturnList),
        _ => None,
    }
}

fn act(open: &OpenCase, say: &Say<'_>, state: &ActionState, primary: bool) -> Act {
    let l: Lang = say.l;
    let name = state.kind.name();
    let label = l.t(&format!("staff.act.{name}")).into_owned();
    let id = format!("no-{name}");
    if let Some(refusal) = &state.refusal {
        let reason = say.refusal(refusal);
        let note = l.tr("staff.not_yet", &[("reason", &reason)]);
        let clause = refusal.clause().map(|clause| l.clause(clause)).unwrap_or_default();
        return Act { id, label, href: String::new(), primary: false, note, clause };
    }
    let note_key = format!("staff.act_note.{name}");
    let note = if l.has(&note_key) { l.t(&note_key).into_owned() } else { String::new() };
    Act { id, label, href: format!("/cases/{}/do/{name}", open.case.id), primary, note, clause: String::new() }
}
