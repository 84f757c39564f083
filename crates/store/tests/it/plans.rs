//! Decided matters and forecasts, on both databases.

use crate::samples::{at, case, insert};
use chrono::NaiveDate;
use domain::catalogue::Mode;
use domain::ids::CaseId;
use domain::plan::{HistoryLine, MatterRun};
use store::{ForecastRecord, micros};
use testkit::{TestDb, db_test};

fn run(case: &str, matter: &str, days: u32) -> MatterRun {
    MatterRun {
        case: case.into(),
        matter: matter.into(),
        office: "D15".into(),
        mode: Mode::Agency,
        green: false,
        outside: false,
        submitted_at: micros(at(10)),
        finished_at: micros(at(1000)),
        lag_days: 2,
        office_days: days,
        enterprise_days: 1,
        special_days: 0,
        suspended_days: 0,
        waited_to_claim_minutes: Some(30),
    }
}

async fn put(db: &TestDb, id: &str, runs: Vec<MatterRun>) {
    let id = CaseId::from(id);
    db.store.write(move |tx| Box::pin(async move { tx.put_matter_runs(&id, &runs).await })).await.unwrap();
}

#[db_test]
async fn s5_3_runs_are_written_whole_read_back_and_counted(db: TestDb) {
    for id in ["1", "2"] {
        insert(&db, case(id)).await.unwrap();
    }
    put(&db, "1", vec![run("1", "YD-01", 9)]).await;
    let both = vec![run("1", "QY-02", 3), MatterRun { waited_to_claim_minutes: None, ..run("1", "YD-01", 4) }];
    put(&db, "1", both.clone()).await;
    assert_eq!(db.store.matter_runs(&"1".into()).await.unwrap(), both, "the old one is gone");
    let green = MatterRun { green: true, ..run("2", "XF-01", 1) };
    put(&db, "2", vec![run("2", "QY-02", 3), green]).await;
    let line =
        |matter: &str, days, count| HistoryLine { matter: matter.into(), office: "D15".into(), lag: 2, days, count };
    let lines = db.store.history_lines(at(0)).await.unwrap();
    assert_eq!(lines, [line("QY-02", 4, 2), line("YD-01", 5, 1)], "what was green is not usual");
    assert_eq!(db.store.history_lines(at(1001)).await.unwrap(), []);
    put(&db, "1", Vec::new()).await;
    assert_eq!(db.store.matter_runs(&"1".into()).await.unwrap(), []);
}

#[db_test]
async fn s5_3_a_forecast_is_one_a_day_and_is_held_against_what_happened(db: TestDb) {
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    insert(&db, case("1")).await.unwrap();
    let forecast = |made_on: &str, p50: &str| ForecastRecord {
        case: "1".into(),
        made_on: day(made_on),
        p10: day("2026-03-02"),
        p50: day(p50),
        p80: day("2026-03-20"),
        p90: day("2026-03-30"),
        basis_n: 2,
        open_n: 5,
        actual_on: None,
    };
    for (made_on, p50) in [("2026-01-05", "2026-03-09"), ("2026-01-06", "2026-03-10"), ("2026-01-06", "2026-03-11")] {
        let new = forecast(made_on, p50);
        db.store.write(move |tx| Box::pin(async move { tx.put_forecast(&new).await })).await.unwrap();
    }
    let id = CaseId::from("1");
    let made = db.store.forecasts_of(&id, 9).await.unwrap();
    assert_eq!(made, [forecast("2026-01-06", "2026-03-11"), forecast("2026-01-05", "2026-03-09")]);
    assert_eq!(db.store.forecasts_of(&id, 1).await.unwrap().len(), 1);
    assert_eq!(db.store.forecasts_kept(day("2026-01-01"), 9).await.unwrap(), []);
    let set =
        |actual| db.store.write(move |tx| Box::pin(async move { tx.set_forecasts_actual(&"1".into(), actual).await }));
    set(Some(day("2026-03-12"))).await.unwrap();
    let kept = db.store.forecasts_kept(day("2026-03-12"), 9).await.unwrap();
    assert_eq!(
        kept.iter().map(|one| (one.made_on, one.actual_on)).collect::<Vec<_>>(),
        [(day("2026-01-05"), Some(day("2026-03-12"))), (day("2026-01-06"), Some(day("2026-03-12"))),]
    );
    assert_eq!(db.store.forecasts_kept(day("2026-03-13"), 9).await.unwrap(), []);
    set(None).await.unwrap();
    assert_eq!(db.store.forecasts_kept(day("2026-01-01"), 9).await.unwrap(), []);
}
