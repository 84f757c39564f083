//! Making a PDF and reading it back.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use documents::{Form, Rendered, Renderer};
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

pub(crate) fn render(form: &Form) -> Rendered {
    RENDERER.render(form, made_at()).unwrap()
}

/// Makes the paper, keeps it as `NAME.pdf` for people to look at, and reads it back.
pub(crate) fn paper(name: &str, form: &Form) -> Paper {
    let rendered = render(form);
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
        let mut texts = Vec::new();
        collect(&serde_json::to_value(form).unwrap(), &mut texts);
        assert!(texts.len() > 10, "the form is filled in");
        self.says(&texts);
        assert!(self.rendered.replaced.is_empty(), "no glyph for {:?}", self.rendered.replaced);
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
                if !matches!(
                    name.as_str(),
                    "kind" | "way" | "state" | "method" | "form" | "forms" | "picture" | "purpose" | "about"
                ) || field.is_object()
                {
                    collect(field, texts);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_date(text: &str) -> bool {
    text.len() >= 10 && text.is_char_boundary(10) && text[..10].parse::<chrono::NaiveDate>().is_ok()
}
