//! As much of JSON schema as the description uses.

use serde_json::Value;

/// What of `value` is not as `schema` says; nothing if all is.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        match document.pointer(name.trim_start_matches('#')) {
            Some(target) => check(document, target, value, at, found),
            None => found.push(format!("{at}: {name} is not in the document")),
        }
        return;
    }
    for list in ["oneOf", "anyOf"] {
        if let Some(kinds) = schema.get(list).and_then(Value::as_array) {
            let fits = kinds.iter().filter(|kind| faults(document, kind, value).is_empty()).count();
            if fits == 0 || (list == "oneOf" && fits > 1) {
                found.push(format!("{at}: {fits} of {list} fit {value}"));
            }
        }
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        check(document, part, value, at, found);
    }
    if let Some(codes) = schema.get("enum").and_then(Value::as_array)
        && !codes.contains(value)
    {
        found.push(format!("{at}: {value} is none of {codes:?}"));
    }
    if let Some(kinds) = schema.get("type") {
        let kinds = kinds.as_array().cloned().unwrap_or_else(|| vec![kinds.clone()]);
        if !kinds.iter().filter_map(Value::as_str).any(|kind| is_kind(kind, value)) {
            found.push(format!("{at}: {value} is not of {kinds:?}"));
        }
    }
    match value {
        Value::Object(fields) => {
            for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
                if !fields.contains_key(name.as_str().unwrap_or_default()) {
                    found.push(format!("{at}: no {name}"));
                }
            }
            for (name, field) in fields {
                match schema.get("properties").and_then(|known| known.get(name)) {
                    Some(known) => check(document, known, field, &format!("{at}/{name}"), found),
                    None if schema.get("additionalProperties") == Some(&Value::Bool(false)) => {
                        found.push(format!("{at}: {name} is not described"));
                    }
                    None => {}
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(known) = schema.get("items") {
                    check(document, known, item, &format!("{at}/{index}"), found);
                }
            }
        }
        _ => {}
    }
}

fn is_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}
