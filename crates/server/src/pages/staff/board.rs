//! 看板: one sheet for the weekly meeting, five figures and the longest blockers by department, drawn from the record (S8.2).

use super::ledger::{Row, cut, shown};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Page, html};
use app::{Board, OfficeDays};
use askama::Template;
use axum::response::Response;
use domain::calendar::today;

/// Offices with a bar.
const MOST_OFFICES: usize = 8;

/// A figure that leads to its list.
struct Figure {
    href: &'static str,
    label: String,
    count: u64,
    late: bool,
}

/// How long matters lie with an office.
struct Bar {
    href: String,
    office: String,
    above: bool,
    words: String,
    /// Of a hundred.
    width: i64,
}

/// The blockers of a side.
struct Part {
    id: &'static str,
    title: String,
    href: String,
    count: usize,
    rows: Vec<(i64, Row)>,
}

#[derive(Template)]
#[template(path = "staff/board.html")]
struct BoardPage {
    page: Page,
    l: Lang,
    headline: String,
    as_of: String,
    cut: String,
    figures: Vec<Figure>,
    bars: Vec<Bar>,
    parts: Vec<Part>,
}

/// The page.
pub(crate) async fn page(visit: Signed) -> Result<Response, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let board = app.board(&visit.user).await?;
    let reference = app.reference();
    let (say, now) = (visit.say(&reference), app.now());
    let part = |side: &app::SideBlockers| Part {
        id: side.side.name(),
        title: l.t(&format!("board.{}", side.side.name())).into_owned(),
        href: format!("/ledger?blocked=1&side={}&order=days", side.side.name()),
        count: side.count,
        rows: side
            .longest
            .iter()
            .map(|row| (row.line.hold.as_ref().map_or(0, |hold| hold.days), shown(&say, row, today(now))))
            .collect(),
    };
    html(&BoardPage {
        page: super::desk(&visit, "board.title"),
        l,
        headline: headline(l, &board),
        as_of: l.tr("board.as_of", &[("time", l.clock(now).as_str()), ("date", l.date_long(today(now)).as_str())]),
        cut: cut(l, board.cut),
        figures: figures(l, &board),
        bars: bars(l, &board.offices, |code| say.office(code)),
        parts: board.blockers.iter().map(part).collect(),
    })
}

fn headline(l: Lang, board: &Board) -> String {
    let count = board.blockers.iter().map(|side| side.count).sum::<usize>();
    match count {
        0 => l.t("board.no_blockers").into_owned(),
        _ => l.tr("board.blockers", &[("count", count.to_string().as_str())]),
    }
}

fn figures(l: Lang, board: &Board) -> Vec<Figure> {
    let counted = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let figures = [
        ("projects", "/ledger", counted(board.projects), false),
        ("behind", "/ledger?behind=1", counted(board.behind), true),
        ("overdue", "/warnings?kind=red", board.overdue, true),
        ("soon", "/warnings?kind=yellow", board.soon, false),
        ("offered", "/warnings?kind=offered", board.offered, false),
    ];
    let figure = |(name, href, count, late): (&str, &'static str, u64, bool)| Figure {
        href,
        label: l.t(&format!("board.figure_{name}")).into_owned(),
        count,
        late: late && count > 0,
    };
    figures.into_iter().map(figure).collect()
}

fn bars(l: Lang, offices: &[OfficeDays], name: impl Fn(&domain::ids::OfficeCode) -> String) -> Vec<Bar> {
    let most = offices.iter().map(|office| office.days).max().unwrap_or(0).max(1);
    let bar = |office: &OfficeDays| {
        let figures = [
            ("days", office.days.to_string()),
            ("matters", office.matters.to_string()),
            ("longest", office.longest.to_string()),
        ];
        let figures: Vec<(&str, &str)> = figures.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Bar {
            href: format!("/ledger?at={}&order=days", office.office),
            office: name(&office.office),
            above: office.above,
            words: l.tr("board.days", &figures[..]),
            width: (office.days * 100 / most).max(1),
        }
    };
    offices.iter().take(MOST_OFFICES).map(bar).collect()
}
