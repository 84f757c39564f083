//! Start, suspend, resume, withdraw, terminate, close, archive.

use super::field::{Body, Field, Kind};
use super::{Ctx, Wrong};
use domain::case::{AgreementCommand, Command, CommandKind, EndingCommand, gaps};

const SUSPEND: [&str; 5] = ["client_request", "false_materials", "fee_unpaid", "conditions_unmet", "force_majeure"];
const TERMINATE: [&str; 4] = ["not_approvable", "fraud", "client_unreachable", "project_abandoned"];

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    let mut intro = vec![ctx.t(&format!("staff.intro.{}", ctx.kind.name()))];
    let code = |table: &str, codes: &[&str]| {
        Field::new(ctx, "reason_code", Kind::Radio).required().options(ctx, ctx.choices(table, codes))
    };
    let reason = || Field::new(ctx, "reason", Kind::Area);
    let fields = match ctx.kind {
        CommandKind::Suspend => vec![code("staff.suspend_reason", &SUSPEND), reason().required()],
        CommandKind::Terminate => vec![code("staff.terminate_reason", &TERMINATE), reason().required()],
        CommandKind::Withdraw => vec![reason()],
        _ => Vec::new(),
    };
    let returns = matches!(ctx.kind, CommandKind::Withdraw | CommandKind::Terminate);
    let outside = ctx.open.case.outstanding_items();
    if returns && !outside.is_empty() {
        let items = ctx.names().items(&outside);
        let count = outside.len().to_string();
        intro.push(ctx.l.tr("staff.will_return", &[("count", &count), ("items", &items)]));
    }
    if ctx.kind == CommandKind::Archive {
        intro.extend(gaps(&ctx.open.case).iter().map(|gap| ctx.t(&format!("staff.gap.{}", gap.name()))));
    }
    Body { intro, fields, ..Body::default() }
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    Ok(match ctx.kind {
        CommandKind::Start => return Ok(AgreementCommand::Start {}.into()),
        CommandKind::Suspend => {
            EndingCommand::Suspend { reason_code: ctx.chosen("reason_code")?, reason: ctx.needed("reason")? }
        }
        CommandKind::Resume => EndingCommand::Resume {},
        CommandKind::Withdraw => EndingCommand::Withdraw { reason_code: None, reason: ctx.typed.given("reason") },
        CommandKind::Terminate => {
            EndingCommand::Terminate { reason_code: ctx.chosen("reason_code")?, reason: ctx.needed("reason")? }
        }
        CommandKind::CloseAssistance => EndingCommand::CloseAssistance {},
        CommandKind::Archive => EndingCommand::Archive {},
        // Signing and evaluating have their own pages.
        _ => return Err(vec![("kind".to_owned(), "choose")]),
    }
    .into())
}
