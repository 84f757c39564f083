//! The configuration: from which day on it holds, what is refused, what a new calendar moves.

use app::configuration::{ChangeState, Effect, NotTaken, Row, RowChange, Table};
use app::{AppError, Refreshed};
use base64::Engine;
use chrono::{NaiveDate, TimeDelta};
use domain::ids::Username;
use testkit::{TestApp, TestDb};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn from(on: &str) -> Effect {
    Effect { on: day(on), reason: "局务会决定".to_owned() }
}

async fn row(app: &TestApp, table: Table, key: &str, on: &str) -> Row {
    let rows = app.configuration(&app.user("admin"), table, day(on)).await.unwrap();
    rows.into_iter().find(|row| table.key_of(row) == key).unwrap()
}

/// The change of one cell.
async fn cell(app: &TestApp, table: Table, key: &str, column: &str, value: &str) -> RowChange {
    let before = row(app, table, key, "2026-11-24").await;
    let mut after = before.clone();
    after[table.column(column).unwrap()] = value.to_owned();
    RowChange { table, key: key.to_owned(), before: Some(before), after: Some(after) }
}

fn added(table: Table, cells: &[&str]) -> RowChange {
    let row: Row = cells.iter().map(|cell| (*cell).to_owned()).collect();
    RowChange { table, key: table.key_of(&row), before: None, after: Some(row) }
}

async fn promised(app: &TestApp, on: &str) -> String {
    row(app, Table::Matters, "QY-02", on).await[Table::Matters.column("promised_days").unwrap()].clone()
}

/// The codes of what is wrong.
fn codes(result: Result<(), NotTaken>) -> Vec<String> {
    match result {
        Ok(()) => Vec::new(),
        Err(NotTaken::Cells(cells)) => cells.into_iter().map(|cell| cell.error.code).collect(),
        Err(NotTaken::Other(AppError::Invalid(fields))) => fields.into_iter().map(|field| field.code).collect(),
        Err(NotTaken::Other(error)) => vec![error.to_string()],
    }
}

#[testkit::db_test]
async fn a_change_holds_from_its_day_on_and_goes_into_what_is_planned(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let was = promised(&app, "2026-11-24").await;
    let planned = cell(&app, Table::Matters, "QY-02", "promised_days", "9").await;
    app.configure(&admin, vec![planned.clone()], from("2027-01-01")).await.unwrap();
    assert_eq!(promised(&app, "2026-12-31").await, was);
    assert_eq!(promised(&app, "2027-01-01").await, "9");
    let held = |app: &TestApp| app.reference().catalogue.matter(&"QY-02".into()).unwrap().promised.unwrap().days;
    assert_eq!(held(&app).to_string(), was);

    // A change of today, of another cell, goes into the planned version too.
    let renamed = cell(&app, Table::Matters, "QY-02", "result", "营业执照（正副本）").await;
    app.configure(&admin, vec![renamed], from("2026-11-24")).await.unwrap();
    let result = Table::Matters.column("result").unwrap();
    for on in ["2026-11-24", "2027-01-01"] {
        assert_eq!(row(&app, Table::Matters, "QY-02", on).await[result], "营业执照（正副本）", "{on}");
    }
    assert_eq!(promised(&app, "2027-01-01").await, "9");

    // The same cell cannot be two things on one day: who plans otherwise withdraws first.
    let clash = cell(&app, Table::Matters, "QY-02", "promised_days", "4").await;
    let refused = app.configure(&admin, vec![clash.clone()], from("2026-11-24")).await;
    assert_eq!(codes(refused), ["config_planned"]);
    assert_eq!(promised(&app, "2026-11-24").await, was, "all of it or nothing");

    // The people of the demo brought telephones along.
    let mut changes = app.configuration_changes(&admin).await.unwrap();
    changes.retain(|change| change.kind == "catalogue");
    let states: Vec<_> = changes.iter().map(|change| (change.effective_on, change.state)).collect();
    assert_eq!(states, [(day("2026-11-24"), ChangeState::Holds), (day("2027-01-01"), ChangeState::Planned)]);
    assert_eq!((changes[1].reason.as_str(), changes[1].actor.clone()), ("局务会决定", Username::from("admin")));
    assert_eq!(
        changes[1].rows[0].cells().iter().map(|cell| (cell.0.name, cell.2)).collect::<Vec<_>>(),
        [("promised_days", "9")]
    );

    app.withdraw_change(&admin, changes[1].kind, changes[1].version, "暂缓").await.unwrap();
    assert_eq!(promised(&app, "2027-01-01").await, was);
    assert_eq!(row(&app, Table::Matters, "QY-02", "2027-01-01").await[result], "营业执照（正副本）");
    let changes = app.configuration_changes(&admin).await.unwrap();
    assert_eq!(changes.iter().filter(|change| change.state == ChangeState::Planned).count(), 0);
    app.clock().advance(TimeDelta::minutes(1));
    app.configure(&admin, vec![clash], from("2026-12-01")).await.unwrap();

    // Its day comes.
    app.clock().advance(TimeDelta::days(7));
    app.reload_reference().await.unwrap();
    assert_eq!(held(&app), 4);
    let gone = app.configuration_changes(&admin).await.unwrap();
    let holds = app.withdraw_change(&admin, gone[0].kind, gone[0].version, "晚了").await;
    assert_eq!(codes(holds), ["config_holds"]);
}

#[testkit::db_test]
async fn what_does_not_fit_is_refused_and_named(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let order = app.configuration(&admin, Table::Prerequisites, day("2026-11-24")).await.unwrap();
    let hard = order.iter().find(|row| row[2] == "hard").unwrap();
    let circle = added(Table::Prerequisites, &[&hard[1], &hard[0], "hard"]);
    match app.configure(&admin, vec![circle], from("2026-11-24")).await {
        Err(NotTaken::Cells(cells)) => {
            let text = &cells[0].error.params["text"];
            assert!(text.contains(&hard[0]) && text.contains(&hard[1]), "the circle is named: {text}");
        }
        other => panic!("{other:?}"),
    }
    let change = cell(&app, Table::Matters, "QY-02", "promised_days", "9").await;
    assert_eq!(codes(app.configure(&admin, vec![change.clone()], from("2026-11-23")).await), ["config_past"]);
    let no_reason = Effect { reason: " ".to_owned(), ..from("2026-11-24") };
    assert_eq!(codes(app.configure(&admin, vec![change.clone()], no_reason).await), ["required"]);
    let mut stale = change.clone();
    stale.before.as_mut().unwrap()[Table::Matters.column("promised_days").unwrap()] = "77".to_owned();
    assert_eq!(codes(app.configure(&admin, vec![stale], from("2026-11-24")).await), ["config_moved"]);
    let nowhere = added(Table::Windows, &["9", "综合", "D99", ""]);
    assert_eq!(codes(app.configure(&admin, vec![nowhere], from("2026-11-24")).await), ["config_office"]);
    for who in ["head", "director", "enterprise"] {
        let refused = app.configure(&app.user(who), vec![change.clone()], from("2026-11-24")).await;
        assert!(matches!(refused, Err(NotTaken::Other(AppError::Forbidden))), "{who}");
    }
    let roles = cell(&app, Table::People, "admin", "roles", "window_clerk").await;
    assert_eq!(codes(app.configure(&admin, vec![roles], from("2026-11-24")).await), ["config_last_administrator"]);
    // People belong to it.
    let office = row(&app, Table::Offices, "B01", "2026-11-24").await;
    let gone = RowChange { table: Table::Offices, key: "B01".to_owned(), before: Some(office), after: None };
    let wrong = codes(app.configure(&admin, vec![gone], from("2026-11-24")).await);
    assert!(wrong.contains(&"config_office".to_owned()), "{wrong:?}");
}

#[testkit::db_test]
async fn numbers_and_days_have_bounds(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let number = cell(&app, Table::Policy, "notice_days", "value", "4000").await;
    match app.configure(&admin, vec![number.clone()], from("2026-11-24")).await {
        Err(NotTaken::Cells(cells)) => {
            let error = &cells[0].error;
            assert_eq!((cells[0].key.as_str(), error.pointer.as_str()), ("notice_days", "/value"));
            assert_eq!((error.code.as_str(), error.params["to"].as_str()), ("config_bounds", "3650"));
        }
        other => panic!("{other:?}"),
    }
    let mut hall = serde_json::to_value(&app.reference().hall).unwrap();
    hall["policy"]["notice_days"] = 4_000_000_000_u32.into();
    let refused = app.import(&hall.to_string()).await.unwrap_err();
    assert!(refused.to_string().contains("notice_days"), "{refused}");
    let change = cell(&app, Table::Policy, "notice_days", "value", "12").await;
    assert_eq!(codes(app.configure(&admin, vec![change], from("2100-01-01")).await), ["config_date_bounds"]);

    let cells = |date: &str| [date, "左政办发〔2026〕8号", ""].map(str::to_owned);
    let wrong = Table::Closures.row(&cells("+99999-01-01")).unwrap_err();
    assert_eq!(wrong[0].code, "config_date_bounds");
    assert!(Table::Closures.row(&cells("2099-12-31")).is_ok());
    let holiday = added(Table::Holidays, &["2027-01-01", "off", "4294967295"]);
    assert_eq!(codes(app.configure(&admin, vec![holiday], from("2026-11-24")).await), ["config_year"]);
}

/// What closes the hall counts in due dates before its day comes.
#[testkit::db_test]
async fn a_closure_holds_before_its_day_comes(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let closed = vec![added(Table::Closures, &["2026-12-01", "左政办发〔2026〕8号", "暴雪"])];
    for late in ["2026-12-02", "2027-01-01"] {
        assert_eq!(codes(app.configure(&admin, closed.clone(), from(late)).await), ["config_days_before"], "{late}");
        let preview = app.preview_dates(&admin, &closed, day(late)).await;
        assert_eq!(codes(preview.map(drop)), ["config_days_before"], "{late}");
    }
    assert_eq!(codes(app.configure(&admin, closed, from("2026-12-01")).await), Vec::<String>::new());
    // A day that is over is put right from today on.
    let past = added(Table::Closures, &["2026-11-02", "左政办发〔2026〕7号", "暴雪"]);
    let both = vec![past.clone(), added(Table::Closures, &["2026-12-03", "左政办发〔2026〕9号", ""])];
    let correction = |on: &str| Effect { reason: "补录停办".to_owned(), ..from(on) };
    assert_eq!(codes(app.configure(&admin, vec![past.clone()], from("2026-11-24")).await), ["config_day_over"]);
    assert_eq!(codes(app.configure(&admin, both, correction("2026-12-04")).await), ["config_days_before"]);
    assert_eq!(codes(app.configure(&admin, vec![past], correction("2026-11-24")).await), Vec::<String>::new());
    // What is taken away of the past needs the same word.
    let row = row(&app, Table::Closures, "2026-11-02", "2026-11-24").await;
    let open = RowChange { table: Table::Closures, key: "2026-11-02".to_owned(), before: Some(row), after: None };
    assert_eq!(codes(app.configure(&admin, vec![open], from("2026-11-24")).await), ["config_day_over"]);
    let session = vec![added(Table::Sessions, &["2026-12-01", "18:00", "20:00", ""])];
    assert_eq!(codes(app.configure(&admin, session, from("2026-12-02")).await), ["config_days_before"]);
}

#[testkit::db_test]
async fn what_is_planned_can_be_withdrawn_however_much_came_after_it(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let planned = cell(&app, Table::Policy, "green_percent", "value", "60").await;
    app.configure(&admin, vec![planned], from("2027-01-01")).await.unwrap();
    for number in 0..25 {
        app.clock().advance(TimeDelta::minutes(1));
        let days = (11 + number % 2).to_string();
        let change = cell(&app, Table::Policy, "notice_days", "value", &days).await;
        app.configure(&admin, vec![change], from("2026-11-24")).await.unwrap();
    }
    let changes = app.configuration_changes(&admin).await.unwrap();
    let waiting: Vec<_> = changes.iter().filter(|change| change.effective_on > day("2026-11-24")).collect();
    assert_eq!(waiting.len(), 1, "what came along with the changes of today is not told again: {waiting:?}");
    assert_eq!(waiting[0].state, ChangeState::Planned);
    app.withdraw_change(&admin, waiting[0].kind, waiting[0].version, "暂缓").await.unwrap();
    let percent = row(&app, Table::Policy, "green_percent", "2027-01-01").await;
    assert_eq!(percent[1], "50");
}

#[testkit::db_test]
async fn two_administrators_cannot_send_each_other_away(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let second = added(Table::People, &["zhao", "赵六", "B01", "", "", "administrator", "no", "yes", ""]);
    app.configure(&admin, vec![second], from("2026-11-24")).await.unwrap();
    let mut tasks = Vec::new();
    for who in ["admin", "zhao"] {
        let gone = cell(&app, Table::People, who, "active", "no").await;
        let (app, admin) = ((*app).clone(), admin.clone());
        tasks.push(tokio::spawn(async move { app.configure(&admin, vec![gone], from("2026-11-24")).await }));
    }
    let mut told = Vec::new();
    for task in tasks {
        told.push(codes(task.await.unwrap()));
    }
    told.sort();
    assert_eq!(told, [vec![], vec!["config_last_administrator".to_owned()]]);
}

#[testkit::db_test]
async fn people_change_at_once_with_a_record(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let admin = app.user("admin");
    let new =
        added(Table::People, &["zhao", "赵六", "B01", "科员", "0476-7800001", "service_staff", "yes", "yes", "zh"]);
    assert_eq!(codes(app.configure(&admin, vec![new.clone()], from("2026-12-01")).await), ["config_people_now"]);
    app.configure(&admin, vec![new], from("2026-11-24")).await.unwrap();
    assert!(app.reference().directory.person(&"zhao".into()).unwrap().can_be_agent());
    let password = app.reset_password(&admin, &"zhao".into(), "新入职").await.unwrap();
    assert!(app.log_in("zhao", &password).await.is_ok());
    let key = app.issue_token("zhao", &password).await.unwrap().token;
    assert!(app.token_user(&key).await.unwrap().is_some());
    let password = app.reset_password(&admin, &"zhao".into(), "电脑丢失").await.unwrap();
    assert!(app.token_user(&key).await.unwrap().is_none(), "a key outlives no password");
    assert!(app.log_in("zhao", &password).await.is_ok());
    let gone = cell(&app, Table::People, "zhao", "active", "no").await;
    app.configure(&admin, vec![gone], from("2026-11-24")).await.unwrap();
    assert!(matches!(app.log_in("zhao", &password).await, Err(AppError::WrongPassword)));

    // The record says who, when, what and why.
    let changes = app.configuration_changes(&admin).await.unwrap();
    let people: Vec<_> = changes.iter().filter(|change| change.kind == "people").collect();
    assert_eq!(people.len(), 2, "{people:?}");
    let (gone, new) = (people[0], people[1]);
    let cells = |change: &app::configuration::Change| {
        let cells = change.rows[0].cells();
        cells.into_iter().map(|(column, old, new)| format!("{}:{old}>{new}", column.name)).collect::<Vec<_>>()
    };
    assert_eq!((gone.actor.as_str(), gone.reason.as_str()), ("admin", "局务会决定"));
    assert_eq!((gone.effective_on, gone.state), (day("2026-11-24"), ChangeState::Holds));
    assert_eq!(cells(gone), ["active:yes>no"]);
    assert!(new.rows[0].before.is_none() && cells(new).contains(&"roles:>service_staff".to_owned()), "{new:?}");
}

#[testkit::db_test]
async fn a_calendar_from_a_file_adds_its_years_and_keeps_the_rest(db: TestDb) {
    let app = TestApp::with_people(&db).await;
    let closed = added(Table::Closures, &["2026-12-01", "左政办发〔2026〕8号", "暴雪"]);
    app.configure(&app.user("admin"), vec![closed], from("2026-11-24")).await.unwrap();
    assert_eq!(app.import(r#"{"2027":{"off":["2027-01-01"],"work":[]}}"#).await.unwrap(), "calendar");
    let calendar = &app.reference().calendar;
    assert!(calendar.years().iter().eq(&[2024, 2025, 2026, 2027]));
    assert!(!calendar.day(day("2026-12-01")).working && !calendar.day(day("2027-01-01")).working);
    // Something is planned: a whole file would run over it.
    let planned = added(Table::Closures, &["2027-03-01", "左政办发〔2026〕9号", ""]);
    app.configure(&app.user("admin"), vec![planned], from("2027-01-01")).await.unwrap();
    let refused = app.import(r#"{"2027":{"off":["2027-01-02"],"work":[]}}"#).await.unwrap_err();
    assert!(refused.to_string().contains("2027-01-01"), "{refused}");
}

/// Twenty days on which the hall is closed.
fn twenty_days_closed() -> Vec<RowChange> {
    let days = day("2026-11-30").iter_days().take(20);
    days.map(|date| added(Table::Closures, &[&date.to_string(), "左政办发〔2026〕8号", "测试"])).collect()
}

#[testkit::db_test]
async fn s8_2_a_new_calendar_moves_due_dates_and_tells_once(db: TestDb) {
    let app = TestApp::new(&db).await;
    app.demo(12, 2026, |_, _| {}).await.unwrap();
    app.run_jobs().await;
    let admin = app.user("admin");
    let rest = app.refresh_projections().await.unwrap();
    assert_eq!((rest.moved, rest.told), (0, 0), "{rest:?}");
    let before = due_dates(&app).await;
    let changes = twenty_days_closed();
    let preview = app.preview_dates(&admin, &changes, day("2026-11-24")).await.unwrap();
    app.configure(&admin, changes, from("2026-11-24")).await.unwrap();
    app.clock().advance(TimeDelta::hours(10));
    let done = app.refresh_projections().await.unwrap();
    assert!(done.told > 0 && done.told <= done.moved, "{done:?}");
    assert_eq!((preview.open, preview.moved), (done.open, done.told), "the preview said so");
    let after = due_dates(&app).await;
    assert_ne!(before, after);
    for (id, due) in &before {
        assert!(after[id] >= *due, "a day less to work never makes a date earlier");
    }
    let again = app.refresh_projections().await.unwrap();
    assert_eq!(again, Refreshed { open: done.open, moved: 0, told: 0 });
    assert_eq!(app.pending_jobs().await.unwrap(), done.told as u64, "one message for each case");
    app.run_jobs().await;
    assert!(!sent(app.data()).iter().any(|text| text.contains("的到期日由 ")), "nobody is told in the evening");
    app.clock().advance(TimeDelta::hours(14));
    app.run_jobs().await;
    let sent = sent(app.data());
    let told: Vec<_> = sent.iter().filter(|text| text.contains("的到期日由 ")).collect();
    assert!(told.len() >= done.told, "{} messages", told.len());
    assert!(told.iter().all(|text| text.contains("的到期日由 20") && text.contains("改为 20")), "{}", told[0]);
    for pages in ["/my/", "/cases/"] {
        assert!(told.iter().any(|text| text.contains(pages)), "the enterprise has pages of its own: {pages}");
    }
    assert_eq!(app.check().await.unwrap().findings, []);
}

async fn due_dates(app: &TestApp) -> std::collections::BTreeMap<String, Option<NaiveDate>> {
    let director = app.user("director");
    let page = app.list_cases(&director, &app::CaseQuery::default(), None, 100).await.unwrap();
    page.items.into_iter().map(|head| (head.id.0, head.due_on)).collect()
}

/// Every message that left.
fn sent(data: &std::path::Path) -> Vec<String> {
    let folder = std::fs::read_dir(data.join("mailbox")).unwrap();
    let mails = folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let text = |mail: String| {
        let body: String = mail.split_once("\r\n\r\n").unwrap().1.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(body).map_or(mail, |text| String::from_utf8(text).unwrap())
    };
    mails.map(text).collect()
}

/// Cases keep what applied to their matters; only what begins later has the new limit.
#[testkit::db_test]
async fn old_cases_keep_their_limits(db: TestDb) {
    let app = TestApp::new(&db).await;
    app.demo(12, 2026, |_, _| {}).await.unwrap();
    app.run_jobs().await;
    let director = app.user("director");
    let heads = app.list_cases(&director, &app::CaseQuery::default(), None, 100).await.unwrap().items;
    let limits = async || {
        let mut all = Vec::new();
        for head in &heads {
            let open = app.open_case(&director, &head.id).await.unwrap();
            all.extend(open.case.matters.iter().map(|matter| (matter.scope.code.clone(), matter.scope.limit)));
        }
        all
    };
    let before = limits().await;
    let mut codes: Vec<_> = before.iter().map(|(code, _)| code.clone()).collect();
    codes.sort();
    codes.dedup();
    let mut changes = Vec::new();
    for code in &codes {
        changes.push(cell(&app, Table::Matters, code.as_str(), "promised_days", "77").await);
    }
    changes.retain(|change| change.before != change.after);
    app.configure(&app.user("admin"), changes, from("2026-11-24")).await.unwrap();
    assert_eq!(app.reference().catalogue.matter(&codes[0]).unwrap().promised.unwrap().days, 77);
    let done = app.refresh_projections().await.unwrap();
    assert_eq!((done.moved, done.told), (0, 0));
    assert_eq!(limits().await, before);
}
