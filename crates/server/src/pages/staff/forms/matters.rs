//! Claim, decline, forward, submit, finish; stop, resume, extend (S5.3, S8.2).

use super::field::{Body, Cell, Field, Kind, Table, date};
use super::materials::at_office;
use super::{Ctx, Wrong};
use domain::case::{
    Command, CommandKind, KeptInput, MattersCommand, Outcome, OutsideState, Refusal, ResultInput, StopKind,
};
use domain::custody::PieceForm;
use domain::ids::{MatterCode, OfficeCode, Username};
use domain::people::OfficeKind;

/// Rows of results that a form offers; one that needs more is sent twice.
const RESULTS: usize = 3;

pub(super) fn body(ctx: &Ctx<'_>) -> Result<Body, Refusal> {
    let allowed = ctx.matters_allowed()?;
    let chosen = ctx.typed.given("matter").map(MatterCode).filter(|code| allowed.contains(code));
    let chosen = chosen.unwrap_or_else(|| allowed[0].clone());
    let matter = ctx.matter_field(&allowed);
    let reason = || Field::new(ctx, "reason", Kind::Area).required();
    let mut body = Body { intro: intro(ctx, &chosen), ..Body::default() };
    body.fields.push(matter);
    match ctx.kind {
        CommandKind::DeclineMatter => body.fields.push(reason()),
        CommandKind::ForwardMatter => {
            body.fields.push(office_field(ctx, &chosen));
            body.fields.push(reason());
        }
        CommandKind::SubmitMatter => body.fields.push(Field::new(ctx, "number", Kind::Text)),
        CommandKind::FinishMatter => finish(ctx, &chosen, &mut body),
        CommandKind::StopClock => {
            let kinds = ctx.choices("staff.stop", &["correction", "special"]);
            let procedures = ctx.open.reference.catalogue.matter(&chosen).map(|m| &m.special_procedures);
            let names: Vec<String> = procedures.into_iter().flatten().map(|p| p.name.clone()).collect();
            let mut name = Field::new(ctx, "name", Kind::Text);
            if !names.is_empty() {
                name.hint = ctx.l.tr("staff.procedures", &[("names", &ctx.l.list(&names))]);
            }
            body.fields.extend([
                Field::new(ctx, "kind", Kind::Radio).required().or("correction").options(ctx, kinds),
                name,
                reason(),
                Field::new(ctx, "until", Kind::Date).required(),
                Field::new(ctx, "beyond_cap", Kind::Area),
            ]);
        }
        CommandKind::CheckOutside => check_outside(ctx, &chosen, &mut body),
        CommandKind::LiftOrder => {
            let case = &ctx.open.case;
            let open = case.matter(&chosen).map(|matter| case.open_order(matter)).unwrap_or_default();
            let options = open.into_iter().map(|code| (code.to_string(), ctx.names().matter(code))).collect();
            body.fields.extend([
                Field::new(ctx, "before", Kind::Select).required().options(ctx, options),
                Field::new(ctx, "opinion", Kind::Area).required(),
            ]);
        }
        CommandKind::ExtendLimit => {
            body.fields.extend([Field::new(ctx, "days", Kind::Number).required(), reason(), approver(ctx, &chosen)])
        }
        _ => {}
    }
    Ok(body)
}

/// How far the body is, with its number and receipt; what is known already stands in the fields.
fn check_outside(ctx: &Ctx<'_>, code: &MatterCode, body: &mut Body) {
    let record = ctx.open.case.matter(code).and_then(|matter| matter.outside_record.as_ref());
    let state = record.map_or(OutsideState::NotFiled, |record| record.state).name();
    let number = record.and_then(|record| record.number.clone()).unwrap_or_default();
    let states = ctx.choices("staff.outside_state", &OutsideState::ALL.map(OutsideState::name));
    let receipt = Field::new(ctx, "receipt", Kind::File);
    body.fields.extend([
        Field::new(ctx, "state", Kind::Radio).required().or(state).options(ctx, states),
        Field::new(ctx, "number", Kind::Text).or(number),
        Field { value: ctx.typed.get("receipt.id").to_owned(), ..receipt },
        Field::new(ctx, "checked_at", Kind::Moment),
        Field::new(ctx, "late_reason", Kind::Area),
    ]);
    body.has_files = true;
}

/// What the form does, and for a submission what goes along.
fn intro(ctx: &Ctx<'_>, code: &MatterCode) -> Vec<String> {
    let names = ctx.names();
    let case = &ctx.open.case;
    let matter = case.matter(code);
    let limit = names.limit(matter.and_then(|m| m.scope.limit.as_ref()));
    let office = matter.map(|m| names.office(&m.office)).unwrap_or_default();
    let params = [("limit", limit.as_str()), ("office", office.as_str())];
    let mut lines = vec![ctx.l.tr(&format!("staff.intro.{}", ctx.kind.name()), &params)];
    if ctx.kind == CommandKind::SubmitMatter {
        let needed: Vec<_> = case.needed(code).map(|m| m.spec.id.clone()).collect();
        let going: Vec<_> = case
            .items
            .iter()
            .filter(|i| matches!(i.place, domain::custody::Place::Person(_)) && needed.contains(&i.material))
            .map(|i| i.id.clone())
            .collect();
        if !going.is_empty() {
            lines.push(ctx.l.tr("staff.going_along", &[("items", &names.items(&going))]));
        }
    }
    lines
}

fn office_field(ctx: &Ctx<'_>, code: &MatterCode) -> Field {
    let now = ctx.open.case.matter(code).map(|m| m.office.clone());
    let offices = ctx.open.reference.directory.offices.values();
    let others = offices.filter(|office| Some(&office.code) != now.as_ref());
    let label = |office: &domain::people::Office| {
        if office.kind == OfficeKind::Outside {
            format!("{}（{}）", office.name, ctx.t("staff.outside_short"))
        } else {
            office.name.clone()
        }
    };
    let options = others.map(|office| (office.code.to_string(), label(office))).collect();
    Field::new(ctx, "office", Kind::Select).required().options(ctx, options)
}

/// The heads who may approve: of the office that holds the matter, of the lead office.
fn approver(ctx: &Ctx<'_>, code: &MatterCode) -> Field {
    let case = &ctx.open.case;
    let heads = case.matter(code).map(|matter| case.may_extend(matter, &ctx.open.reference.directory));
    let options =
        heads.into_iter().flatten().map(|person| (person.username.to_string(), person.name.clone())).collect();
    Field::new(ctx, "approver", Kind::Select).required().options(ctx, options)
}

fn finish(ctx: &Ctx<'_>, code: &MatterCode, body: &mut Body) {
    let case = &ctx.open.case;
    let names = ctx.names();
    let outcomes = ctx.choices("staff.outcome", &["granted", "refused", "not_needed"]);
    body.fields.push(Field::new(ctx, "outcome", Kind::Radio).required().or("granted").options(ctx, outcomes));
    let forms = ctx.choices("staff.form", &["original", "copy", "electronic"]);
    let proposed = ctx.open.reference.catalogue.matter(code).map(|m| m.result.clone()).unwrap_or_default();
    let rows = (0..RESULTS).map(|row| {
        let at = row.to_string();
        let name = Field::cell(ctx, "result_name", &at, Kind::Text);
        let name = if row == 0 && !ctx.posted { name.or(proposed.clone()) } else { name };
        let file = Field::cell(ctx, "file", &at, Kind::File);
        let kept = ctx.typed.get(&format!("file.{at}.id")).to_owned();
        vec![
            Cell::field(name),
            Cell::field(Field::cell(ctx, "form", &at, Kind::Select).or("original").options(ctx, forms.clone())),
            Cell::field(Field { value: kept, ..file }),
        ]
    });
    let head = ["result_name", "form", "file"].map(|name| ctx.t(&format!("staff.column.{name}")));
    body.tables.push(Table { title: ctx.t("staff.finish.results"), head: head.to_vec(), rows: rows.collect() });
    let office = case.matter(code).map(|m| m.office.clone());
    let held = office.map(|office| at_office(case, &office)).unwrap_or_default();
    let rows: Vec<Vec<Cell>> = held
        .into_iter()
        .map(|item| {
            vec![
                Cell::words(names.item(&item.id), names.piece(item)),
                Cell::field(Field::cell(ctx, "kept", item.id.as_str(), Kind::Text)),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let head = ["material", "kept"].map(|name| ctx.t(&format!("staff.column.{name}")));
        body.tables.push(Table { title: ctx.t("staff.finish.kept"), head: head.to_vec(), rows });
    }
    if case.matter(code).is_some_and(|matter| matter.outside) {
        body.tail.extend([Field::new(ctx, "at", Kind::Moment), Field::new(ctx, "late_reason", Kind::Area)]);
    }
    body.has_files = true;
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    let matter = ctx.matter()?;
    Ok(match ctx.kind {
        CommandKind::ClaimMatter => MattersCommand::ClaimMatter { matter },
        CommandKind::DeclineMatter => MattersCommand::DeclineMatter { matter, reason: ctx.needed("reason")? },
        CommandKind::ForwardMatter => MattersCommand::ForwardMatter {
            matter,
            office: OfficeCode(ctx.needed("office")?),
            reason: ctx.needed("reason")?,
        },
        CommandKind::SubmitMatter => MattersCommand::SubmitMatter { matter, number: ctx.typed.given("number") },
        CommandKind::FinishMatter => finished(ctx, matter)?,
        CommandKind::StopClock => {
            let kind: StopKind = ctx.chosen("kind")?;
            let name = ctx.typed.given("name").filter(|_| kind == StopKind::Special);
            let until = date(&ctx.needed("until")?).ok_or_else(|| vec![("until".to_owned(), "date")])?;
            let beyond_cap = ctx.typed.given("beyond_cap").filter(|_| kind == StopKind::Special);
            MattersCommand::StopClock { matter, kind, name, reason: ctx.needed("reason")?, until, beyond_cap }
        }
        CommandKind::ResumeClock => MattersCommand::ResumeClock { matter },
        CommandKind::CheckOutside => MattersCommand::CheckOutside {
            matter,
            state: ctx.chosen("state")?,
            number: ctx.typed.given("number"),
            receipt: ctx.file("receipt"),
            checked_at: ctx.moment("checked_at")?,
            late_reason: ctx.typed.given("late_reason"),
        },
        CommandKind::LiftOrder => MattersCommand::LiftOrder {
            matter,
            before: MatterCode(ctx.needed("before")?),
            opinion: ctx.needed("opinion")?,
        },
        _ => MattersCommand::ExtendLimit {
            matter,
            days: ctx.number("days")?,
            reason: ctx.needed("reason")?,
            approver: Username(ctx.needed("approver")?),
        },
    }
    .into())
}

fn finished(ctx: &Ctx<'_>, matter: MatterCode) -> Result<MattersCommand, Vec<Wrong>> {
    let outcome: Outcome = ctx.chosen("outcome")?;
    let result = |row: usize| {
        let name = ctx.typed.given(&format!("result_name.{row}"))?;
        let form = ctx.chosen(&format!("form.{row}")).unwrap_or(PieceForm::Original);
        Some(ResultInput { name, form, file: ctx.file(&format!("file.{row}")) })
    };
    // What is proposed stays in the form when the answer is no; then nothing is handed out.
    let results = if outcome == Outcome::NotNeeded { Vec::new() } else { (0..RESULTS).filter_map(result).collect() };
    let kept = ctx.open.case.items.iter().filter_map(|item| {
        let reason = ctx.typed.given(&format!("kept.{}", item.id))?;
        Some(KeptInput { item: item.id.clone(), reason })
    });
    let (at, late_reason) = (ctx.moment("at")?, ctx.typed.given("late_reason"));
    Ok(MattersCommand::FinishMatter { matter, outcome, results, kept: kept.collect(), at, late_reason })
}
