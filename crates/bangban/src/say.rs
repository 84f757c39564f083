//! What the program says on the terminal: Chinese first, English beside it.

use app::{AppError, FieldError};
use std::fmt;
use std::io::Write;

/// Why a command ended without doing what was asked: a sentence that says what is wrong and what to do.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with its sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let sentence = match &error {
            AppError::Invalid(fields) => fields.iter().map(field).collect::<Vec<_>>().join("\n"),
            AppError::Unavailable(what) => format!("现在用不了：{what}\nUnavailable: {what}"),
            other => format!("没有办成：{other}\nNot done: {other}"),
        };
        Self(sentence)
    }
}

/// A wrong field, by its place and what is known of it.
fn field(error: &FieldError) -> String {
    let (zh, en) = match error.code.as_str() {
        "username_form" => {
            ("用户名只能用字母、数字和 - _ . @，最长 64 个", "letters, digits and - _ . @ only, 64 at most")
        }
        "username_taken" => ("用户名已经有人用了", "the user name is taken"),
        "password_short" => ("密码至少 8 个字符", "a password has 8 characters at least"),
        other => (other, other),
    };
    format!("{}：{zh}。\n{}: {en}.", error.pointer, error.pointer)
}

/// A line for the reader of the command's result. That nobody reads it any more is no reason to fail.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// A line for the operator, beside the result.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
