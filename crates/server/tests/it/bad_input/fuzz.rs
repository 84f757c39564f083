//! Right bodies made wrong in a few hundred seeded ways: whatever comes, the answer is one of the contract's.

use super::refused::is_problem;
use crate::contract::new_case;
use crate::hall::Hall;
use serde_json::{Map, Value, json};

const SEED: u64 = 20_261_124;
const RUNS: usize = 400;

/// Numbers that look random and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A right value of a schema, with what there is in the hall's case where the field is known.
fn sample(schema: &Value, name: &str) -> Value {
    if let Some(first) = schema.get("oneOf").and_then(|kinds| kinds.get(0)) {
        return sample(first, name);
    }
    if let Some(first) = schema.get("enum").and_then(|codes| codes.get(0)) {
        return first.clone();
    }
    match (schema["type"].as_str().unwrap(), schema.get("format").and_then(Value::as_str)) {
        ("object", _) => {
            let fields = schema["properties"].as_object().unwrap();
            Value::Object(fields.iter().map(|(name, schema)| (name.clone(), sample(schema, name))).collect())
        }
        ("array", _) => json!([sample(&schema["items"], name)]),
        ("integer", _) => json!(1),
        ("boolean", _) => json!(true),
        (_, Some("date")) => json!("2026-12-03"),
        (_, Some("date-time")) => json!("2026-11-23T01:00:00Z"),
        _ => known(name),
    }
}

fn known(name: &str) -> Value {
    json!(match name {
        "matter" | "matters" | "add" | "remove" => "QY-01",
        "material" => "M1",
        "item" | "items" => "I1",
        "office" => "D15",
        "person" => "agent2",
        "approver" => "office",
        "document" => "D1",
        "uscc" => "91150422XTEXTEXT5D",
        _ => "x",
    })
}

fn strange(dice: &mut Dice) -> Value {
    let long = "长".repeat(5_000);
    let strange = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(0.1),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("\u{202e}x"),
        json!("<b>'\"&"),
        json!(long),
        json!("2026-02-30"),
        json!("+99999-01-01"),
        json!("9999-12-31"),
        json!("-0001-01-01T00:00:00Z"),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!({ "a": { "b": 1 } }),
        json!(["x", 1, null]),
    ];
    dice.pick(&strange).clone()
}

/// Every place in a value, as pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(n, value)| places(value, &format!("{at}/{n}"), found))
        }
        Value::Object(fields) => fields.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), found)),
        _ => {}
    }
}

/// One change: another value, one field less, one more, a list grown long, a part of the text cut away.
fn mutated(body: &Value, dice: &mut Dice) -> String {
    let mut body = body.clone();
    let mut found = Vec::new();
    places(&body, "", &mut found);
    let at = dice.pick(&found).clone();
    let place = body.pointer_mut(&at).unwrap();
    match (dice.below(7), &mut *place) {
        (0, Value::Object(fields)) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            if !names.is_empty() {
                fields.remove(dice.pick(&names));
            }
        }
        (1, Value::Object(fields)) => {
            fields.insert("unheard_of".to_owned(), strange(dice));
        }
        (2, Value::Array(values)) => *values = values.iter().cycle().take(values.len() * 300).cloned().collect(),
        (3, _) => {
            let text = body.to_string();
            let cut = dice.below(text.chars().count());
            return text.chars().enumerate().filter(|(at, _)| *at != cut).map(|(_, c)| c).collect();
        }
        _ => *place = strange(dice),
    }
    body.to_string()
}

#[tokio::test]
async fn no_body_makes_the_program_fail() {
    let hall = Hall::open().await;
    let description = hall.api("", "GET", "/openapi.json", &[], "").await.json();
    let schemas = &description["components"]["schemas"];
    let commands: Vec<Value> =
        schemas["CommandBody"]["oneOf"].as_array().unwrap().iter().map(|schema| sample(schema, "")).collect();
    let asked = sample(&schemas["NewConsultationBody"], "");
    let to = format!("/cases/{}/commands", hall.case);
    let mut bodies: Vec<(&str, Value)> = commands.into_iter().map(|body| (to.as_str(), body)).collect();
    bodies.extend([("/cases", new_case()), ("/consultations", asked), ("/cases", sample(&schemas["NewCaseBody"], ""))]);
    let cast = ["agent", "head", "clerk", "office", "enterprise", "archivist"];
    let mut dice = Dice(SEED);
    let mut answered = Map::new();
    for run in 0..RUNS {
        let (path, body) = &bodies[run % bodies.len()];
        let body = if run < bodies.len() { body.to_string() } else { mutated(body, &mut dice) };
        let who = *dice.pick(&cast);
        let answer = hall.api(who, "POST", path, &[("If-Match", "*")], &body).await;
        let status = answer.status.as_u16();
        let told = format!("run {run} by {who} to {path}: {}", body.chars().take(300).collect::<String>());
        assert!(matches!(status, 200 | 201 | 400 | 403 | 404 | 409 | 422), "{status}, {told}: {}", answer.text());
        if status >= 400 {
            let read = serde_json::from_str(&body).unwrap_or_default();
            let problem = is_problem(&answer, &read);
            let is_named = problem["code"] != "invalid_fields" || problem["errors"].is_array();
            assert!(is_named, "{told}: {problem}");
        }
        let count = answered.entry(status.to_string()).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap() + 1);
    }
    // The dice reach every kind of answer, or the test would prove little.
    for status in ["200", "400", "403", "422"] {
        assert!(answered.contains_key(status), "{answered:?}");
    }
    let report = hall.app.check().await.unwrap();
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
}
