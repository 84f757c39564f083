//! Plans in working days from a start, against the reference results of the catalogue's authors.

use super::catalogue;
use crate::ids::MatterCode;
use crate::plan::*;
use proptest::prelude::*;

fn template(code: &str) -> &'static crate::catalogue::Template {
    catalogue().template(&code.into()).unwrap()
}

fn plan(code: &str, edges: Edges, with_special: bool) -> Plan {
    Plan::compute(catalogue(), &template(code).matters, edges, with_special)
}

#[test]
fn s5_3_every_reference_result_of_the_templates() {
    let mut tested = 0;
    for template in catalogue().templates() {
        let Some(expected) = &template.estimates else { continue };
        let code = template.code.as_str();
        let (hard, all, special) =
            (plan(code, Edges::Hard, false), plan(code, Edges::All, false), plan(code, Edges::All, true));
        assert_eq!(
            (hard.days, &hard.critical),
            (expected.critical_path_hard_promised_days, &expected.critical_path_hard),
            "{code}"
        );
        assert_eq!(
            (all.days, &all.critical),
            (expected.critical_path_all_promised_days, &expected.critical_path_all),
            "{code}"
        );
        let with_special = (expected.critical_path_all_with_special_days, &expected.critical_path_all_with_special);
        assert_eq!((special.days, &special.critical), with_special, "{code}");
        let counts = PlanCounts {
            matters: expected.matters,
            materials: expected.materials,
            materials_reusable_in_project: expected.materials_reusable_in_project,
            departments: expected.departments,
            serial_promised_days: expected.serial_promised_days,
        };
        assert_eq!(PlanCounts::of(catalogue(), &template.matters), counts, "{code}");
        tested += 1;
    }
    assert_eq!(tested, 3);
}

#[test]
fn s5_3_templates_without_reference_results_compute_too() {
    let days = |code| {
        [plan(code, Edges::Hard, false).days, plan(code, Edges::All, false).days, plan(code, Edges::All, true).days]
    };
    // Computed once by an independent program over the same file.
    assert_eq!(days("T2"), [50, 64, 146]);
    assert_eq!(days("T4"), [35, 56, 124]);
    let end = |code| plan(code, Edges::All, true).critical.last().unwrap().clone();
    assert_eq!((end("T2").as_str(), end("T4").as_str()), ("HP-06", "YY-08"));
}

#[test]
fn the_critical_path_has_no_slack_and_adds_up() {
    for template in catalogue().templates() {
        let plan = plan(template.code.as_str(), Edges::All, true);
        let path: Vec<&PlannedMatter> = plan.critical.iter().map(|code| plan.matter(code).unwrap()).collect();
        assert!(path.iter().all(|planned| planned.slack == 0));
        assert_eq!(path.iter().map(|planned| planned.days).sum::<u32>(), plan.days);
        assert!(path.windows(2).all(|pair| pair[0].earliest_finish == pair[1].earliest_start));
    }
}

#[test]
fn an_edge_counts_only_within_the_list() {
    let codes = ["QY-04".into(), "QY-02".into()];
    let plan = Plan::compute(catalogue(), &codes, Edges::Hard, false);
    assert_eq!(plan.matter(&codes[0]).unwrap().earliest_start, 1, "the seal waits for the registration");
    let alone = Plan::compute(catalogue(), &codes[..1], Edges::Hard, false);
    assert_eq!(alone.matter(&codes[0]).unwrap().earliest_start, 0);
}

#[test]
fn soft_edges_count_only_when_asked_for() {
    let codes = ["LX-03".into(), "YD-01".into(), "LX-05".into()];
    let hard = Plan::compute(catalogue(), &codes, Edges::Hard, false);
    assert_eq!(hard.critical, ["YD-01".into(), "LX-03".into()]);
    let slow = Plan::compute_with(catalogue(), &codes, Edges::All, |m| if m.code.as_str() == "LX-05" { 90 } else { 1 });
    assert_eq!((slow.days, slow.critical), (91, vec!["LX-05".into(), "LX-03".into()]));
}

#[test]
fn nothing_planned_takes_no_time() {
    let none = Plan::compute(catalogue(), &["XX-99".into()], Edges::All, true);
    assert_eq!(none, Plan { days: 0, critical: Vec::new(), matters: Vec::new() });
    let twice = Plan::compute(catalogue(), &["QY-02".into(), "QY-02".into()], Edges::All, true);
    assert_eq!(twice.matters.len(), 1);
}

proptest! {
    #[test]
    fn a_plan_keeps_every_order_and_its_own_length(picked in proptest::collection::vec(0usize..92, 0..60), special in any::<bool>()) {
        let codes: Vec<MatterCode> = picked.iter().map(|at| catalogue().matters()[*at].code.clone()).collect();
        let plan = Plan::compute(catalogue(), &codes, Edges::All, special);
        for planned in &plan.matters {
            prop_assert!(planned.latest_finish <= plan.days && planned.earliest_finish + planned.slack == planned.latest_finish);
            for first in catalogue().matter(&planned.code).unwrap().before().filter_map(|code| plan.matter(code)) {
                prop_assert!(first.earliest_finish <= planned.earliest_start && first.latest_finish <= planned.latest_start);
            }
        }
        let slackless = plan.matters.iter().filter(|planned| planned.slack == 0).count();
        prop_assert!(plan.critical.len() <= slackless);
    }
}
