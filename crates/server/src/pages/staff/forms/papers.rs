//! Papers that somebody asks for, and documents that come in after the sealing (S8.1, S8.4).

use super::field::{Body, Field, Kind};
use super::{Ctx, Wrong};
use domain::case::{AgreementCommand, Command, CommandKind, EndingCommand, PaperOnRequest};
use domain::ids::MatterCode;

const PAPERS: [&str; 4] = ["application", "power-of-attorney", "task-slip", "courier-record"];

pub(super) fn body(ctx: &Ctx<'_>) -> Body {
    let intro = vec![ctx.t(&format!("staff.intro.{}", ctx.kind.name()))];
    if ctx.kind == CommandKind::AddLateDocument {
        let file = Field { value: ctx.typed.get("file.id").to_owned(), ..Field::new(ctx, "file", Kind::File) };
        let fields = vec![
            Field::new(ctx, "title", Kind::Text).required(),
            file.required(),
            Field::new(ctx, "reason", Kind::Area).required(),
        ];
        return Body { intro, fields, has_files: true, ..Body::default() };
    }
    let names = ctx.names();
    let offered = ctx.open.case.matters.iter().filter(|matter| matter.offered_at.is_some());
    let matters: Vec<(String, String)> =
        offered.map(|matter| (matter.scope.code.to_string(), names.matter(&matter.scope.code))).collect();
    let papers = ctx.choices("staff.request", &PAPERS);
    let paper = Field::new(ctx, "paper", Kind::Radio).required().options(ctx, papers);
    let matter = Field { hint: ctx.t("staff.request.for_slip"), ..Field::new(ctx, "matter", Kind::Select) };
    let matter = (!matters.is_empty()).then(|| matter.options(ctx, matters));
    Body { intro, fields: std::iter::once(paper).chain(matter).collect(), ..Body::default() }
}

pub(super) fn command(ctx: &Ctx<'_>) -> Result<Command, Vec<Wrong>> {
    if ctx.kind == CommandKind::AddLateDocument {
        return Ok(EndingCommand::AddLateDocument {
            title: ctx.needed("title")?,
            file: ctx.file("file").ok_or_else(|| vec![("file".to_owned(), "required")])?,
            reason: ctx.needed("reason")?,
        }
        .into());
    }
    let kind: PaperOnRequest = ctx.chosen("paper")?;
    let matter = ctx.typed.given("matter").filter(|_| kind == PaperOnRequest::TaskSlip).map(MatterCode);
    Ok(AgreementCommand::IssuePaper { kind, matter }.into())
}
