//! What is wrong with a JSON body, found by its own description: every place at once, as pointers (RFC 6901).

use crate::fault::Fault;
use app::FieldError;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// So many places are named; whoever sends a thousand wrong lines mends them all the same way.
const MOST: usize = 50;
/// So many characters of a name that nobody knows are told back.
const NAME: usize = 60;

/// A JSON value in which no object names a field twice: of two, nobody could say which was meant.
pub(super) struct Strict(pub(super) Value);

/// How the error of a field that stands twice begins.
pub(super) const TWICE: &str = "twice: ";

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((name, Strict(value))) = fields.next_entry::<String, Strict>()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!("{TWICE}{}", shown(&name))));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

/// A name as a sentence may repeat it: cut short, without what cannot be shown.
pub(super) fn shown(name: &str) -> String {
    name.chars().filter(|c| domain::identity::is_printable(*c)).take(NAME).collect()
}

/// Every place at which a value is not as the schema says. Fields that may be left out may also be null.
pub(super) fn faults(schema: &Value, value: &Value) -> Vec<FieldError> {
    let mut found = Vec::new();
    walk(schema, value, "", &mut found);
    found.truncate(MOST);
    found
}

/// Texts with the character NUL, which no database column holds.
pub(super) fn nul(value: &Value, at: &str, found: &mut Vec<FieldError>) {
    match value {
        Value::String(text) => {
            if let Some(position) = text.chars().position(|c| c == '\0') {
                found.push(FieldError::new(at, "character").with("position", (position + 1).to_string()));
            }
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| nul(value, &format!("{at}/{index}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(name, value)| nul(value, &below(at, name), found)),
        _ => {}
    }
    found.truncate(MOST);
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn walk(schema: &Value, value: &Value, at: &str, found: &mut Vec<FieldError>) {
    if found.len() > MOST {
        return;
    }
    if let Some(kinds) = schema.get("oneOf").and_then(Value::as_array) {
        match kinds.iter().find(|kind| is_meant(kind, value)) {
            Some(kind) => walk(kind, value, at, found),
            None => found.push(FieldError::new(at, "unknown_value")),
        }
        return;
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        if !choices.contains(value) {
            found.push(FieldError::new(at, "unknown_value"));
        }
        return;
    }
    let text = |name: &str| schema.get(name).and_then(Value::as_str).unwrap_or_default();
    match (text("type"), value) {
        ("object", Value::Object(fields)) => object(schema, fields, at, found),
        ("array", Value::Array(values)) => {
            let items = &schema["items"];
            values.iter().enumerate().for_each(|(index, value)| walk(items, value, &format!("{at}/{index}"), found));
        }
        ("string", Value::String(value)) => found.extend(form(text("format"), value, at)),
        ("integer", Value::Number(number)) => found.extend(whole(schema, number, at)),
        ("boolean", Value::Bool(_)) => {}
        (kind, _) => found.push(FieldError::new(at, wrong_kind(kind))),
    }
}

/// The sentence for a value of another kind than this.
fn wrong_kind(kind: &str) -> &'static str {
    match kind {
        "object" => "not_object",
        "array" => "not_list",
        "integer" => "not_number",
        "boolean" => "not_bool",
        _ => "not_text",
    }
}

/// Of several forms, the one that a value means: by its `type`, or by a field that only this form has.
fn is_meant(schema: &Value, value: &Value) -> bool {
    let kinds = schema.pointer("/properties/type/enum").and_then(Value::as_array);
    if let (Some(kinds), Some(kind)) = (kinds, value.get("type")) {
        return kinds.contains(kind);
    }
    let needed = schema.get("required").and_then(|names| names.get(0)).and_then(Value::as_str);
    needed.is_some_and(|name| value.get(name).is_some())
}

fn object(schema: &Value, fields: &Map<String, Value>, at: &str, found: &mut Vec<FieldError>) {
    let needed: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let known = schema["properties"].as_object();
    for (name, value) in fields {
        match known.and_then(|known| known.get(name)) {
            None => found.push(FieldError::new(&below(at, name), "unknown_field").with("name", shown(name))),
            Some(_) if value.is_null() && !needed.contains(&name.as_str()) => {}
            Some(_) if value.is_null() => found.push(FieldError::new(&below(at, name), "required")),
            Some(schema) => walk(schema, value, &below(at, name), found),
        }
    }
    let missing = needed.iter().filter(|name| !fields.contains_key(**name));
    found.extend(missing.map(|name| FieldError::new(&below(at, name), "required")));
}

fn form(format: &str, value: &str, at: &str) -> Option<FieldError> {
    let (is_right, code) = match format {
        "date" => (value.parse::<chrono::NaiveDate>().is_ok(), "date"),
        "date-time" => (value.parse::<chrono::DateTime<chrono::Utc>>().is_ok(), "time"),
        _ => return None,
    };
    (!is_right).then(|| FieldError::new(at, code))
}

fn whole(schema: &Value, number: &Number, at: &str) -> Option<FieldError> {
    let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
    let (least, most) = (bound("minimum").unwrap_or(i64::MIN), bound("maximum").unwrap_or(i64::MAX));
    match number.as_i64() {
        Some(value) if (least..=most).contains(&value) => None,
        _ if number.is_f64() => Some(FieldError::new(at, "not_whole")),
        _ => Some(FieldError::new(at, "out_of_range")),
    }
}

/// The line, counted from 1, on which a name first stands in quotes.
pub(super) fn line_of(bytes: &[u8], name: &str) -> String {
    let line = || {
        let text = std::str::from_utf8(bytes).ok()?;
        let at = text.find(&format!("\"{name}\""))?;
        Some(text[..at].matches('\n').count() + 1)
    };
    line().map(|line| line.to_string()).unwrap_or_default()
}

/// The fault for fields that are not right: 400 where a field or a command is not known, else 422.
pub(super) fn fault(bytes: &[u8], value: &Value, errors: Vec<FieldError>) -> Fault {
    if errors.iter().any(|error| error.pointer.is_empty()) {
        let kind = value.get("type").map(|kind| kind.as_str().map_or_else(|| kind.to_string(), str::to_owned));
        return match kind {
            // A command that there is not.
            Some(kind) => named("unknown_value", bytes, &kind),
            None if value.is_object() => app::AppError::from(FieldError::new("/type", "required")).into(),
            None => Fault::bad_request("unreadable").with("line", "1").with("column", "1"),
        };
    }
    match errors.iter().find(|error| error.code == "unknown_field") {
        Some(unknown) => {
            let name = unknown.pointer.rsplit('/').next().unwrap_or_default();
            named("unknown_field", bytes, &name.replace("~1", "/").replace("~0", "~")).errors(errors)
        }
        None => app::AppError::Invalid(errors).into(),
    }
}

fn named(code: &'static str, bytes: &[u8], name: &str) -> Fault {
    Fault::bad_request(code).with("name", shown(name)).with("line", line_of(bytes, name))
}
