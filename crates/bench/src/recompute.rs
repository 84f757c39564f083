//! A new calendar over all open cases: how long until every due date is right, and what commands feel meanwhile.

use crate::scenarios::Place;
use crate::{Fault, say};
use app::configuration::{Effect, RowChange, Table};
use app::{App, AppConfig, CaseQuery, Clock, User};
use chrono::{Days, NaiveDate};
use domain::case::{Command, RecordCommand, RemoteChannel};
use domain::ids::{CaseId, HallId, Username};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What is allowed for 100,000 open cases.
const LIMIT: Duration = Duration::from_secs(60);
/// So many days are closed: enough that most dates move.
const CLOSED: u64 = 30;

/// Closes the hall for some weeks, recomputes, opens it again and recomputes; says how long each took.
///
/// # Errors
/// What the program says, or a recomputation that took longer than its limit for the number of its cases.
pub async fn run(place: &Place) -> Result<(), Fault> {
    let config = AppConfig {
        database: place.database.clone(),
        data_dir: place.data.clone(),
        fonts_dir: place.fonts.clone(),
        clock: Clock::System,
        hall: HallId::from("hall-1"),
        public_url: "http://127.0.0.1".to_owned(),
    };
    let app = App::open(config).await?;
    let admin = app.user(&Username::from("admin"), None).ok_or("no administrator: simulate first")?;
    // The lights of today first, so that the calendar alone is measured.
    app.refresh_projections().await?;
    let today = domain::calendar::today(app.now());
    let closed = closures(today);
    let opened = closed.iter().map(|change| RowChange { before: change.after.clone(), after: None, ..change.clone() });
    let opened: Vec<RowChange> = opened.collect();
    let mut slow = None;
    for (what, changes) in [("closing", closed), ("opening", opened)] {
        let effect = Effect { on: today, reason: "bench".to_owned() };
        app.configure(&admin, changes, effect).await.map_err(|why| format!("{what}: {why:?}"))?;
        let stop = Arc::new(AtomicBool::new(false));
        let busy = tokio::spawn(work(app.clone(), Arc::clone(&stop)));
        let begin = Instant::now();
        let done = app.refresh_projections().await?;
        let took = begin.elapsed();
        stop.store(true, Ordering::SeqCst);
        let (commands, slowest) = busy.await??;
        say(&format!(
            "recompute  {what}  {} open cases, {} moved, {} told: {:.2} s ({:.0} cases/s); meanwhile {commands} commands, \
             the slowest {:.0} ms",
            done.open,
            done.moved,
            done.told,
            took.as_secs_f64(),
            f64::from(u32::try_from(done.open)?) / took.as_secs_f64(),
            slowest.as_secs_f64() * 1000.0
        ));
        let share = f64::from(u32::try_from(done.open)?) / 100_000.0;
        if took > LIMIT.mul_f64(share.max(0.05)) {
            slow = Some(format!("recompute: {what} took {took:?} for {} cases", done.open));
        }
    }
    app.close().await;
    slow.map_or(Ok(()), |slow| Err(slow.into()))
}

fn closures(today: NaiveDate) -> Vec<RowChange> {
    let days = (1..=CLOSED).filter_map(|days| today.checked_add_days(Days::new(days)));
    let change = |date: NaiveDate| {
        let row = vec![date.to_string(), "bench 1".to_owned(), String::new()];
        RowChange { table: Table::Closures, key: date.to_string(), before: None, after: Some(row) }
    };
    days.map(change).collect()
}

/// Gives one command after the other until told to stop: how many, and the longest that one took.
async fn work(app: App, stop: Arc<AtomicBool>) -> Result<(u32, Duration), Fault> {
    let cases = worked_on(&app).await?;
    let (mut given, mut slowest) = (0, Duration::ZERO);
    for (agent, case) in cases.iter().cycle().take_while(|_| !stop.load(Ordering::SeqCst)) {
        let command = Command::Record(RecordCommand::RecordRemoteSession {
            channel: RemoteChannel::Phone,
            topic: format!("材料第 {given} 次答疑"),
            started_at: app.now(),
            minutes: 5,
            outcome: "已说明".to_owned(),
        });
        let begin = Instant::now();
        app.perform(agent, case, command, None, None).await?;
        slowest = slowest.max(begin.elapsed());
        given += 1;
    }
    Ok((given, slowest))
}

async fn worked_on(app: &App) -> Result<Vec<(User, CaseId)>, Fault> {
    let director = app.user(&Username::from("director"), None).ok_or("no director: simulate first")?;
    let query = CaseQuery { status: vec!["running".to_owned()], ..CaseQuery::default() };
    let page = app.list_cases(&director, &query, None, 200).await?;
    let of = |head: app::CaseHead| Some((app.user(&head.agent?, None)?, head.id));
    Ok(page.items.into_iter().filter_map(of).collect())
}
