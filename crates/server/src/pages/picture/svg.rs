//! SVG as text: shapes with classes, links, words that are escaped and fit.

use std::fmt::Write as _;

/// A picture under way. Its height is known when all is drawn.
pub(super) struct Svg {
    id: String,
    class: &'static str,
    width: f64,
    body: String,
}

impl Svg {
    /// Begins a picture; the id must be the only such one of its page.
    pub(super) fn new(id: &str, class: &'static str, width: f64) -> Self {
        Self { id: id.to_owned(), class, width, body: String::new() }
    }

    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width, height) = (n(x), n(y), n(width.max(0.0)), n(height));
        let _ = writeln!(self.body, r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}"/>"#);
    }

    /// A rectangle filled with this picture's hatching.
    pub(super) fn hatched(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (x, y, width, height, id) = (n(x), n(y), n(width.max(0.0)), n(height), &self.id);
        let _ = writeln!(
            self.body,
            r#"<rect class="{class}" fill="url(#{id}-h)" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
        );
    }

    pub(super) fn path(&mut self, class: &str, d: &str) {
        let _ = writeln!(self.body, r#"<path class="{class}" d="{d}"/>"#);
    }

    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.path(class, &format!("M{} {}L{} {}", n(from.0), n(from.1), n(to.0), n(to.1)));
    }

    /// A diamond around a point.
    pub(super) fn diamond(&mut self, class: &str, x: f64, y: f64, size: f64) {
        let s = n(size);
        self.path(class, &format!("M{} {}l{s}-{s} {s} {s}-{s} {s}z", n(x - size), n(y)));
    }

    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        if !text.is_empty() {
            let text = escaped(text);
            let _ = writeln!(self.body, r#"<text class="{class}" x="{}" y="{}">{text}</text>"#, n(x), n(y));
        }
    }

    /// Begins a link; all shapes until [`Svg::end_link`] belong to it.
    /// Its words are its name.
    pub(super) fn link(&mut self, href: &str) {
        let _ = writeln!(self.body, r#"<a class="m" href="{}">"#, escaped(href));
    }

    pub(super) fn end_link(&mut self) {
        self.body.push_str("</a>\n");
    }

    /// The picture with its name and, in words, what it shows. It is a group and no image, for an image hides its links.
    pub(super) fn finish(self, height: f64, title: &str, desc: &str) -> String {
        let Self { id, class, width, body } = self;
        let (w, h, title, desc) = (n(width), n(height.ceil()), escaped(title), escaped(desc));
        format!(
            "<svg class=\"{class}\" id=\"{id}\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"group\" \
             aria-labelledby=\"{id}-t\" aria-describedby=\"{id}-d\">\n<title id=\"{id}-t\">{title}</title>\n\
             <desc id=\"{id}-d\">{desc}</desc>\n<defs><pattern id=\"{id}-h\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"6\" \
             height=\"6\"/><rect class=\"hatch\" width=\"2\" height=\"6\"/></pattern></defs>\n{body}</svg>\n"
        )
    }
}

/// A number with at most one digit behind the point.
fn n(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            letter => safe.push(letter),
        }
    }
    safe
}

/// How wide words are at most, in letters of that size: a Chinese letter is as wide as it is high.
pub(super) fn breadth(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 0.6 } else { 1.0 }).sum::<f64>() * size
}

/// As much of the words as fits, with `…` where something was left out.
pub(super) fn fit(text: &str, size: f64, room: f64) -> String {
    if breadth(text, size) <= room {
        return text.to_owned();
    }
    let (mut kept, mut left) = (String::new(), room - size);
    for letter in text.chars() {
        left -= breadth(letter.encode_utf8(&mut [0; 4]), size);
        if left < 0.0 {
            break;
        }
        kept.push(letter);
    }
    kept.push('…');
    kept
}

/// Words on at most two lines.
pub(super) fn two_lines(text: &str, size: f64, room: f64) -> Vec<String> {
    if breadth(text, size) <= room {
        return vec![text.to_owned()];
    }
    let (mut first, mut left) = (String::new(), room);
    for letter in text.chars() {
        left -= breadth(letter.encode_utf8(&mut [0; 4]), size);
        if left < 0.0 {
            break;
        }
        first.push(letter);
    }
    let rest = fit(&text[first.len()..], size, room);
    vec![first, rest]
}
