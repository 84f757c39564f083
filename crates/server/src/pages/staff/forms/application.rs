//! Mode, scope, credit code.

use super::field::{Body, Cell, Field, Kind, Table, date};
use super::{Ctx, Wrong};
use crate::pages::staff::wire;
use domain::case::{ApplicationCommand, Command, CommandKind, MatterStatus};
use domain::ids::MatterCode;

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    match ctx.kind {
        CommandKind::ChooseMode => choose_mode(ctx),
        CommandKind::ChangeMatters => change_matters(ctx),
        CommandKind::SetGoal => set_goal(ctx),
        _ => Body { fields: vec![Field::new(ctx, "uscc", Kind::Text).required()], ..Body::default() },
    }
}

fn choose_mode(ctx: &Ctx<'_>) -> Body {
    let now = wire(&ctx.open.case.mode);
    let mode = Field::new(ctx, "mode", Kind::Radio).required().or(now);
    let mode = mode.options(ctx, ctx.choices("staff.mode", &["agency", "assistance"]));
    let proposed = ctx.names().mode(ctx.open.case.proposal.mode);
    let intro = vec![ctx.l.tr("staff.proposed", &[("mode", &proposed)])];
    Body { intro, fields: vec![mode], ..Body::default() }
}

/// The milestones that the case leads to and the wanted day; what is set already stands in the fields.
fn set_goal(ctx: &Ctx<'_>) -> Body {
    let goal = ctx.open.case.goal.as_ref();
    let milestones = ctx.open.reference.catalogue.milestones().iter().filter(|one| ctx.open.case.leads_to(one));
    let options = milestones.map(|milestone| (milestone.code.clone(), milestone.name.clone())).collect();
    let milestone = Field::new(ctx, "milestone", Kind::Select).required();
    let milestone = milestone.or(goal.map(|goal| goal.milestone.clone()).unwrap_or_default()).options(ctx, options);
    let date = Field::new(ctx, "date", Kind::Date).required();
    let date = date.or(goal.map(|goal| goal.date.to_string()).unwrap_or_default());
    Body { intro: vec![ctx.t("staff.intro.set_goal")], fields: vec![milestone, date], ..Body::default() }
}

/// What can be taken out, and by stage what can be taken in.
fn change_matters(ctx: &Ctx<'_>) -> Body {
    let case = &ctx.open.case;
    let names = ctx.names();
    let removable = case.matters.iter().filter(|matter| {
        !matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped | MatterStatus::Finished)
    });
    let out = removable.map(|m| (m.scope.code.to_string(), names.matter(&m.scope.code))).collect();
    let mut fields = vec![Field::new(ctx, "remove", Kind::Checks).options(ctx, out)];
    let mut tables = Vec::new();
    for stage in ctx.open.reference.catalogue.stages() {
        let of_stage = ctx.open.reference.catalogue.matters().iter().filter(|m| m.stage == *stage);
        let others: Vec<(String, String)> =
            of_stage.filter(|m| case.matter(&m.code).is_none()).map(|m| (m.code.to_string(), m.name.clone())).collect();
        if !others.is_empty() {
            let field = Field { hint: String::new(), ..Field::new(ctx, "add", Kind::Checks).options(ctx, others) };
            tables.push(Table {
                title: ctx.l.tr("staff.add_stage", &[("stage", stage)]),
                head: Vec::new(),
                rows: vec![vec![Cell::field(field)]],
            });
        }
    }
    let tail = vec![Field::new(ctx, "reason", Kind::Area).required()];
    if fields[0].options.is_empty() {
        fields.clear();
    }
    Body { fields, tables, tail, ..Body::default() }
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    let codes = |name: &str| ctx.typed.all(name).into_iter().map(MatterCode::from).collect::<Vec<_>>();
    Ok(match ctx.kind {
        CommandKind::ChooseMode => ApplicationCommand::ChooseMode { mode: ctx.chosen("mode")? },
        CommandKind::ChangeMatters => ApplicationCommand::ChangeMatters {
            add: codes("add"),
            remove: codes("remove"),
            reason: ctx.needed("reason")?,
        },
        CommandKind::SetGoal => ApplicationCommand::SetGoal {
            milestone: ctx.needed("milestone")?,
            date: date(&ctx.needed("date")?).ok_or_else(|| vec![("date".to_owned(), "date")])?,
        },
        _ => ApplicationCommand::AttachUscc { uscc: ctx.needed("uscc")? },
    }
    .into())
}
