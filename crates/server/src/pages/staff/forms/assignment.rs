//! Lead office, acceptance, agent, stand-in, green channel.

use super::field::{Body, Field, Kind};
use super::{Ctx, Wrong};
use domain::case::{AssignmentCommand, Command, CommandKind, GreenMeasure};
use domain::ids::{OfficeCode, Username};
use domain::people::{OfficeKind, Person, Role};

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    let case = &ctx.open.case;
    let directory = &ctx.open.reference.directory;
    let today = ctx.names().today();
    let person = |only_able: bool| {
        let sees_cases = |p: &&Person| p.roles.iter().any(|role| *role != Role::Administrator);
        let able = directory.people.values().filter(|p| p.active && p.office.is_some()).filter(sees_cases);
        let able = able.filter(|p| !only_able || p.can_be_agent());
        let label = |p: &Person| {
            let office = p.office.as_ref().map(|office| directory.office_name(office)).unwrap_or_default();
            let away = if p.is_absent(today) { ctx.t("staff.absent_today") } else { String::new() };
            format!("{}　{office} {}{away}", p.name, p.post)
        };
        Field::new(ctx, "person", Kind::Select).required().options(
            ctx,
            able.filter(|p| case.agent.as_ref() != Some(&p.username) || ctx.kind == CommandKind::OpenGreenChannel)
                .map(|p| (p.username.to_string(), label(p)))
                .collect(),
        )
    };
    let reason = |required: bool| {
        let field = Field::new(ctx, "reason", Kind::Area);
        if required { field.required() } else { field }
    };
    let fields = match ctx.kind {
        CommandKind::AssignLeadOffice => {
            let offices = directory.offices.values().filter(|office| office.kind != OfficeKind::Outside);
            let options = offices.map(|office| (office.code.to_string(), office.name.clone())).collect();
            let proposed = directory.business_office.as_ref().map(ToString::to_string).unwrap_or_default();
            let now = case.lead_office.as_ref().map_or(proposed, ToString::to_string);
            vec![
                Field::new(ctx, "office", Kind::Select).required().or(now).options(ctx, options),
                reason(case.lead_office.is_some()),
            ]
        }
        CommandKind::AssignAgent => vec![person(true), reason(case.agent.is_some())],
        CommandKind::SetStandIn => vec![person(true), reason(false)],
        CommandKind::OpenGreenChannel => {
            let measures = ctx.choices("staff.measure", &GreenMeasure::ALL.map(GreenMeasure::name));
            vec![reason(true), person(false), Field::new(ctx, "measures", Kind::Checks).options(ctx, measures)]
        }
        _ => Vec::new(),
    };
    let intro = ctx.l.t(&format!("staff.intro.{}", ctx.kind.name())).into_owned();
    Body { intro: vec![intro], fields, ..Body::default() }
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    let person = || ctx.needed("person").map(Username);
    Ok(match ctx.kind {
        CommandKind::AssignLeadOffice => AssignmentCommand::AssignLeadOffice {
            office: OfficeCode(ctx.needed("office")?),
            reason: ctx.typed.given("reason"),
        },
        CommandKind::AssignAgent => {
            AssignmentCommand::AssignAgent { person: person()?, reason: ctx.typed.given("reason") }
        }
        CommandKind::SetStandIn => {
            AssignmentCommand::SetStandIn { person: person()?, reason: ctx.typed.given("reason") }
        }
        CommandKind::OpenGreenChannel => {
            let ticked = ctx.typed.all("measures");
            let measures = GreenMeasure::ALL.into_iter().filter(|measure| ticked.contains(&measure.name())).collect();
            AssignmentCommand::OpenGreenChannel { reason: ctx.needed("reason")?, person: person()?, measures }
        }
        _ => AssignmentCommand::Accept {},
    }
    .into())
}
