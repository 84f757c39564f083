//! The taker's word for a piece, and what may come later (S2.1, S3.2, 容缺).

use super::field::{Body, Field, Kind, date};
use super::{Ctx, Wrong};
use domain::case::{Command, CommandKind, MaterialsCommand};
use domain::custody::CustodyLine;
use domain::ids::{ItemId, MaterialId, MatterCode};

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    if ctx.kind == CommandKind::TakeMaterial { take(ctx) } else { defer(ctx) }
}

/// Every move whose taker has not said so yet; one's own are ticked.
fn take(ctx: &Ctx<'_>) -> Body {
    let (case, names) = (&ctx.open.case, ctx.names());
    let open: Vec<&CustodyLine> = case.open_moves().collect();
    let options = open.iter().map(|line| {
        let piece = case.item(&line.item).map(|item| names.piece(item)).unwrap_or_default();
        let (name, day) = (names.item(&line.item), names.day(line.at));
        let (from, to) = (names.place(&line.from), names.place(&line.to));
        let words = [("name", name.as_str()), ("piece", &piece), ("from", &from), ("to", &to), ("day", &day)];
        (line.item.to_string(), ctx.l.tr("staff.open_move", &words))
    });
    let mut items = Field::new(ctx, "items", Kind::Checks).required().options(ctx, options.collect());
    let mine = ctx.open.to_take();
    if !ctx.posted && !ctx.typed.has("items") {
        for option in &mut items.options {
            option.chosen = mine.iter().any(|item| item.as_str() == option.value);
        }
    }
    let slip = Field { value: ctx.typed.get("slip.id").to_owned(), ..Field::new(ctx, "slip", Kind::File) };
    let slip = if mine.is_empty() { slip.required() } else { slip };
    let intro = if mine.is_empty() { "staff.intro.take_for_others" } else { "staff.intro.take_material" };
    Body { intro: vec![ctx.t(intro)], fields: vec![items, slip], has_files: true, ..Body::default() }
}

/// A material that the catalogue lets come later, for its matter.
fn defer(ctx: &Ctx<'_>) -> Body {
    let (names, reference) = (ctx.names(), &ctx.open.reference);
    let options = ctx.open.case.deferrable().map(|(matter, material)| {
        let (matter, material) = (&matter.scope.code, &material.spec);
        let words = [("material", material.name.as_str()), ("matter", &names.matter(matter))];
        (format!("{matter}|{}", material.id), ctx.l.tr("staff.deferrable", &words))
    });
    let days = reference.policy.deferral_days;
    let last = reference.calendar.add_working_days(names.today(), days).date;
    let words = [("date", names.date(last)), ("days", days.to_string())];
    let words = words.each_ref().map(|(name, value)| (*name, value.as_str()));
    let fields = vec![
        Field::new(ctx, "deferred", Kind::Select).required().options(ctx, options.collect()),
        Field::new(ctx, "due", Kind::Date).required().until(last),
        Field::new(ctx, "consequence", Kind::Area),
    ];
    Body { intro: vec![ctx.l.tr("staff.intro.defer_material", &words)], fields, ..Body::default() }
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    if ctx.kind == CommandKind::TakeMaterial {
        let items = ctx.typed.all("items").into_iter().map(ItemId::from).collect();
        return Ok(MaterialsCommand::TakeMaterial { items, slip: ctx.file("slip") }.into());
    }
    let chosen = ctx.needed("deferred")?;
    let (matter, material) = chosen.split_once('|').ok_or_else(|| vec![("deferred".to_owned(), "choose")])?;
    Ok(MaterialsCommand::DeferMaterial {
        matter: MatterCode::from(matter),
        material: MaterialId::from(material),
        due: date(&ctx.needed("due")?).ok_or_else(|| vec![("due".to_owned(), "date")])?,
        consequence: ctx.typed.given("consequence"),
    }
    .into())
}
