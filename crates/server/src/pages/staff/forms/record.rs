//! Escorts, remote sessions, statutory fees (S3.1, S5.2, S2.2).

use super::field::{Body, Field, Kind, fen, moment, moment_text};
use super::{Ctx, Wrong};
use domain::case::{Command, CommandKind, RecordCommand};
use domain::ids::MatterCode;

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    let mut body = Body { intro: vec![ctx.t(&format!("staff.intro.{}", ctx.kind.name()))], ..Body::default() };
    match ctx.kind {
        CommandKind::RecordEscort => {
            let case = &ctx.open.case;
            let open = case.matters.iter().filter(|matter| matter.accepted_at_window.is_none());
            let open: Vec<MatterCode> = open.map(|matter| matter.scope.code.clone()).collect();
            let outcomes = ctx.choices("staff.escort", &["accepted", "refused", "postponed"]);
            body.fields.extend([
                ctx.matter_field(&open),
                Field::new(ctx, "window", Kind::Text).required(),
                Field::new(ctx, "ticket", Kind::Text),
                Field::new(ctx, "outcome", Kind::Radio).required().options(ctx, outcomes),
                Field::new(ctx, "at", Kind::Moment),
                Field::new(ctx, "late_reason", Kind::Area),
            ]);
        }
        CommandKind::RecordRemoteSession => {
            let channels = ctx.choices("staff.remote", &["phone", "qq", "wechat", "screen_share", "room"]);
            body.fields.extend([
                Field::new(ctx, "channel", Kind::Radio).required().or("phone").options(ctx, channels),
                Field::new(ctx, "topic", Kind::Area).required(),
                Field::new(ctx, "started_at", Kind::Moment).required().or(moment_text(ctx.open.now)),
                Field::new(ctx, "minutes", Kind::Number).required(),
                Field {
                    name: "session_outcome".to_owned(),
                    ..Field::new(ctx, "session_outcome", Kind::Area).required()
                },
            ]);
        }
        _ => fee(ctx, &mut body),
    }
    body
}

/// Only fees that the catalogue lists for a matter of this case can be noted.
fn fee(ctx: &Ctx<'_>, body: &mut Body) {
    let catalogue = &ctx.open.reference.catalogue;
    let listed = catalogue.fees().iter().filter(|fee| ctx.open.case.matter(&fee.matter).is_some());
    let options: Vec<(String, String)> = listed
        .map(|fee| {
            let matter = ctx.names().matter(&fee.matter);
            let label = format!("{}　{matter}　{}　{}", fee.name, fee.payee, fee.legal_basis);
            (format!("{}|{}", fee.matter, fee.name), label)
        })
        .collect();
    if options.is_empty() {
        body.intro.push(ctx.t("staff.no_fee_listed"));
    }
    body.fields.extend([
        Field::new(ctx, "fee", Kind::Select).required().options(ctx, options),
        Field::new(ctx, "amount", Kind::Text).required(),
        Field::new(ctx, "receipt", Kind::Text).required(),
    ]);
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    Ok(match ctx.kind {
        CommandKind::RecordEscort => RecordCommand::RecordEscort {
            matter: ctx.matter()?,
            window: ctx.needed("window")?,
            ticket: ctx.typed.given("ticket"),
            outcome: ctx.chosen("outcome")?,
            at: ctx.moment("at")?,
            late_reason: ctx.typed.given("late_reason"),
        },
        CommandKind::RecordRemoteSession => {
            let started = moment(&ctx.needed("started_at")?);
            RecordCommand::RecordRemoteSession {
                channel: ctx.chosen("channel")?,
                topic: ctx.needed("topic")?,
                started_at: started.ok_or_else(|| vec![("started_at".to_owned(), "moment")])?,
                minutes: ctx.number("minutes")?,
                outcome: ctx.needed("session_outcome")?,
            }
        }
        _ => {
            let chosen = ctx.needed("fee")?;
            let (matter, fee) = chosen.split_once('|').unwrap_or(("", &chosen));
            let amount = fen(&ctx.needed("amount")?).ok_or_else(|| vec![("amount".to_owned(), "amount")])?;
            RecordCommand::NoteFee {
                matter: MatterCode::from(matter),
                fee: fee.to_owned(),
                amount_fen: amount,
                receipt: ctx.needed("receipt")?,
            }
        }
    }
    .into())
}
