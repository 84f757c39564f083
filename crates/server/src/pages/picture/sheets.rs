//! The Gantt chart of a wide screen, in sheets that fit on paper (A4, landscape) each with the axis above it.

use super::chart::{Chart, Mark, Row};
use super::svg::{Svg, breadth, fit};

const WIDTH: f64 = 1120.0;
/// Names stand left of here.
const NAMES: f64 = 232.0;
const LEFT: f64 = 240.0;
const RIGHT: f64 = 1116.0;
/// Days and today above the bars.
const HEAD: f64 = 44.0;
const LINE: f64 = 28.0;
const BAR: f64 = 14.0;
/// Lines of a sheet, with headings; what paper holds.
const MOST: usize = 22;
const SMALL: f64 = 13.0;

enum Line<'a> {
    Heading(&'a str),
    Mark(&'a Mark),
    Row(&'a Row),
}

/// Draws the sheets.
pub(crate) fn sheets(chart: &Chart, id: &str) -> Vec<String> {
    let pages = pages(chart);
    let count = pages.len();
    let title =
        |at: usize| if count > 1 { format!("{}（{}/{count}）", chart.title, at + 1) } else { chart.title.clone() };
    pages.iter().enumerate().map(|(at, lines)| sheet(chart, lines, &format!("{id}-{at}"), &title(at))).collect()
}

/// Lines sheet by sheet; a heading never stands alone at the foot and is repeated at the head.
fn pages(chart: &Chart) -> Vec<Vec<Line<'_>>> {
    let mut pages: Vec<Vec<Line<'_>>> = vec![Vec::new()];
    let mut page = Vec::new();
    if !chart.marks.is_empty() {
        page.push(Line::Heading(&chart.words.milestones));
        page.extend(chart.marks.iter().map(Line::Mark));
    }
    for group in &chart.groups {
        if page.len() + 2 > MOST {
            pages.push(std::mem::take(&mut page));
        }
        page.push(Line::Heading(&group.name));
        for row in group.rows.iter().filter_map(|at| chart.rows.get(*at)) {
            if page.len() == MOST {
                pages.push(std::mem::take(&mut page));
                page.push(Line::Heading(&group.name));
            }
            page.push(Line::Row(row));
        }
    }
    pages.push(page);
    pages.retain(|page| !page.is_empty());
    pages
}

fn place(chart: &Chart, at: f64) -> f64 {
    LEFT + (RIGHT - LEFT) * (at / chart.axis.len.max(1.0)).clamp(0.0, 1.0)
}

fn sheet(chart: &Chart, lines: &[Line<'_>], id: &str, title: &str) -> String {
    let mut svg = Svg::new(id, "gantt", WIDTH);
    let height = HEAD + LINE * lines.len() as f64 + 4.0;
    ground(&mut svg, chart, height);
    for (at, line) in lines.iter().enumerate() {
        let y = HEAD + LINE * at as f64;
        match line {
            Line::Heading(name) => {
                svg.line("rule", (0.0, y + 2.0), (WIDTH, y + 2.0));
                svg.text("b", 0.0, y + 20.0, &fit(name, SMALL, NAMES));
            }
            Line::Mark(mark) => milestone(&mut svg, chart, mark, y),
            Line::Row(row) => matter(&mut svg, chart, row, y),
        }
    }
    svg.finish(height, title, &chart.desc)
}

/// Days without work, the names of days, today.
fn ground(svg: &mut Svg, chart: &Chart, height: f64) {
    for shade in &chart.axis.shades {
        let (from, to) = (place(chart, shade.from), place(chart, shade.to));
        svg.rect(shade.class, from, HEAD, to - from, height - HEAD);
    }
    svg.line("rule", (LEFT, HEAD), (RIGHT, HEAD));
    let today = chart.axis.now.as_ref().map(|now| place(chart, now.at));
    let mut free = 0.0;
    for tick in &chart.axis.ticks {
        let (x, wide) = (place(chart, tick.at), breadth(&tick.label, SMALL));
        if x < free || x + wide > WIDTH {
            continue;
        }
        free = x + wide + 10.0;
        svg.line("grid", (x, HEAD - 6.0), (x, height));
        // Today's line would go through the name of a day just before it.
        if !today.is_some_and(|today| (x..x + wide + 4.0).contains(&today)) {
            svg.text("s", x + 2.0, HEAD - 9.0, &tick.label);
        }
    }
    if let Some(guess) = &chart.axis.guess {
        let x = place(chart, guess.at);
        svg.hatched("guess", x, HEAD - 4.0, RIGHT - x, 4.0);
        let end = (x + breadth(&guess.label, SMALL)).min(WIDTH);
        let from = end - breadth(&guess.label, SMALL);
        if from > chart.axis.now.as_ref().map_or(0.0, |now| place(chart, now.at) + breadth(&now.label, SMALL)) {
            svg.text("s end", end, 15.0, &guess.label);
        }
    }
    if let Some(now) = &chart.axis.now {
        let x = place(chart, now.at);
        svg.line("today", (x, 20.0), (x, height));
        let half = breadth(&now.label, SMALL) / 2.0;
        svg.text("s b mid", x.clamp(LEFT + half, RIGHT - half), 15.0, &now.label);
    }
}

fn milestone(svg: &mut Svg, chart: &Chart, mark: &Mark, y: f64) {
    let x = place(chart, mark.at);
    svg.text("", 0.0, y + 19.0, &fit(&mark.name, SMALL, NAMES));
    if let Some(wanted) = &mark.wanted {
        let at = place(chart, wanted.at);
        svg.line("wanted", (at, y + 4.0), (at, y + 24.0));
    }
    svg.diamond(if mark.reached { "goal reached" } else { "goal" }, x, y + 14.0, 8.0);
    let wanted = mark.wanted.as_ref().map(|wanted| format!("，{}", wanted.label)).unwrap_or_default();
    beside(svg, (x - 8.0, x + 8.0), y + 19.0, &format!("{}{wanted}", mark.dates), "b");
}

fn matter(svg: &mut Svg, chart: &Chart, row: &Row, y: f64) {
    svg.link(&row.href);
    svg.rect("hit", 0.0, y + 1.0, WIDTH, LINE - 2.0);
    svg.text("", 0.0, y + 19.0, &fit(&row.name, SMALL, NAMES));
    let (from, to) = (place(chart, row.from), place(chart, row.to));
    let to = to.max(from + 4.0).min(RIGHT.max(from + 4.0));
    let ends = bar(svg, row, (from, to), (place(chart, row.worked.unwrap_or(row.from)), y + 7.0, BAR));
    let told = chart.told(row);
    let latest = row.latest.map_or(ends.1, |latest| place(chart, latest));
    // The words stand on the way to the latest day if it is long enough, else behind both.
    let words_end = ends.1 + 12.0 + breadth(&told, SMALL);
    let is_long = latest > words_end;
    if row.latest.is_some() {
        svg.line("slack", (if is_long { words_end } else { ends.1 }, y + 14.0), (latest, y + 14.0));
        svg.line("slack", (latest, y + 9.0), (latest, y + 19.0));
    }
    let span = if is_long { ends } else { (ends.0.min(latest), ends.1.max(latest)) };
    beside(svg, span, y + 19.0, &told, "s");
    svg.end_link();
}

/// A bar: what has been worked is solid, what remains is hatched, what is planned is an outline. Returns where it begins and ends.
pub(super) fn bar(svg: &mut Svg, row: &Row, (from, to): (f64, f64), (worked, y, high): (f64, f64, f64)) -> (f64, f64) {
    let critical = if row.critical { " critical" } else { "" };
    let class = format!("beam {}{critical}", row.look.class());
    if row.worked.is_some() {
        let worked = worked.clamp(from, to);
        svg.hatched(&class, from, y, to - from, high);
        svg.rect(&format!("worked {}", row.look.class()), from, y, worked - from, high);
    } else {
        svg.rect(&class, from, y, to - from, high);
    }
    (from, to)
}

/// Words beside a bar: behind it, else before it, else over it.
fn beside(svg: &mut Svg, (from, to): (f64, f64), y: f64, words: &str, class: &str) {
    let wide = breadth(words, SMALL);
    if to + 6.0 + wide <= WIDTH {
        svg.text(&format!("{class} clear"), to + 6.0, y, words);
    } else if from - 6.0 - wide >= LEFT {
        svg.text(&format!("{class} clear end"), from - 6.0, y, words);
    } else {
        svg.text(&format!("{class} clear end"), RIGHT - 4.0, y, words);
    }
}
