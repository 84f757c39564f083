//! Plan and forecast as the API tells them (S5.3).

use crate::hall::Hall;
use serde_json::{Value, json};

async fn get(hall: &Hall, who: &str, path: &str) -> Value {
    let answer = hall.api(who, "GET", path, &[], "").await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[tokio::test]
async fn s5_3_a_template_has_the_length_of_the_reference_and_counts_back_from_a_wanted_day() {
    let hall = Hall::open().await;
    let reference = hall.app.reference();
    let template = reference.catalogue.template(&"T1".into()).unwrap();
    let expected = template.estimates.as_ref().unwrap();
    let plan = get(&hall, "enterprise", "/templates/T1/plan?start=2026-03-11").await;
    assert_eq!(plan["days"], expected.critical_path_all_promised_days);
    assert_eq!(plan["critical"], json!(expected.critical_path_all));
    assert_eq!(plan["matters"].as_array().unwrap().len(), expected.matters);
    assert_eq!(plan["goal"], Value::Null);
    let opening = &plan["milestones"][0];
    assert_eq!((opening["code"].as_str(), opening["reached"].as_bool()), (Some("MS-KG"), Some(false)));

    let day = opening["at"]["on"].as_str().unwrap();
    let wanted = get(&hall, "enterprise", &format!("/templates/T1/plan?start=2026-03-11&goal={day}")).await;
    assert_eq!(wanted["goal"], json!({ "milestone": "MS-KG", "on": day }));
    let least =
        |plan: &Value| plan["matters"].as_array().unwrap().iter().map(|one| one["slack"].as_i64().unwrap()).min();
    assert_eq!(least(&wanted), Some(0), "the goal is the very day on which it can be reached");
    let early = get(&hall, "enterprise", "/templates/T1/plan?start=2026-03-11&goal=2026-03-20").await;
    assert!(least(&early) < Some(0), "too late for such a goal");
}

#[tokio::test]
async fn s5_3_the_enterprise_sees_the_plan_of_its_own_case_and_what_would_be() {
    let hall = Hall::open().await;
    let case = hall.case.as_str();
    let plan = get(&hall, "enterprise", &format!("/cases/{case}/plan")).await;
    let matters = plan["matters"].as_array().unwrap();
    assert!(
        !matters.is_empty() && matters.iter().all(|matter| matter["name"] != "" && matter["start"]["on"].is_string())
    );
    assert!(!plan["can_start_today"].as_array().unwrap().is_empty());
    for blocker in plan["blockers"].as_array().unwrap() {
        assert!(blocker["person"].is_null() || blocker["person"] == "agent", "{blocker}");
    }
    let office = matters[0]["office"].as_str().unwrap();
    let forecast = get(&hall, "enterprise", &format!("/cases/{case}/forecast?late={office}:9")).await;
    let (usual, supposed) = (&forecast["forecast"], &forecast["what_if"]);
    assert_eq!(usual["runs"], 10_000);
    assert!(supposed["plan_gains"].as_i64().unwrap() <= 0 && supposed["gains"].as_i64().unwrap() <= 0, "{supposed}");
    assert!(supposed["forecast"]["end"]["p50"]["days"].as_i64() >= usual["end"]["p50"]["days"].as_i64());
    let again = get(&hall, "agent", &format!("/cases/{case}/forecast")).await;
    assert_eq!((&again["forecast"], &again["what_if"]), (usual, &Value::Null), "the same answer to everybody");
    let quality = get(&hall, "enterprise", "/forecasts/quality").await;
    assert_eq!((&quality["quality"], &quality["projects"]), (&Value::Null, &json!(0)));
}
