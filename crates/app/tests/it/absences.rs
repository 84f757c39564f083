//! Absences (S5.3): two who press at the same moment, the trail, other processes, the old file.

use app::{AppError, HallFile, NewAbsence, RecordedAbsence};
use chrono::NaiveDate;
use domain::ids::Username;
use domain::people::{Absence, AbsenceReason};
use store::AuditFilter;
use testkit::{TestApp, TestDb};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn record(app: &TestApp, who: &str, person: &str, from: &str, to: &str) -> Result<RecordedAbsence, AppError> {
    let new = NewAbsence { from: day(from), to: day(to), reason: AbsenceReason::Training };
    app.record_absence(&app.user(who), &person.into(), new, None).await
}

fn away_today(app: &app::App, person: &str) -> bool {
    let today = domain::calendar::today(app.now());
    app.reference().directory.person(&person.into()).unwrap().is_absent(today)
}

#[testkit::db_test]
async fn s5_3_of_two_who_record_at_once_nothing_is_lost(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let (one, two, three) = tokio::join!(
        record(&app, "head", "agent", "2026-11-24", "2026-11-25"),
        record(&app, "admin", "agent", "2026-11-26", "2026-11-27"),
        record(&app, "office", "office", "2026-11-24", "2026-11-24"),
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok(), "{one:?} {two:?} {three:?}");
    assert_eq!(app.reference().absences.len(), 3);
    assert!(away_today(&app, "agent") && away_today(&app, "office") && !away_today(&app, "agent2"));

    // The same days by two: one is recorded, the other hears of it.
    let (one, two) = tokio::join!(
        record(&app, "head", "agent2", "2026-12-01", "2026-12-03"),
        record(&app, "admin", "agent2", "2026-12-03", "2026-12-05"),
    );
    let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(
        matches!(refused.as_slice(), [AppError::Invalid(errors)] if errors[0].code == "absence_overlap"),
        "{refused:?}"
    );
    assert_eq!(db.store.absences_of(&"agent2".into()).await.unwrap().len(), 1);
}

#[testkit::db_test]
async fn s5_3_absences_leave_a_trail_and_reach_other_processes(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    // A second program on the same database.
    let other = TestApp::new(&db).await;
    let recorded = record(&app, "head", "agent", "2026-11-24", "2026-11-30").await.unwrap();
    assert!(away_today(&app, "agent"), "at once in this process");
    assert!(!away_today(&other, "agent"));
    tokio::time::timeout(std::time::Duration::from_secs(20), other.work_until(std::future::ready(()))).await.unwrap();
    assert!(away_today(&other, "agent"), "after one turn of its job loop");

    let id = &recorded.absence.id;
    let (agent, head) = (app.user("agent"), app.user("head"));
    let person = Username::from("agent");
    let (one, two) = tokio::join!(app.end_absence(&agent, &person, id), app.end_absence(&head, &person, id));
    assert_eq!((one.unwrap().back_on, two.unwrap().back_on), (Some(day("2026-11-24")), Some(day("2026-11-24"))));
    assert!(!away_today(&app, "agent"));
    let kept = db.store.absence(id).await.unwrap().unwrap();
    assert_eq!((kept.from, kept.to), (day("2026-11-24"), day("2026-11-30")), "what was recorded stays");
    let trail = db.store.list_audit(&AuditFilter::default(), None, 10).await.unwrap().items;
    let said: Vec<_> = trail.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(said, ["end_absence", "record_absence"]);
    assert!(trail[1].grant_json.contains("office_head") && trail[1].resource.contains(id), "{trail:?}");
}

/// The hall's facts may still bring absences along: they are recorded once, and one that was ended is not begun again.
#[testkit::db_test]
async fn s5_3_absences_of_the_halls_file_are_taken_over_once(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let mut hall: HallFile = app.reference().hall.clone();
    let span = Absence { from: day("2026-11-20"), to: day("2026-11-26") };
    hall.absences.insert(Username::from("agent"), vec![span]);
    let file = serde_json::to_string(&hall).unwrap();
    for _ in 0..2 {
        assert_eq!(app.import(&file).await.unwrap(), "hall");
        assert_eq!(db.store.absences_of(&"agent".into()).await.unwrap().len(), 1);
    }
    assert!(away_today(&app, "agent") && app.reference().hall.absences.is_empty());
    let id = app.reference().absences[0].id.clone();
    app.end_absence(&app.user("agent"), &"agent".into(), &id).await.unwrap();
    app.import(&file).await.unwrap();
    assert!(!away_today(&app, "agent"));

    let mut wrong = hall.clone();
    wrong.hall = "另一个".to_owned();
    wrong.absences.insert(Username::from("nobody"), vec![span]);
    let refused = app.import(&serde_json::to_string(&wrong).unwrap()).await.unwrap_err().to_string();
    assert!(refused.contains("nobody"), "{refused}");
    assert_ne!(app.reference().hall.hall, "另一个", "refused whole");
}
