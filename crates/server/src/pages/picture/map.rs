//! What comes before what: on a wide screen a layered drawing from left to right, on a phone steps from top to bottom. What is
//! finished is one box.

use super::chart::{Chart, Row};
use super::layers::{Layout, Way, layer_of, layout};
use super::svg::{Svg, breadth, fit, two_lines};

const BOX: f64 = 124.0;
const HIGH: f64 = 80.0;
const PITCH: f64 = 158.0;
const PAD: f64 = 7.0;
/// Milestones above the boxes.
const HEAD: f64 = 58.0;
/// A page is so wide; a shorter map is not blown up beyond its letters.
const LEAST: f64 = 1120.0;
const PHONE: f64 = 328.0;
const SMALL: f64 = 13.0;
const TINY: f64 = 12.0;
const NORMAL: f64 = 15.0;

/// The open matters, with their places among all.
struct Open<'a> {
    rows: Vec<(usize, &'a Row)>,
    ways: Vec<Way>,
    done: usize,
}

impl<'a> Open<'a> {
    fn of(chart: &'a Chart) -> Self {
        let is_open = |row: &Row| row.look != super::chart::Look::Done;
        let rows: Vec<(usize, &Row)> = chart.rows.iter().enumerate().filter(|(_, row)| is_open(row)).collect();
        let box_of = |place: usize| rows.iter().position(|(known, _)| *known == place);
        let way = |to: usize, (place, strong): &(usize, bool)| {
            box_of(*place).filter(|from| *from != to).map(|from| Way { from, to, strong: *strong })
        };
        let ways = rows.iter().enumerate().flat_map(|(to, (_, row))| row.after.iter().filter_map(move |b| way(to, b)));
        let ways = ways.collect();
        Self { done: chart.rows.len() - rows.len(), ways, rows }
    }
}

/// Draws the wide map.
pub(crate) fn map(chart: &Chart, id: &str) -> String {
    let open = Open::of(chart);
    let placed = layout(open.rows.len(), &open.ways);
    let first = usize::from(open.done > 0);
    let left = |layer: usize| 2.0 + PITCH * (layer + first) as f64;
    let width = (left(placed.layers.max(1) - 1) + BOX + 60.0).max(LEAST);
    let top = HEAD + 2.0;
    let height = top + placed.height.max(HIGH + 12.0) + 4.0;
    let mut svg = Svg::new(id, if width > LEAST { "graph long" } else { "graph" }, width);
    marks(&mut svg, chart, &open, &placed, &left, (width, height));
    if open.done > 0 {
        done_box(&mut svg, chart, open.done, &placed, top);
    }
    for (way, passes) in &placed.ways {
        let critical = open.rows[way.from].1.critical && open.rows[way.to].1.critical;
        draw_way(&mut svg, way, passes, &placed, &left, (top, critical));
    }
    let mut order: Vec<usize> = (0..open.rows.len()).collect();
    order.sort_by(|a, b| placed.at[*a].partial_cmp(&placed.at[*b]).unwrap_or(std::cmp::Ordering::Equal));
    for at in order {
        let (layer, middle) = placed.at[at];
        matter(&mut svg, open.rows[at].1, (left(layer), top + middle - HIGH / 2.0));
    }
    svg.finish(height, &chart.title, &chart.desc)
}

/// Everything that is finished, in one box.
fn done_box(svg: &mut Svg, chart: &Chart, done: usize, placed: &Layout, top: f64) {
    let y = top + (placed.height.max(HIGH) - HIGH) / 2.0;
    svg.rect("box done", 2.0, y, BOX, HIGH);
    let words = two_lines(&chart.counted(&chart.words.done, done), SMALL, BOX - 2.0 * PAD - 16.0);
    svg.path("tick", &format!("M{:.1} {:.1}l4 4 7-8", 2.0 + PAD, y + HIGH / 2.0));
    for (at, line) in words.iter().enumerate() {
        svg.text("b", 2.0 + PAD + 17.0, y + HIGH / 2.0 + 5.0 + 17.0 * at as f64, line);
    }
}

/// Milestones: each stands behind the last layer that it waits for.
fn marks(
    svg: &mut Svg,
    chart: &Chart,
    open: &Open<'_>,
    placed: &Layout,
    left: &dyn Fn(usize) -> f64,
    (width, height): (f64, f64),
) {
    let layer = |place: &usize| open.rows.iter().position(|(known, _)| known == place).map(|at| placed.at[at].0);
    let mut ends = [0.0_f64; 2];
    // Words after all lines: a later day's line would go through them.
    let mut names = Vec::new();
    for mark in chart.marks.iter().filter(|mark| !mark.reached) {
        let Some(last) = mark.after.iter().filter_map(layer).max() else { continue };
        let x = left(last) + BOX + 11.0;
        let words = format!("{} {}", mark.name, mark.dates);
        let wide = breadth(&words, SMALL);
        let end = (x + 10.0 + wide).min(width);
        let from = end - wide;
        let lane = usize::from(ends[0] > from - 24.0);
        ends[lane] = end;
        let y = 15.0 + 24.0 * lane as f64;
        svg.line("goal-line", (x, y + 8.0), (x, height));
        let behind = x + 10.0 + wide <= width;
        svg.diamond("goal", x, y, 7.0);
        let (class, x) = if behind { ("b clear", x + 11.0) } else { ("b clear end", x - 11.0) };
        names.push((class, x, y + 5.0, words));
    }
    for (class, x, y, words) in names {
        svg.text(class, x, y, &words);
    }
}

fn draw_way(
    svg: &mut Svg,
    way: &Way,
    passes: &[f64],
    placed: &Layout,
    left: &dyn Fn(usize) -> f64,
    (top, critical): (f64, bool),
) {
    let (first, mut y) = placed.at[way.from];
    let (last, end) = placed.at[way.to];
    let mut x = left(first) + BOX;
    let mut d = format!("M{x:.1} {:.1}", top + y);
    let curve = |d: &mut String, x: f64, y: f64, to: f64, at: f64| {
        let half = (to - x) / 2.0;
        d.push_str(&format!(
            "C{:.1} {:.1} {:.1} {:.1} {to:.1} {:.1}",
            x + half,
            top + y,
            to - half,
            top + at,
            top + at
        ));
    };
    for (step, pass) in passes.iter().enumerate() {
        let begin = left(first + 1 + step);
        curve(&mut d, x, y, begin, *pass);
        x = begin + BOX;
        d.push_str(&format!("H{x:.1}"));
        y = *pass;
    }
    curve(&mut d, x, y, left(last) - 1.0, end);
    let kind = if way.strong { "way" } else { "way soft" };
    svg.path(if critical { "way long" } else { kind }, &d);
    let (x, y) = (left(last), top + end);
    svg.path("arrow", &format!("M{:.1} {:.1}L{x:.1} {y:.1}L{:.1} {:.1}z", x - 7.0, y - 4.0, x - 7.0, y + 4.0));
}

fn matter(svg: &mut Svg, row: &Row, (x, y): (f64, f64)) {
    let critical = if row.critical { " critical" } else { "" };
    let room = BOX - 2.0 * PAD;
    svg.link(&row.href);
    svg.rect(&format!("box {}{critical}", row.look.class()), x, y, BOX, HIGH);
    for (at, line) in two_lines(&row.name, SMALL, room).iter().enumerate() {
        svg.text("b", x + PAD, y + 18.0 + 17.0 * at as f64, line);
    }
    svg.text("t", x + PAD, y + 54.0, &fit(&row.office, TINY, room));
    svg.text("t", x + PAD, y + 71.0, &fit(&row.brief, TINY, room));
    svg.end_link();
}

/// Draws the steps for a phone: what can be done side by side stands together.
pub(crate) fn steps(chart: &Chart, id: &str) -> String {
    let open = Open::of(chart);
    let layers = layer_of(open.rows.len(), &open.ways);
    let mut svg = Svg::new(id, "graph tall", PHONE);
    let mut y = 0.0;
    if open.done > 0 {
        svg.rect("box done", 1.0, y + 1.0, PHONE - 2.0, 42.0);
        svg.path("tick", &format!("M14 {:.1}l4 4 7-8", y + 22.0));
        svg.text("b", 34.0, y + 27.0, &chart.counted(&chart.words.done, open.done));
        y += 56.0;
    }
    for layer in 0..=layers.iter().copied().max().unwrap_or(0) {
        let here: Vec<usize> = (0..open.rows.len()).filter(|at| layers[*at] == layer).collect();
        if here.is_empty() {
            continue;
        }
        svg.text("s b", 0.0, y + 16.0, &chart.counted(&chart.words.step, layer + 1));
        y += 26.0;
        for at in here {
            y = step(&mut svg, chart, &open, at, y);
        }
        y += 8.0;
    }
    svg.finish(y, &chart.title, &chart.desc)
}

fn step(svg: &mut Svg, chart: &Chart, open: &Open<'_>, at: usize, y: f64) -> f64 {
    let row = open.rows[at].1;
    let waits: Vec<&str> =
        open.ways.iter().filter(|way| way.to == at).map(|way| open.rows[way.from].1.name.as_str()).collect();
    let room = PHONE - 28.0;
    let names = two_lines(&row.name, NORMAL, room);
    let high = 40.0 + 21.0 * names.len() as f64 + if waits.is_empty() { 0.0 } else { 19.0 };
    let critical = if row.critical { " critical" } else { "" };
    svg.link(&row.href);
    svg.rect(&format!("box {}{critical}", row.look.class()), 2.0, y + 2.0, PHONE - 4.0, high - 4.0);
    let mut line = y + 23.0;
    for name in &names {
        svg.text("b", 14.0, line, name);
        line += 21.0;
    }
    let told = chart.told(row);
    svg.text("s", 14.0, line, &fit(&told, SMALL, room));
    let rest = room - breadth(&told, SMALL) - 12.0;
    if rest > 3.0 * SMALL {
        svg.text("s end", PHONE - 14.0, line, &fit(&row.office, SMALL, rest));
    }
    if !waits.is_empty() {
        let names = waits.join(&chart.words.and);
        svg.text("s", 14.0, line + 19.0, &fit(&format!("{}{names}", chart.words.waits), SMALL, room));
    }
    svg.end_link();
    y + high + 8.0
}
