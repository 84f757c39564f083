//! The view of a case: first sentence, to-dos, dates, map.

use super::dates::moved;
use super::map::{MapFacts, longest_path, project_map};
use super::map_draw::{Drawing, Shape, flat, tall};
use super::sentence::{first_sentence, second_sentence};
use super::todo::todos;
use crate::i18n::Lang;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Calendar;
use domain::case::{
    Application, Case, CaseChannel, CheckResult, DeliveryWay, Facts, MatterStatus, Notice, NoticeEntry, Outcome,
    Policy, Status, submit,
};
use domain::catalogue::Catalogue;
use domain::chain::Envelope;
use domain::clock::{Clock, IntervalKind};
use domain::people::{Directory, Office, OfficeKind};
use std::collections::BTreeMap;

struct World {
    catalogue: Catalogue,
    calendar: Calendar,
    directory: Directory,
    now: DateTime<Utc>,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn world() -> World {
    let catalogue = Catalogue::parse(include_str!("../../../../../reference/matters.json")).unwrap();
    let calendar = Calendar::parse(include_str!("../../../../../reference/holidays.json")).unwrap();
    let mut directory = Directory::default();
    for department in catalogue.departments() {
        let kind = if department.enters_hall { OfficeKind::Department } else { OfficeKind::Outside };
        let (code, name) = (department.code.clone(), department.name.clone());
        directory.offices.insert(code.clone(), Office { code, name, kind, phone: String::new() });
    }
    World { catalogue, calendar, directory, now: at("2026-11-24T02:00:00Z") }
}

impl World {
    fn facts<'a>(&'a self, case: &'a Case) -> MapFacts<'a> {
        MapFacts {
            case,
            catalogue: &self.catalogue,
            calendar: &self.calendar,
            directory: &self.directory,
            now: self.now,
            l: Lang::Zh,
        }
    }

    fn case(&self, template: Option<&str>, matters: &[&str]) -> Case {
        let files = BTreeMap::new();
        let policy = Policy::default();
        let facts = Facts {
            now: self.now,
            calendar: &self.calendar,
            catalogue: &self.catalogue,
            directory: &self.directory,
            policy: &policy,
            files: &files,
            head: None,
        };
        let application = Application {
            number: "2026-0187".to_owned(),
            applicant: "p".into(),
            founding: false,
            project: None,
            channel: CaseChannel::Online,
            delivery: DeliveryWay::InPerson,
            consultation: None,
            template: template.map(Into::into),
            matters: matters.iter().map(|code| (*code).into()).collect(),
            mode: Some(domain::catalogue::Mode::Agency),
        };
        let event = submit(&application, &facts).unwrap();
        let envelope =
            Envelope { case: "c".into(), seq: 1, at: self.now, actor: "enterprise".into(), on_behalf_of: None, event };
        Case::begin(&envelope).unwrap()
    }

    /// The breeding and slaughtering project of the drawn page, in its tenth week.
    fn project(&self) -> Case {
        let mut case = self.case(Some("T4"), &[]);
        case.status = Status::Running;
        case.started_at = Some(at("2026-09-02T02:00:00Z"));
        let stages: Vec<String> = self.catalogue.stages().iter().take(2).cloned().collect();
        for matter in &mut case.matters {
            let entry = self.catalogue.matter(&matter.scope.code).unwrap();
            let is_done = stages.contains(&entry.stage) && matter.scope.code.as_str() != "YD-06";
            if is_done {
                matter.status = MatterStatus::Finished;
                matter.outcome = Some(Outcome::Granted);
                matter.finished_at = Some(at("2026-11-17T02:00:00Z"));
            } else {
                matter.status = MatterStatus::Offered;
            }
        }
        start(&mut case, "GC-01", "2026-11-18T02:00:00Z");
        start(&mut case, "SL-04", "2026-11-20T02:00:00Z");
        case
    }
}

fn start(case: &mut Case, code: &str, when: &str) {
    let matter = case.matters.iter_mut().find(|matter| matter.scope.code.as_str() == code).unwrap();
    matter.status = MatterStatus::Submitted;
    matter.submitted_at = Some(at(when));
    matter.clock = Some(Clock::start(matter.scope.limit.unwrap(), at(when)));
}

fn stop(case: &mut Case, code: &str, when: &str, until: NaiveDate) {
    let matter = case.matters.iter_mut().find(|matter| matter.scope.code.as_str() == code).unwrap();
    matter.status = MatterStatus::Stopped;
    let clock = matter.clock.as_mut().unwrap();
    clock.stop(IntervalKind::Special, Some("批前公示".to_owned()), Some(until), at(when)).unwrap();
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

#[test]
fn s5_3_the_map_shows_what_is_done_under_way_and_to_come() {
    let world = world();
    let case = world.project();
    let map = project_map(world.facts(&case));
    assert_eq!(map.counts.all(), case.matters.len());
    assert!(map.counts.done >= 10 && map.counts.now >= 2 && map.counts.next >= 5, "{:?}", map.counts);
    assert_eq!(map.here.as_ref().map(|stop| stop.name.as_str()), Some("建设工程设计方案审查"));
    assert!(map.threads.iter().any(|stop| stop.name.contains("取水许可")));
    assert!(map.done.len() <= 3 && map.threads.len() <= 5 && map.next.len() <= 3);
    assert_eq!(map.opening.as_ref().map(|goal| goal.label.as_str()), Some("具备开工条件"));
    assert!(map.works.is_some() && map.after.is_some());
}

#[test]
fn s5_3_a_case_of_one_matter_has_a_map_too() {
    let world = world();
    let case = world.case(None, &["YY-02"]);
    let map = project_map(world.facts(&case));
    assert_eq!((map.counts.done, map.counts.now, map.counts.next), (0, 0, 1));
    assert!(map.opening.is_none());
    assert_eq!(map.here.as_ref().map(|stop| stop.name.as_str()), Some("等待受理"));
    assert_eq!(map.end.label, "全部办结");
    fits(&flat(&map, Lang::Zh));
    fits(&tall(&map, Lang::Zh));
}

#[test]
fn every_template_fits_on_both_pictures_in_both_languages() {
    let world = world();
    for template in world.catalogue.templates() {
        let mut case = world.case(Some(template.code.as_str()), &[]);
        for status in [Status::Submitted, Status::Preparing, Status::Running] {
            case.status = status;
            for l in Lang::ALL {
                let map = project_map(MapFacts { l, ..world.facts(&case) });
                fits(&flat(&map, l));
                fits(&tall(&map, l));
            }
        }
    }
    let case = world.project();
    let map = project_map(world.facts(&case));
    fits(&flat(&map, Lang::Zh));
    no_labels_touch(&flat(&map, Lang::Zh));
    fits(&tall(&map, Lang::Zh));
}

/// Every shape lies within the picture, and every text begins and ends in it.
fn fits(drawing: &Drawing) {
    let (width, height) = (f64::from(drawing.width), f64::from(drawing.height));
    for shape in &drawing.shapes {
        match shape {
            Shape::Circle { x, y, r, .. } => {
                assert!(*x >= *r && x + r <= width && *y >= *r && y + r <= height, "{shape:?} in {width}×{height}");
            }
            Shape::Text { y, .. } => {
                let (from, to) = span(shape);
                assert!(
                    from >= -4.0 && to <= width + 4.0 && *y > 0.0 && *y <= height,
                    "{shape:?} {from}–{to} in {width}×{height}"
                );
            }
            Shape::Path { .. } => {}
        }
    }
}

fn span(shape: &Shape) -> (f64, f64) {
    let Shape::Text { class, x, text, .. } = shape else {
        return (0.0, 0.0);
    };
    let (han, latin) = if class.split(' ').any(|c| c == "s") { (13.0, 7.0) } else { (15.0, 8.0) };
    let width: f64 = text.chars().map(|letter| if letter.is_ascii() { latin } else { han }).sum();
    if class.contains("mid") {
        (x - width / 2.0, x + width / 2.0)
    } else if class.contains("end") {
        (x - width, *x)
    } else {
        (*x, x + width)
    }
}

fn no_labels_touch(drawing: &Drawing) {
    let mut labels: Vec<(f64, f64)> = drawing
        .shapes
        .iter()
        .filter(|shape| matches!(shape, Shape::Text { y, .. } if (y - 64.0).abs() < 0.5))
        .map(span)
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    for pair in labels.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "{pair:?}");
    }
}

#[test]
fn the_first_sentence_names_office_matter_and_date() {
    let world = world();
    let mut case = world.project();
    let path = longest_path(world.facts(&case));
    assert_eq!(
        first_sentence(world.facts(&case), &path),
        "旗自然资源局正在办“建设工程设计方案审查”，预计 11月25日（周三）前办结。"
    );
    stop(&mut case, "GC-01", "2026-11-24T01:00:00Z", day(11, 30));
    let sentence = first_sentence(world.facts(&case), &path);
    assert!(sentence.contains("批前公示中，停表"), "{sentence}");
}

#[test]
fn the_second_sentence_says_whether_to_act() {
    let world = world();
    let case = world.project();
    assert_eq!(second_sentence(world.facts(&case), 0), "您现在不需要做什么。");
    assert_eq!(second_sentence(world.facts(&case), 2), "您有 2 件事要做。");
}

#[test]
fn s6_2_what_a_notice_names_is_asked_for_until_it_comes() {
    let world = world();
    let mut case = world.case(None, &["YY-02"]);
    case.status = Status::Preparing;
    let material =
        case.materials.iter_mut().find(|m| m.spec.source == domain::catalogue::MaterialSource::Applicant).unwrap();
    material.check = Some((CheckResult::Missing, None, world.now));
    let id = material.spec.id.clone();
    let entries = vec![NoticeEntry { material: id.clone(), result: CheckResult::Missing, why: None }];
    let matters = vec!["YY-02".into()];
    case.notices.push(Notice { number: 1, matters, entries, due: day(11, 27), reason_code: None, at: world.now });
    let asked = todos(world.facts(&case), &[], &[]);
    assert_eq!(asked.len(), 1);
    assert!(asked[0].text.contains("11月27日（周五）前，还剩 3 个工作日"), "{}", asked[0].text);
    let material = case.materials.iter_mut().find(|m| m.spec.id == id).unwrap();
    material.check = Some((CheckResult::Ok, None, world.now));
    let asked = todos(world.facts(&case), &[], &[]);
    assert!(asked.iter().all(|todo| !todo.text.contains("11月27日")), "{asked:?}");
}

#[test]
fn s8_2_a_stopped_clock_tells_how_its_date_moved() {
    let world = world();
    let mut case = world.project();
    assert!(moved(world.facts(&case)).is_empty());
    stop(&mut case, "GC-01", "2026-11-24T01:00:00Z", day(11, 30));
    let changes = moved(world.facts(&case));
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].from.as_str(), changes[0].to.as_str()), ("11月25日", "12月1日"));
    assert!(changes[0].why.contains("11月24日—11月30日批前公示"), "{}", changes[0].why);
}

#[test]
fn s8_2_a_correction_is_asked_for() {
    let world = world();
    let mut case = world.project();
    let matter = case.matters.iter_mut().find(|matter| matter.scope.code.as_str() == "GC-01").unwrap();
    matter.status = MatterStatus::Stopped;
    matter
        .clock
        .as_mut()
        .unwrap()
        .stop(IntervalKind::Correction, None, Some(day(11, 30)), at("2026-11-24T01:00:00Z"))
        .unwrap();
    let asked = todos(world.facts(&case), &[], &[]);
    assert_eq!(asked.len(), 1);
    assert!(asked[0].title.contains("建设工程设计方案审查") && asked[0].text.contains("11月30日"), "{:?}", asked[0]);
}

#[test]
fn s2_1_a_withdrawn_case_has_no_forecast() {
    let world = world();
    let mut case = world.project();
    case.status = Status::Withdrawn;
    let map = project_map(world.facts(&case));
    assert!(map.here.is_none() && map.threads.is_empty() && map.next.is_empty() && map.opening.is_none());
    assert_eq!((map.end.label.as_str(), map.end.date.as_str()), ("已撤回", ""));
    assert_eq!(map.counts.now, 0);
}

#[test]
fn messages_that_are_put_together_are_there() {
    use domain::case::{DocumentKind, MaterialStatus};
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Status::ALL.map(|status| format!("enterprise.status.{}", status.name())));
    keys.extend(DocumentKind::ALL.map(|kind| format!("paper.kind.{}", kind.name())));
    keys.extend((1..=5).map(|grade| format!("enterprise.grade.g{grade}")));
    for status in [
        MaterialStatus::FromMatter,
        MaterialStatus::Produced,
        MaterialStatus::Shared,
        MaterialStatus::Intermediary,
        MaterialStatus::Unchecked,
        MaterialStatus::Ok,
        MaterialStatus::Missing,
        MaterialStatus::Wrong,
        MaterialStatus::Received,
        MaterialStatus::HandedOver,
    ] {
        keys.push(format!("enterprise.material.{}", status.name()));
    }
    for kind in ["handover", "agreement", "delivery", "return", "other"] {
        keys.push(format!("paper.heading.{kind}"));
        keys.extend(["client", "agent"].map(|side| format!("paper.means.{kind}_{side}")));
    }
    for side in ["giver", "taker"] {
        keys.extend(["takeover", "other"].map(|kind| format!("paper.means.{kind}_{side}")));
        keys.push(format!("paper.who.{side}"));
    }
    keys.extend(["paper.heading.takeover", "paper.then.takeover", "paper.who.giver_head"].map(str::to_owned));
    for todo in ["agreement", "receipt", "evaluate"] {
        keys.extend(["title", "text", "button"].map(|part| format!("enterprise.todo.{todo}.{part}")));
    }
    for todo in ["collect", "back"] {
        keys.extend(["title", "text"].map(|part| format!("enterprise.todo.{todo}.{part}")));
    }
    keys.extend(["evaluate", "receipt", "withdraw"].map(|said| format!("enterprise.said.{said}")));
    keys.extend(["in_person", "courier", "electronic"].map(|way| format!("enterprise.delivery.{way}")));
    for l in Lang::ALL {
        let missing: Vec<&String> = keys.iter().filter(|key| !l.has(key)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", l.code());
    }
}
