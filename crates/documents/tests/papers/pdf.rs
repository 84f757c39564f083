//! Making a PDF and reading it back.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use documents::{Form, Rendered, Renderer, Wording};
use serde_json::Value;

static RENDERER: LazyLock<Renderer> =
    LazyLock::new(|| Renderer::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts")).unwrap());

/// A paper, and what a reader finds in it.
pub(crate) struct Paper {
    pub(crate) rendered: Rendered,
    /// The text in the order of the paper, without any white space.
    pub(crate) text: String,
    /// The same, page by page.
    pub(crate) pages: Vec<String>,
}

pub(crate) fn made_at() -> DateTime<Utc> {
    "2026-11-24T01:52:07Z".parse().unwrap()
}

pub(crate) fn renderer() -> &'static Renderer {
    &RENDERER
}

pub(crate) fn render(form: &Form) -> Rendered {
    RENDERER.render(form, made_at()).unwrap()
}

/// Makes the paper, keeps it as `NAME.pdf` for people to look at, and reads it back.
pub(crate) fn paper(name: &str, form: &Form) -> Paper {
    paper_worded(name, form, &Wording::default_of(form.kind()))
}

/// The same with a wording of the office's own.
pub(crate) fn paper_worded(name: &str, form: &Form, wording: &Wording) -> Paper {
    let rendered = RENDERER.render_worded(form, wording, made_at()).unwrap();
    let path = kept(name);
    std::fs::write(&path, &rendered.pdf).unwrap();
    let text = run("pdftotext", &["-raw", "-enc", "UTF-8", path.to_str().unwrap(), "-"]);
    let mut pages: Vec<String> = text.split('\u{c}').map(squeeze).collect();
    pages.pop();
    assert_eq!(pages.len(), rendered.pages as usize, "pages in the PDF");
    Paper { text: pages.concat(), pages, rendered }
}

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"))
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("poppler-utils must be installed");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

impl Paper {
    /// Fails unless each of the texts stands on the paper.
    pub(crate) fn says<S: AsRef<str>>(&self, texts: &[S]) {
        for text in texts {
            let text = text.as_ref();
            assert!(self.text.contains(&squeeze(text)), "“{text}” is not on the paper:\n{}", self.text);
        }
    }

    /// Fails unless every text the form was filled with stands on the paper, and every page says which paper it is.
    pub(crate) fn says_all_of(&self, form: &Form) {
        self.says_input_of(form);
        self.says_head_of(form);
    }

    /// Fails unless every text the form was filled with stands on the paper.
    pub(crate) fn says_input_of(&self, form: &Form) {
        let mut filled = serde_json::to_value(form).unwrap();
        filled.as_object_mut().unwrap().remove("head").unwrap();
        let mut texts = Vec::new();
        collect(&filled, &mut texts);
        assert!(texts.len() > 3, "the form is filled in");
        self.says(&texts);
        assert!(self.rendered.replaced.is_empty(), "no glyph for {:?}", self.rendered.replaced);
    }

    /// Fails unless every page says which paper it is.
    pub(crate) fn says_head_of(&self, form: &Form) {
        let head = form.head();
        for (index, page) in self.pages.iter().enumerate() {
            let count = format!("第{}页共{}页", index + 1, self.pages.len());
            for text in [&head.number, &head.code, &head.check_url, &head.hall, &count] {
                assert!(page.contains(&squeeze(text)), "“{text}” is not on page {}", index + 1);
            }
        }
    }
}

/// Every text in it, but words of the program (tags) and dates, which are printed in another way, and pictures.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            if !is_date(text) {
                texts.push(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => {
            for (name, field) in fields {
                if !is_word_of_the_program(name, field) {
                    collect(field, texts);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a field holds a word of the program, or a picture, and not what somebody typed in. A minute's `decision` is typed
/// in, a task's is a word, which its own fields stand beside.
pub(crate) fn is_word_of_the_program(name: &str, field: &Value) -> bool {
    const NAMES: [&str; 17] = [
        "kind",
        "way",
        "state",
        "method",
        "form",
        "forms",
        "picture",
        "proof",
        "purpose",
        "about",
        "titled",
        "terms",
        "service",
        "cause",
        "satisfaction",
        "decision",
        "end",
    ];
    let is_channel = name == "channel" && field.as_str().is_some_and(|word| word.is_ascii());
    !field.is_object() && (NAMES.contains(&name) || is_channel)
}

pub(crate) fn is_date(text: &str) -> bool {
    text.len() >= 10 && text.is_char_boundary(10) && text[..10].parse::<chrono::NaiveDate>().is_ok()
}

/// A page in 38 rows of 27 letters, each the blackness of its part of the paper in one of ten shades.
pub(crate) struct Picture {
    width: usize,
    height: usize,
    /// One byte for each point, 255 for white.
    points: Vec<u8>,
}

impl Picture {
    const SHADES: &str = " .:-=+*#%@";
    const ROWS: usize = 38;
    const COLUMNS: usize = 27;

    /// The first page of a paper that was made under this name.
    pub(crate) fn of(name: &str) -> Self {
        let path = kept(name);
        let grey = Command::new("pdftoppm")
            .args(["-r", "40", "-gray", "-f", "1", "-l", "1", "-singlefile", path.to_str().unwrap()])
            .output()
            .expect("poppler-utils must be installed");
        assert!(grey.status.success(), "{}", String::from_utf8_lossy(&grey.stderr));
        // "P5", width, height and 255, each ended by white space, then the points.
        let mut words = grey.stdout.splitn(4, |byte| byte.is_ascii_whitespace());
        assert_eq!(words.next().unwrap(), b"P5");
        let mut number = || std::str::from_utf8(words.next().unwrap()).unwrap().parse::<usize>().unwrap();
        let (width, height) = (number(), number());
        let points = words.next().unwrap().strip_prefix(b"255\n").unwrap().to_vec();
        assert_eq!(points.len(), width * height);
        Self { width, height, points }
    }

    pub(crate) fn letters(&self) -> String {
        let whole = |row: usize| (0..Self::COLUMNS).map(move |column| self.letter(row, column)).collect::<String>();
        let row = |row: usize| whole(row).trim_end().to_owned();
        (0..Self::ROWS).map(row).collect::<Vec<_>>().join("\n")
    }

    fn letter(&self, row: usize, column: usize) -> char {
        let lines = row * self.height / Self::ROWS..(row + 1) * self.height / Self::ROWS;
        let places = column * self.width / Self::COLUMNS..(column + 1) * self.width / Self::COLUMNS;
        let count = lines.len() * places.len();
        let black: usize =
            lines.flat_map(|y| places.clone().map(move |x| usize::from(255 - self.points[y * self.width + x]))).sum();
        // Text is at most half black.
        let shade = (black * 2 * Self::SHADES.len() / (count * 255)).min(Self::SHADES.len() - 1);
        Self::SHADES.chars().nth(shade).unwrap()
    }

    /// Whether two rows are the same but for smoothed edges: no letter is more than one shade apart.
    pub(crate) fn is_alike(one: &str, other: &str) -> bool {
        let letters = |row: &str| row.chars().chain(std::iter::repeat(' ')).take(Self::COLUMNS).collect::<Vec<_>>();
        letters(one).into_iter().zip(letters(other)).all(|(a, b)| Self::shade(a).abs_diff(Self::shade(b)) <= 1)
    }

    /// The shade that a letter stands for, from 0 for white.
    fn shade(letter: char) -> u32 {
        Self::SHADES.chars().position(|one| one == letter).and_then(|at| u32::try_from(at).ok()).unwrap_or(99)
    }
}
