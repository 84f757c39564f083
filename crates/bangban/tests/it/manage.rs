//! What an operator does beside serving.

use crate::place::Place;

#[test]
fn a_wrong_setting_is_refused_by_name() {
    let place = Place::new();
    let (code, said) = place.run(&["serve", "--listen", "nowhere"]);
    assert_eq!(code, 1);
    assert!(said.contains("--listen") && said.contains("127.0.0.1:8080"), "{said}");
    place.write("bangban.toml", "database = \"mysql://hall\"");
    let (code, said) = place.run(&["migrate"]);
    assert_eq!(code, 1);
    assert!(said.contains("database (bangban.toml)") && said.contains("postgres://"), "{said}");
}

#[test]
fn people_are_added_and_the_demo_keeps_away_from_them() {
    let place = Place::new();
    assert_eq!(place.run(&["migrate"]).0, 0);
    let add = ["user", "add", "wang", "--roles", "service_staff,window_clerk", "--office", "B01", "--name", "王芳"];
    let (code, said) = place.run_with("short\n", &add);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("8"), "{said}");
    let (code, said) = place.run_with("long enough\n", &add);
    assert_eq!(code, 0, "{said}");
    let (code, said) = place.run_with("long enough\n", &add);
    assert_eq!(code, 1);
    assert!(said.contains("/username"), "{said}");
    let (_, said) = place.run(&["user", "list"]);
    assert_eq!(said, "wang\t王芳\twindow_clerk,service_staff\t政务服务业务室\n");

    let (code, said) = place.run(&["demo"]);
    assert_eq!(code, 1);
    assert!(said.contains("empty"), "{said}");
    let (code, said) = place.run(&["check"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_role_or_office_that_is_none_is_refused_with_those_that_are() {
    let place = Place::new();
    let (code, said) = place.run(&["user", "add", "wang", "--roles", "king"]);
    assert_eq!(code, 1);
    assert!(said.contains("king") && said.contains("office_head"), "{said}");
    let (code, said) = place.run(&["user", "add", "wang", "--roles", "office_head", "--office", "B99"]);
    assert_eq!(code, 1);
    assert!(said.contains("B99") && said.contains("B01"), "{said}");
    let (code, said) = place.run(&["user", "add", "wang", "--roles", "office_head"]);
    assert_eq!(code, 1);
    assert!(said.contains("--office"), "{said}");
}

#[test]
fn import_takes_over_a_file_or_says_what_is_wrong_with_it() {
    let place = Place::new();
    let calendar = place.write("days.json", r#"{"2027": {"off": ["2027-01-01"], "work": []}}"#);
    let (code, said) = place.run(&["import", calendar.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2027"), "{said}");
    let wrong = place.write("wrong.json", r#"{"2027": {"off": ["2026-05-01"], "work": []}}"#);
    let (code, said) = place.run(&["import", wrong.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(said.contains("2026-05-01"), "{said}");
}

#[test]
fn simulated_cases_keep_to_all_rules() {
    let place = Place::new();
    let (code, said) = place.run(&["simulate", "--cases", "2", "--seed", "5", "--from", "2026-10-12"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2/2"), "{said}");
    let (code, said) = place.run(&["check"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2 cases"), "{said}");
}
