//! Check, notice, receive, move (S6.2).

use super::field::{Body, Cell, Field, Kind, Table};
use super::{Ctx, Wrong};
use crate::pages::staff::typed::Typed;
use crate::pages::staff::wire;
use app::OpenCase;
use domain::case::{
    Case, CaseMaterial, CheckResult, Command, CommandKind, Destination, ItemInput, MaterialCheck, MaterialStatus,
    MaterialsCommand, NoticeReason,
};
use domain::catalogue::MaterialSource;
use domain::custody::{PieceForm, Place};
use domain::ids::{ItemId, MatterCode, OfficeCode, Username};

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    match ctx.kind {
        CommandKind::CheckMaterials => check(ctx),
        CommandKind::IssueNotice => notice(ctx),
        CommandKind::ReceiveMaterials => receive(ctx),
        _ => move_one(ctx),
    }
}

/// Materials that the client or an intermediary brings, those of the chosen matter only where one is chosen.
fn to_check<'a>(ctx: &'a Ctx<'_>) -> Vec<&'a CaseMaterial> {
    let matter = ctx.typed.given("matter").map(MatterCode);
    let asked = ctx.open.case.materials.iter().filter(|material| {
        matches!(material.spec.source, MaterialSource::Applicant | MaterialSource::Intermediary)
            && matter.as_ref().is_none_or(|code| material.spec.needed_by.iter().any(|need| need.matter == *code))
    });
    asked.collect()
}

fn needed_by(ctx: &Ctx<'_>, material: &CaseMaterial) -> String {
    let names = ctx.names();
    let matters = names.matters(material.spec.needed_by.iter().map(|need| &need.matter));
    let optional = !material.spec.needed_by.iter().any(|need| need.required);
    match &material.spec.condition {
        Some(condition) if optional => ctx.l.tr("staff.check.if", &[("matters", &matters), ("condition", condition)]),
        _ if material.spec.needed_by.iter().all(|need| need.deferrable) => {
            ctx.l.tr("staff.check.deferrable", &[("matters", &matters)])
        }
        _ => ctx.l.tr("staff.check.for", &[("matters", &matters)]),
    }
}

fn check(ctx: &Ctx<'_>) -> Body {
    let results = ctx.choices("staff.check_result", &["ok", "missing", "wrong"]);
    let rows = to_check(ctx).into_iter().map(|material| {
        let id = material.spec.id.as_str();
        let known = material.check.as_ref();
        let now = known.map(|(result, _, _)| wire(result)).unwrap_or_default();
        let why = known.and_then(|(_, why, _)| why.clone()).unwrap_or_default();
        let result = Field::cell(ctx, "result", id, Kind::Radio).or(now).options(ctx, results.clone());
        vec![
            Cell::words(material.spec.name.clone(), needed_by(ctx, material)),
            Cell::field(result),
            Cell::field(Field::cell(ctx, "why", id, Kind::Text).or(why)),
            Cell::words(ctx.names().form(material.spec.form), material.spec.how_to_get.clone()),
        ]
    });
    let head = ["material", "result", "why", "form"].map(|name| ctx.t(&format!("staff.column.{name}")));
    let table = Table { title: String::new(), head: head.to_vec(), rows: rows.collect() };
    let quick = ("rest_ok".to_owned(), "1".to_owned(), ctx.t("staff.check.rest_ok"));
    let intro = vec![ctx.t("staff.check.intro")];
    Body { intro, tables: vec![table], quick: Some(quick), ..Body::default() }
}

/// The button that finds right whatever nobody marked.
pub(super) fn quick(open: &OpenCase, kind: CommandKind, typed: &mut Typed) {
    if kind != CommandKind::CheckMaterials || typed.get("rest_ok") != "1" {
        return;
    }
    let names: Vec<String> = open.case.materials.iter().map(|m| format!("result.{}", m.spec.id)).collect();
    let shown: Vec<String> = names.into_iter().filter(|name| typed.has(&name.replacen("result.", "why.", 1))).collect();
    for name in shown {
        // A material that only some conditions call for is not there unless somebody says so.
        if typed.get(&name).is_empty() && is_required(&open.case, &name) {
            typed.set(&name, "ok");
        }
    }
}

fn is_required(case: &Case, field: &str) -> bool {
    let id = field.trim_start_matches("result.");
    let material = case.materials.iter().find(|m| m.spec.id.as_str() == id);
    material.is_some_and(|m| m.spec.needed_by.iter().any(|need| need.required))
}

/// The matters to be named: those whose materials were found lacking, those that may begin now first chosen.
fn notice(ctx: &Ctx<'_>) -> Body {
    let case = &ctx.open.case;
    let names = ctx.names();
    let is_lacking = |code: &MatterCode| {
        case.needed(code).any(|m| {
            matches!(case.material_status(m), MaterialStatus::Missing | MaterialStatus::Wrong)
                && m.spec.source == MaterialSource::Applicant
        })
    };
    let lacking: Vec<&MatterCode> = case.matters.iter().map(|m| &m.scope.code).filter(|c| is_lacking(c)).collect();
    let options = lacking.iter().map(|code| (code.to_string(), names.matter(code))).collect();
    let mut fields = vec![Field::new(ctx, "matters", Kind::Checks).required().options(ctx, options).all_chosen(ctx)];
    let is_further = case.notices.iter().any(|n| n.matters.iter().any(|code| lacking.contains(&code)));
    if is_further {
        let reasons = ["applicant_changed", "rule_changed", "still_not_right", "overlooked"];
        let options = ctx.choices("staff.notice_reason", &reasons);
        fields.push(Field::new(ctx, "reason_code", Kind::Radio).required().options(ctx, options));
    }
    let rows = case
        .materials
        .iter()
        .filter(|m| matches!(case.material_status(m), MaterialStatus::Missing | MaterialStatus::Wrong))
        .map(|m| {
            let why = m.check.as_ref().and_then(|(_, why, _)| why.clone()).unwrap_or_default();
            vec![
                Cell::words(m.spec.name.clone(), needed_by(ctx, m)),
                Cell::words(ctx.t(&format!("staff.material.{}", case.material_status(m).name())), why),
                Cell::words(m.spec.how_to_get.clone(), ""),
            ]
        });
    let head = ["material", "found", "how_to_get"].map(|name| ctx.t(&format!("staff.column.{name}")));
    let table = Table { title: ctx.t("staff.notice.table"), head: head.to_vec(), rows: rows.collect() };
    let days = ctx.open.reference.policy.notice_days;
    let due = ctx.open.reference.calendar.add_working_days(names.today(), days).date;
    let intro = vec![ctx.l.tr("staff.notice.intro", &[("date", &names.date(due)), ("days", &days.to_string())])];
    let intro = if is_further { [intro, vec![ctx.t("staff.notice.further")]].concat() } else { intro };
    Body { intro, fields, tables: vec![table], ..Body::default() }
}

/// What the client can hand in: what was seen and is not listed yet first; below, further pieces of what is listed.
fn receive(ctx: &Ctx<'_>) -> Body {
    let case = &ctx.open.case;
    let matter = ctx.typed.given("matter").map(MatterCode);
    let asked = case
        .materials
        .iter()
        .filter(|m| matches!(m.spec.source, MaterialSource::Applicant | MaterialSource::Intermediary))
        .filter(|m| matter.as_ref().is_none_or(|code| m.spec.needed_by.iter().any(|need| need.matter == *code)));
    let is_wanted = |m: &&CaseMaterial| case.items_for(&m.spec.id).next().is_none() || is_lacking(case, m);
    let (mut wanted, more): (Vec<&CaseMaterial>, Vec<&CaseMaterial>) = asked.partition(is_wanted);
    wanted.sort_by_key(|m| (!is_soon(case, m), case.material_status(m) != MaterialStatus::Ok));
    let columns = ["material", "form", "pages", "copies", "label", "condition", "back", "file"];
    let table = |title: String, materials: Vec<&CaseMaterial>| Table {
        title,
        head: columns.iter().map(|name| ctx.t(&format!("staff.column.{name}"))).collect(),
        rows: materials.into_iter().map(|material| piece_row(ctx, material)).collect(),
    };
    let tables = [(String::new(), wanted), (ctx.t("staff.receive.more"), more)];
    let tables = tables.into_iter().filter(|(_, materials)| !materials.is_empty());
    let tables = tables.map(|(title, materials)| table(title, materials)).collect();
    Body { intro: vec![ctx.t("staff.receive.intro")], tables, has_files: true, ..Body::default() }
}

/// Whether a matter that may begin now needs it.
fn is_soon(case: &Case, material: &CaseMaterial) -> bool {
    let needs = material.spec.needed_by.iter().filter(|need| need.required);
    needs.into_iter().any(|need| case.beginning().any(|matter| matter.scope.code == need.matter))
}

/// A piece to be listed: what it is, what shape it is in, whether it goes back.
fn piece_row(ctx: &Ctx<'_>, material: &CaseMaterial) -> Vec<Cell> {
    let case = &ctx.open.case;
    let id = material.spec.id.as_str();
    let status = case.material_status(material);
    let forms = ctx.choices("staff.form", &["original", "copy", "electronic"]);
    let take = Field::cell(ctx, "take", id, Kind::Checks);
    let is_ready = !ctx.posted && is_soon(case, material) && status == MaterialStatus::Ok;
    let take = if is_ready { take.or("1") } else { take };
    let back = Field::cell(ctx, "back", id, Kind::Checks);
    let is_original = material.spec.form == PieceForm::Original;
    let back = if !ctx.posted && is_original { back.or("1") } else { back };
    vec![
        Cell {
            text: String::new(),
            note: ctx.t(&format!("staff.material.{}", status.name())),
            field: Some(take.options(ctx, vec![("1".to_owned(), material.spec.name.clone())])),
        },
        Cell::field(Field::cell(ctx, "form", id, Kind::Select).or(wire(&material.spec.form)).options(ctx, forms)),
        Cell::field(Field::cell(ctx, "pages", id, Kind::Number).or("1")),
        Cell::field(Field::cell(ctx, "copies", id, Kind::Number).or(material.spec.copies.max(1).to_string())),
        Cell::field(Field::cell(ctx, "label", id, Kind::Text)),
        Cell::field(Field::cell(ctx, "condition", id, Kind::Text)),
        Cell::field(back.options(ctx, vec![("1".to_owned(), ctx.t("staff.to_return"))])),
        Cell::field(file_cell(ctx, id)),
    ]
}

fn is_lacking(case: &Case, material: &CaseMaterial) -> bool {
    matches!(case.material_status(material), MaterialStatus::Missing | MaterialStatus::Wrong)
}

/// A file that was taken in before stands in the field by its id.
fn file_cell(ctx: &Ctx<'_>, row: &str) -> Field {
    let field = Field::cell(ctx, "file", row, Kind::File);
    let kept = ctx.typed.get(&format!("file.{row}.id")).to_owned();
    Field { value: kept, ..field }
}

/// A piece that staff hold, and where it goes.
fn move_one(ctx: &Ctx<'_>) -> Body {
    let case = &ctx.open.case;
    let names = ctx.names();
    let directory = &ctx.open.reference.directory;
    let movable = case.items.iter().filter(|item| item.handed_over.is_some() && !item.place.is_final());
    let options = movable.map(|item| {
        let label = format!("{}　{}　{}", names.item(&item.id), names.piece(item), names.place(&item.place));
        (item.id.to_string(), label)
    });
    let item = Field::new(ctx, "item", Kind::Select).required().options(ctx, options.collect());
    let kinds = Field::new(ctx, "to", Kind::Radio).required().or("person");
    // Once the case goes no further, an authority may keep a piece for good with its legal reason.
    let ways: &[&str] = if ctx.open.case.is_leaving() { &WAYS } else { &WAYS[..3] };
    let kinds = kinds.options(ctx, ctx.choices("staff.to", ways));
    let people = directory.people.values().filter(|p| p.active && p.office.is_some());
    let people = people.map(|p| (p.username.to_string(), p.name.clone())).collect();
    let offices = directory.offices.values().map(|o| (o.code.to_string(), o.name.clone())).collect();
    let fields = vec![
        item,
        kinds,
        Field::new(ctx, "to_person", Kind::Select).options(ctx, people),
        Field::new(ctx, "to_office", Kind::Select).options(ctx, offices),
        Field::new(ctx, "to_window", Kind::Text),
    ];
    let reason = ctx.open.case.is_leaving().then(|| Field::new(ctx, "kept_reason", Kind::Text));
    let fields = fields.into_iter().chain(reason).collect();
    Body { intro: vec![ctx.t("staff.move.intro")], fields, ..Body::default() }
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    Ok(match ctx.kind {
        CommandKind::CheckMaterials => MaterialsCommand::CheckMaterials { checks: checks(ctx)? },
        CommandKind::IssueNotice => MaterialsCommand::IssueNotice {
            matters: ctx.typed.all("matters").into_iter().map(MatterCode::from).collect(),
            reason_code: match ctx.typed.given("reason_code") {
                Some(_) => Some(ctx.chosen::<NoticeReason>("reason_code")?),
                None => None,
            },
        },
        CommandKind::ReceiveMaterials => MaterialsCommand::ReceiveMaterials { items: items(ctx)? },
        _ => MaterialsCommand::MoveMaterial { item: ItemId(ctx.needed("item")?), to: destination(ctx)? },
    }
    .into())
}

fn checks(ctx: &Ctx<'_>) -> Result<Vec<MaterialCheck>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut checks = Vec::new();
    for material in &ctx.open.case.materials {
        let id = material.spec.id.as_str();
        let result = match ctx.typed.get(&format!("result.{id}")) {
            "ok" => CheckResult::Ok,
            "missing" => CheckResult::Missing,
            "wrong" => CheckResult::Wrong,
            _ => continue,
        };
        let why = ctx.typed.given(&format!("why.{id}")).filter(|_| result != CheckResult::Ok);
        if result == CheckResult::Wrong && why.is_none() {
            wrong.push((format!("why.{id}"), "why"));
        }
        let is_known = material.check.as_ref().is_some_and(|(known, said, _)| *known == result && *said == why);
        if !is_known {
            checks.push(MaterialCheck { material: material.spec.id.clone(), result, why });
        }
    }
    if wrong.is_empty() { Ok(checks) } else { Err(wrong) }
}

fn items(ctx: &Ctx<'_>) -> Result<Vec<ItemInput>, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut items = Vec::new();
    for material in &ctx.open.case.materials {
        let id = material.spec.id.as_str();
        let field = |base: &str| format!("{base}.{id}");
        if ctx.typed.get(&field("take")) != "1" {
            continue;
        }
        let number = |base: &str, wrong: &mut Vec<Wrong>| match ctx.number(&field(base)) {
            Ok(number) if number > 0 => number,
            _ => {
                wrong.push((field(base), "count"));
                1
            }
        };
        let form = ctx.chosen(&field("form")).unwrap_or(material.spec.form);
        items.push(ItemInput {
            material: material.spec.id.clone(),
            form,
            pages: number("pages", &mut wrong),
            copies: number("copies", &mut wrong),
            to_return: ctx.typed.get(&field("back")) == "1",
            file: ctx.file(&field("file")),
            label: ctx.typed.given(&field("label")),
            condition: ctx.typed.given(&field("condition")),
        });
    }
    if wrong.is_empty() { Ok(items) } else { Err(wrong) }
}

fn destination(ctx: &Ctx<'_>) -> Result<Destination, Vec<Wrong>> {
    Ok(match ctx.typed.get("to") {
        "office" => Destination::Office(OfficeCode(ctx.needed("to_office")?)),
        "window" => Destination::Window(ctx.needed("to_window")?),
        "kept" => {
            Destination::Kept { office: OfficeCode(ctx.needed("to_office")?), reason: ctx.needed("kept_reason")? }
        }
        _ => Destination::Person(Username(ctx.needed("to_person")?)),
    })
}

/// Where a piece can go; the last only when the case is left.
const WAYS: [&str; 4] = ["person", "office", "window", "kept"];

/// The pieces that an office holds.
pub(super) fn at_office<'a>(case: &'a Case, office: &OfficeCode) -> Vec<&'a domain::custody::Item> {
    let here = Place::Office(office.clone());
    case.items.iter().filter(|item| item.place == here).collect()
}
