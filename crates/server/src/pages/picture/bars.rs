//! The Gantt chart of a phone: one matter below the other, each with its name, its bar and its words.

use super::chart::{Chart, Row};
use super::sheets::bar;
use super::svg::{Svg, breadth, fit};

const WIDTH: f64 = 328.0;
const ROW: f64 = 72.0;
const SMALL: f64 = 13.0;
const NORMAL: f64 = 15.0;

/// Draws it.
pub(crate) fn bars(chart: &Chart, id: &str) -> String {
    let mut svg = Svg::new(id, "gantt tall", WIDTH);
    let mut y = 0.0;
    for mark in &chart.marks {
        svg.diamond(if mark.reached { "goal reached" } else { "goal" }, 9.0, y + 16.0, 8.0);
        svg.text("b", 26.0, y + 21.0, &fit(&mark.name, NORMAL, WIDTH - 26.0));
        let wanted = mark.wanted.as_ref().map(|wanted| format!("，{}", wanted.label)).unwrap_or_default();
        svg.text("s", 26.0, y + 41.0, &fit(&format!("{}{wanted}", mark.dates), SMALL, WIDTH - 26.0));
        y += 52.0;
    }
    for group in &chart.groups {
        svg.line("rule", (0.0, y + 8.0), (WIDTH, y + 8.0));
        svg.text("b", 0.0, y + 32.0, &fit(&group.name, NORMAL, WIDTH));
        y += 42.0;
        axis(&mut svg, chart, y, group.rows.len());
        y += 18.0;
        for row in group.rows.iter().filter_map(|at| chart.rows.get(*at)) {
            matter(&mut svg, chart, row, y);
            y += ROW;
        }
    }
    svg.finish(y + 4.0, &chart.title, &chart.desc)
}

fn place(chart: &Chart, at: f64) -> f64 {
    WIDTH * (at / chart.axis.len.max(1.0)).clamp(0.0, 1.0)
}

/// The names of some days over a group, and today through it.
fn axis(svg: &mut Svg, chart: &Chart, y: f64, rows: usize) {
    let bottom = y + 18.0 + ROW * rows as f64;
    let today = chart.axis.now.as_ref().map(|now| (place(chart, now.at), now.label.as_str()));
    let mut taken: Vec<(f64, f64)> = Vec::new();
    if let Some((x, label)) = today {
        let wide = breadth(label, SMALL);
        let from = (x - wide / 2.0).clamp(0.0, WIDTH - wide);
        svg.text("s b", from, y + 10.0, label);
        svg.line("today", (x, y + 14.0), (x, bottom));
        taken.push((from - 8.0, from + wide + 8.0));
    }
    for tick in &chart.axis.ticks {
        let (x, wide) = (place(chart, tick.at), breadth(&tick.label, SMALL));
        let is_free = taken.iter().all(|(from, to)| x + wide < *from || x > *to);
        if is_free && x + wide <= WIDTH {
            svg.line("grid", (x, y + 14.0), (x, bottom));
            svg.text("s", x, y + 10.0, &tick.label);
            taken.push((x - 8.0, x + wide + 24.0));
        }
    }
}

fn matter(svg: &mut Svg, chart: &Chart, row: &Row, y: f64) {
    svg.link(&row.href);
    svg.rect("hit", 0.0, y + 1.0, WIDTH, ROW - 2.0);
    svg.text("b clear", 0.0, y + 19.0, &fit(&row.name, NORMAL, WIDTH));
    let (from, to) = (place(chart, row.from), place(chart, row.to));
    let from = from.min(WIDTH - 4.0);
    let to = to.max(from + 4.0);
    let ends = bar(svg, row, (from, to), (place(chart, row.worked.unwrap_or(row.from)), y + 28.0, 12.0));
    if let Some(latest) = row.latest.map(|latest| place(chart, latest)) {
        svg.line("slack", (ends.1, y + 34.0), (latest, y + 34.0));
        svg.line("slack", (latest, y + 29.0), (latest, y + 39.0));
    }
    let told = chart.told(row);
    svg.text("s clear", 0.0, y + 57.0, &fit(&told, SMALL, WIDTH));
    let room = WIDTH - breadth(&told, SMALL) - 12.0;
    if room > 3.0 * SMALL {
        svg.text("s clear end", WIDTH, y + 57.0, &fit(&row.office, SMALL, room));
    }
    svg.end_link();
}
