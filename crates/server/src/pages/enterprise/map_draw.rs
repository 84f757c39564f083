//! The project map as shapes: from left to right on a wide screen, from top to bottom on a phone.

use super::map::{Goal, ProjectMap, Stop};
use crate::i18n::Lang;

/// A shape of the picture; what varies is a class, never a style.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Path { class: String, d: String },
    Circle { class: String, x: f64, y: f64, r: f64 },
    Text { class: String, x: f64, y: f64, text: String },
}

/// A drawn map.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) shapes: Vec<Shape>,
}

/// Where the line runs on the wide picture, and where it ends.
const LINE: f64 = 90.0;
const FLAT_WIDTH: u32 = 1120;
const FLAT_END: f64 = 1074.0;
/// Where the line runs on the tall picture.
const SPINE: f64 = 14.0;
const TALL_WIDTH: u32 = 328;
const TALL_EDGE: f64 = 328.0;

impl Drawing {
    fn path(&mut self, class: &str, d: String) {
        self.shapes.push(Shape::Path { class: class.to_owned(), d });
    }

    fn circle(&mut self, class: &str, x: f64, y: f64, r: f64) {
        self.shapes.push(Shape::Circle { class: class.to_owned(), x, y, r });
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text { class: class.to_owned(), x, y, text: text.to_owned() });
        }
    }

    fn goal(&mut self, x: f64, y: f64) {
        self.path("goal", format!("M{} {y}l12-13 12 13-12 13z", x - 12.0));
    }

    /// A point with its tick or halo.
    fn point(&mut self, stop: &Stop, x: f64, y: f64, r: f64, here: bool) {
        if here {
            self.circle(&format!("halo {}", stop.class), x, y, r + 6.0);
        }
        self.circle(stop.class, x, y, r);
        if stop.class == "done" {
            self.path("tick", format!("M{} {y}l3.5 3.5 6-7", x - 4.5));
        }
    }
}

/// What a point on the wide picture is.
enum Node<'a> {
    Done(&'a Stop),
    Here(&'a Stop),
    Next(&'a Stop),
    Opening(&'a Goal),
    Works(&'a Stop),
    After(&'a Stop),
}

/// The points in order, each with how much room it wants before it.
fn nodes(map: &ProjectMap) -> Vec<(Node<'_>, f64)> {
    let mut nodes: Vec<(Node<'_>, f64)> = map.done.iter().map(|stop| (Node::Done(stop), 1.0)).collect();
    nodes.extend(map.here.iter().map(|stop| (Node::Here(stop), 1.1)));
    for (at, stop) in map.next.iter().enumerate() {
        let behind_more = map.more_next > 0 && at + 1 == map.next.len();
        nodes.push((Node::Next(stop), if behind_more { 1.4 } else { 1.0 }));
    }
    nodes.extend(map.opening.iter().map(|goal| (Node::Opening(goal), 1.0)));
    nodes.extend(map.works.iter().map(|stop| (Node::Works(stop), 1.1)));
    nodes.extend(map.after.iter().map(|stop| (Node::After(stop), 1.0)));
    nodes
}

/// Draws the wide picture.
pub(crate) fn flat(map: &ProjectMap, l: Lang) -> Drawing {
    let nodes = nodes(map);
    let first =
        map.done.first().or(map.here.as_ref()).map_or(44.0, |stop| 44.0_f64.max(10.0 + width(&stop.label) / 2.0));
    let places = spread(&nodes, first);
    let mut drawing = Drawing { width: FLAT_WIDTH, height: flat_height(map), shapes: Vec::new() };
    let join = opening_at(&nodes, &places);
    let done_at = last_done(&nodes, &places, first);
    draw_threads_under(&mut drawing, map, done_at, join, l);
    draw_line(&mut drawing, map, [first, done_at, join]);
    draw_titles(&mut drawing, map, &nodes, &places, l);
    for ((node, _), x) in nodes.iter().zip(&places) {
        // Threads leave from here: the count stands out of their way.
        let leaves = !map.threads.is_empty() && (x - done_at).abs() < 0.5;
        draw_node(&mut drawing, node, *x, leaves);
    }
    if map.more_next > 0 {
        draw_more(&mut drawing, map, &nodes, &places, l);
    }
    drawing.goal(FLAT_END + 4.0, LINE);
    let edge = f64::from(FLAT_WIDTH) - 2.0;
    drawing.text("b end", edge, 42.0, &map.end.label);
    drawing.text("b end", edge, 64.0, &map.end.date);
    drawing.text("s end", edge, 20.0, &map.end.note);
    drawing
}

fn flat_height(map: &ProjectMap) -> u32 {
    let rows = u32::try_from(map.threads.len()).unwrap_or(0);
    let more = if map.more_threads > 0 { 34 } else { 0 };
    if rows == 0 { 160 } else { 168 + 60 * rows + more }
}

/// Divides the line by how much room each point wants.
fn spread(nodes: &[(Node<'_>, f64)], first: f64) -> Vec<f64> {
    let before_end = 1.35;
    let sum: f64 = nodes.iter().skip(1).map(|(_, room)| room).sum::<f64>() + before_end;
    let unit = (FLAT_END - first) / sum;
    let mut x = first;
    nodes
        .iter()
        .enumerate()
        .map(|(at, (_, room))| {
            if at > 0 {
                x += room * unit;
            }
            x.round()
        })
        .collect()
}

fn place_of(nodes: &[(Node<'_>, f64)], places: &[f64], wanted: impl Fn(&Node<'_>) -> bool) -> Option<f64> {
    nodes.iter().position(|(node, _)| wanted(node)).and_then(|at| places.get(at).copied())
}

fn opening_at(nodes: &[(Node<'_>, f64)], places: &[f64]) -> f64 {
    place_of(nodes, places, |node| matches!(node, Node::Opening(_))).unwrap_or(FLAT_END)
}

fn last_done(nodes: &[(Node<'_>, f64)], places: &[f64], first: f64) -> f64 {
    let at = nodes.iter().rposition(|(node, _)| matches!(node, Node::Done(_)));
    at.and_then(|at| places.get(at).copied()).unwrap_or(first)
}

/// The thick line: done, to come, and after the opening dotted.
fn draw_line(drawing: &mut Drawing, map: &ProjectMap, [first, done, join]: [f64; 3]) {
    let is_over = map.here.is_none() && map.next.is_empty();
    let (green, blue) = if is_over { (join, join) } else { (done, join) };
    if green > first {
        drawing.path("long done", format!("M{first} {LINE}H{green}"));
    }
    if blue > green {
        drawing.path("long", format!("M{green} {LINE}H{blue}"));
    }
    if join < FLAT_END {
        drawing.path("long far", format!("M{} {LINE}H{FLAT_END}", join + 16.0));
    }
}

fn draw_titles(drawing: &mut Drawing, map: &ProjectMap, nodes: &[(Node<'_>, f64)], places: &[f64], l: Lang) {
    let say = |key: &str, count: usize| l.tr(key, &[("count", &count.to_string())]);
    if map.counts.done > 0 {
        drawing.text("s b", 10.0, 24.0, &say("enterprise.map.done_n", map.counts.done));
    }
    if let Some(x) = place_of(nodes, places, |node| matches!(node, Node::Here(_))).filter(|_| map.counts.now > 0) {
        drawing.text("s b", x - 36.0, 24.0, &say("enterprise.map.now_n", map.counts.now));
    }
    if let Some(x) = place_of(nodes, places, |node| matches!(node, Node::Next(_))).filter(|_| map.counts.next > 0) {
        drawing.text("s b", x - 38.0, 24.0, &say("enterprise.map.next_n", map.counts.next));
    }
}

fn draw_node(drawing: &mut Drawing, node: &Node<'_>, x: f64, leaves: bool) {
    match node {
        Node::Done(stop) => {
            drawing.point(stop, x, LINE, 10.0, false);
            drawing.text("mid", x, 64.0, &stop.label);
            let (class, at) = if leaves { ("s end", x + 16.0) } else { ("s mid", x) };
            drawing.text(class, at, 126.0, &stop.date);
        }
        Node::Here(stop) => {
            drawing.point(stop, x, LINE, 11.0, true);
            drawing.text("b mid", x, 64.0, &stop.label);
            drawing.text("s mid", x, 126.0, if stop.date.is_empty() { &stop.word } else { &stop.date });
            if !stop.date.is_empty() {
                drawing.text(&format!("s mid {}", tone(stop)), x, 146.0, &stop.word);
            }
        }
        Node::Next(stop) | Node::After(stop) => {
            drawing.point(stop, x, LINE, 9.0, false);
            drawing.text("mid", x, 64.0, &stop.label);
            drawing.text("s mid", x, 126.0, &stop.date);
        }
        Node::Opening(goal) => {
            drawing.goal(x + 2.0, LINE);
            drawing.text("b", x - 10.0, 42.0, &goal.label);
            drawing.text("b", x - 10.0, 64.0, &goal.date);
            drawing.text("s", x - 10.0, 20.0, &goal.note);
        }
        Node::Works(stop) => {
            drawing.circle("", x, LINE, 9.0);
            drawing.text("s mid", x, 126.0, &stop.note);
        }
    }
}

/// Says how many matters of the path are passed over, in the gap where they are.
fn draw_more(drawing: &mut Drawing, map: &ProjectMap, nodes: &[(Node<'_>, f64)], places: &[f64], l: Lang) {
    let Some(last) = nodes.iter().rposition(|(node, _)| matches!(node, Node::Next(_))) else {
        return;
    };
    let (Some(to), Some(from)) = (places.get(last), last.checked_sub(1).and_then(|at| places.get(at))) else {
        return;
    };
    let text = l.tr("enterprise.map.more", &[("count", &map.more_next.to_string())]);
    drawing.text("s mid", f64::midpoint(*from, *to), 110.0, &text);
}

fn draw_threads_under(drawing: &mut Drawing, map: &ProjectMap, from: f64, join: f64, l: Lang) {
    let x = from + 86.0;
    let mut y = 200.0;
    for stop in &map.threads {
        let join = if stop.late { FLAT_END } else { join };
        let (turn, back) = (x - 20.0, (join - 92.0).max(x + 20.0));
        drawing.path(
            "thin",
            format!(
                "M{from} {LINE}C{} {LINE} {} {y} {turn} {y}H{back}C{} {y} {} {LINE} {join} {LINE}",
                from + 44.0,
                from + 24.0,
                back + 64.0,
                back + 56.0
            ),
        );
        y += 60.0;
    }
    y = 200.0;
    for stop in &map.threads {
        drawing.point(stop, x, y, 8.0, false);
        drawing.text("", x + 18.0, y - 7.0, &stop.label);
        drawing.text(&format!("s {}", tone(stop)), x + 18.0, y + 18.0, &stop.word);
        drawing.text("s", x + 18.0 + small_width(&stop.word) + 13.0, y + 18.0, &stop.note);
        y += 60.0;
    }
    if map.more_threads > 0 {
        let text = l.tr("enterprise.map.more_threads", &[("count", &map.more_threads.to_string())]);
        drawing.text("s", x + 18.0, y - 20.0, &text);
    }
}

/// The class of a state's word: its shape's, as far as words have that colour.
fn tone(stop: &Stop) -> &'static str {
    match stop.class {
        "now" | "wait" | "halt" | "over" => stop.class,
        _ => "",
    }
}

/// About how wide a text is at 15 px: a Chinese letter is square, a Latin one about half as wide.
fn width(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 8.0 } else { 15.0 }).sum()
}

/// The same at 13 px.
fn small_width(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 7.0 } else { 13.0 }).sum()
}

/// Draws the tall picture.
pub(crate) fn tall(map: &ProjectMap, l: Lang) -> Drawing {
    let mut drawing = Drawing { width: TALL_WIDTH, height: 0, shapes: Vec::new() };
    let mut marks = Marks::default();
    let mut body = Drawing::default();
    let mut y = tall_done(&mut body, map, &mut marks, l);
    y = tall_here(&mut body, map, y, &mut marks, l);
    y = tall_next(&mut body, map, y, l);
    y = tall_goals(&mut body, map, y, &mut marks);
    let opening = marks.opening.unwrap_or(marks.end);
    let is_over = map.here.is_none() && map.next.is_empty();
    let green = if is_over { opening } else { marks.done };
    if green > marks.first {
        drawing.path("long done", format!("M{SPINE} {}V{green}", marks.first));
    }
    if opening > green {
        drawing.path("long", format!("M{SPINE} {green}V{opening}"));
    }
    if marks.end > opening {
        drawing.path("long far", format!("M{SPINE} {}V{}", opening + 14.0, marks.end));
    }
    drawing.shapes.append(&mut body.shapes);
    drawing.height = whole(y);
    drawing
}

/// Heights that the thick line runs between.
#[derive(Default)]
struct Marks {
    first: f64,
    done: f64,
    opening: Option<f64>,
    end: f64,
}

fn title(drawing: &mut Drawing, y: f64, key: &str, count: usize, l: Lang) {
    drawing.text("s b", 44.0, y, &l.t(key));
    let count = l.tr("enterprise.matters", &[("count", &count.to_string())]);
    drawing.text("s end", TALL_EDGE, y, &count);
}

fn tall_done(drawing: &mut Drawing, map: &ProjectMap, marks: &mut Marks, l: Lang) -> f64 {
    let mut y = 22.0;
    if map.counts.done > 0 {
        title(drawing, y, "enterprise.map.done", map.counts.done, l);
        y += 36.0;
    }
    marks.first = y;
    for stop in &map.done {
        drawing.circle("done", SPINE, y, 9.0);
        drawing.path("tick", format!("M{} {y}l3 3 5-6", SPINE - 4.0));
        drawing.text("", 44.0, y, &stop.name);
        drawing.text("s", 44.0, y + 22.0, &stop.note);
        marks.done = y;
        y += 60.0;
    }
    y
}

fn tall_here(drawing: &mut Drawing, map: &ProjectMap, mut y: f64, marks: &mut Marks, l: Lang) -> f64 {
    let Some(here) = &map.here else { return y };
    if map.counts.now > 0 {
        title(drawing, y, "enterprise.map.now", map.counts.now, l);
        y += 34.0;
    }
    marks.done = marks.done.max(marks.first);
    drawing.circle(&format!("halo {}", here.class), SPINE, y, 14.0);
    drawing.circle(here.class, SPINE, y, 9.0);
    drawing.text("b", 44.0, y, &cut(&here.name, 18));
    let has_note = !here.note.is_empty() || !here.word.is_empty();
    drawing.text("s", 44.0, y + 22.0, &here.note);
    drawing.text(&format!("s end {}", tone(here)), TALL_EDGE, y + 22.0, &here.word);
    let mut before = y + 22.0;
    y += if has_note { 62.0 } else { 52.0 };
    for stop in &map.threads {
        drawing.path("thin", format!("M{SPINE} {before}C{SPINE} {} 20 {y} 38 {y}H44", before + 26.0));
        drawing.circle(stop.class, 50.0, y, 7.0);
        drawing.text("", 70.0, y, &cut(&stop.name, room_beside(&stop.word)));
        drawing.text("s", 70.0, y + 22.0, &stop.note);
        drawing.text(&format!("s end {}", tone(stop)), TALL_EDGE, y, &stop.word);
        before = y + 20.0;
        y += 60.0;
    }
    if map.more_threads > 0 {
        let text = l.tr("enterprise.map.more_threads", &[("count", &map.more_threads.to_string())]);
        drawing.text("s", 70.0, y - 12.0, &text);
        y += 24.0;
    }
    y
}

/// How many letters of a name fit beside a word at the right edge.
fn room_beside(word: &str) -> usize {
    let room = TALL_EDGE - 70.0 - small_width(word) - 12.0;
    usize::try_from(whole(room / 15.0)).unwrap_or(0)
}

fn tall_next(drawing: &mut Drawing, map: &ProjectMap, mut y: f64, l: Lang) -> f64 {
    if map.next.is_empty() {
        return y;
    }
    title(drawing, y, "enterprise.map.next", map.counts.next, l);
    y += 32.0;
    for (at, stop) in map.next.iter().enumerate() {
        if map.more_next > 0 && at + 1 == map.next.len() {
            let text = l.tr("enterprise.map.more", &[("count", &map.more_next.to_string())]);
            drawing.text("s", 44.0, y, &text);
            y += 36.0;
        }
        drawing.circle("key", SPINE, y, 8.0);
        drawing.text("", 44.0, y, &cut(&stop.name, 13));
        drawing.text("s end", TALL_EDGE, y, &stop.date);
        y += 42.0;
    }
    y
}

fn tall_goals(drawing: &mut Drawing, map: &ProjectMap, mut y: f64, marks: &mut Marks) -> f64 {
    y += 6.0;
    if let Some(goal) = &map.opening {
        marks.opening = Some(y);
        tall_goal(drawing, goal, y);
        y += 74.0;
    }
    if let Some(works) = &map.works {
        drawing.circle("", SPINE, y, 8.0);
        drawing.text("", 44.0, y, &works.name);
        drawing.text("s", 44.0, y + 22.0, &works.note);
        y += 72.0;
    }
    if let Some(after) = &map.after {
        drawing.circle("key", SPINE, y, 8.0);
        drawing.text("", 44.0, y, &after.name);
        drawing.text("s end", TALL_EDGE, y, &after.date);
        y += 60.0;
    }
    marks.end = y;
    tall_goal(drawing, &map.end, y);
    y + if map.end.note.is_empty() { 24.0 } else { 42.0 }
}

fn tall_goal(drawing: &mut Drawing, goal: &Goal, y: f64) {
    drawing.path("goal", format!("M{} {y}l11-12 11 12-11 12z", SPINE - 11.0));
    drawing.text("b", 44.0, y, &goal.label);
    drawing.text("b end", TALL_EDGE, y, &goal.date);
    drawing.text("s", 44.0, y + 24.0, &goal.note);
}

fn cut(text: &str, most: usize) -> String {
    crate::pages::words::short_name(text, most)
}

/// The whole number of a length that is known to be small and not negative.
fn whole(length: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a picture can be")]
    let whole = length.clamp(0.0, 100_000.0) as u32;
    whole
}
