//! What an operator does beside serving: migrate, import, check, demo, simulate.

use crate::say::{Failure, say};
use crate::settings::Settings;
use app::{App, DemoSummary, Papers};
use chrono::NaiveDate;
use std::path::Path;
use std::process::ExitCode;

/// The demo has so many cases, made from this seed.
pub const DEMO_CASES: usize = 30;
pub const DEMO_SEED: u64 = 2026;

pub async fn migrate(settings: &Settings) -> Result<ExitCode, Failure> {
    settings.open().await?.close().await;
    say("数据库已是本程序的版本。/ The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

pub async fn import(settings: &Settings, file: &Path) -> Result<ExitCode, Failure> {
    let name = file.display();
    let json = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("读不了 {name} / cannot read {name}: {error}")))?;
    let app = settings.open().await?;
    let kind = app.import(&json).await;
    let reference = app.reference();
    app.close().await;
    let (zh, en) = match kind? {
        "catalogue" => {
            let (matters, offices) = (reference.catalogue.matters().len(), reference.catalogue.departments().len());
            (
                format!("事项目录：{matters} 个事项，{offices} 个单位"),
                format!("catalogue: {matters} matters, {offices} offices"),
            )
        }
        "fees" => {
            let count = reference.catalogue.fees().len();
            let open = reference.catalogue.fees().iter().filter(|fee| !fee.verified).count();
            (
                format!("法定收费清单：{count} 项，其中 {open} 项还没有核对"),
                format!("list of statutory fees: {count}, of which {open} are not checked yet"),
            )
        }
        "calendar" => {
            let years: Vec<String> = reference.calendar.years().iter().map(ToString::to_string).collect();
            let years = years.join(", ");
            (format!("放假安排：{years} 年"), format!("calendar: {years}"))
        }
        _ => {
            let (hall, offices) = (&reference.hall.hall, reference.hall.offices.len());
            (format!("大厅资料：{hall}，{offices} 个科室"), format!("hall: {offices} offices"))
        }
    };
    say(&format!("已导入{zh}。\nTaken over: {en}."));
    Ok(ExitCode::SUCCESS)
}

/// Ends with 1 and a list where something does not agree.
pub async fn check(settings: &Settings) -> Result<ExitCode, Failure> {
    let app = settings.open().await?;
    let report = app.check().await;
    app.close().await;
    let report = report?;
    let (cases, events, files) = (report.cases, report.events, report.files);
    say(&format!(
        "核对了 {cases} 个办件、{events} 条记录、{files} 个文件。/ {cases} cases, {events} events, {files} files."
    ));
    if !report.unreferenced.is_empty() {
        let count = report.unreferenced.len();
        say(&format!(
            "{count} 个文件没有记录指向，不影响办件： / {count} stored files that nothing refers to, harmless:"
        ));
        for hash in &report.unreferenced {
            say(&format!("  {hash}"));
        }
    }
    if report.findings.is_empty() {
        say("全部一致。/ Everything agrees.");
        return Ok(ExitCode::SUCCESS);
    }
    let count = report.findings.len();
    say(&format!("不一致 {count} 处： / {count} findings:"));
    for finding in &report.findings {
        say(&format!("- {}: {}", finding.about, finding.what));
    }
    Ok(ExitCode::FAILURE)
}

pub async fn demo(settings: &Settings) -> Result<ExitCode, Failure> {
    let app = settings.open().await?;
    let summary = match app.is_empty().await {
        Ok(true) => load_demo(&app).await,
        Ok(false) => Err(not_empty()),
        Err(error) => Err(error.into()),
    };
    app.close().await;
    say(&accounts(&summary?));
    Ok(ExitCode::SUCCESS)
}

/// Loads the demo and says how far it is.
pub async fn load_demo(app: &App) -> Result<DemoSummary, Failure> {
    let progress = |done, all| say(&format!("演示数据 {done}/{all}"));
    Ok(app.demo(DEMO_CASES, DEMO_SEED, progress).await?)
}

/// The demo's people and how to log in.
pub fn accounts(summary: &DemoSummary) -> String {
    let mut lines = vec![format!("演示账号，密码都是 {0} / demo accounts, password {0}:", summary.password)];
    let is_named = |username: &&(String, String)| !username.0.starts_with("office-");
    lines.extend(summary.accounts.iter().filter(is_named).map(|(username, what)| format!("  {username:<12}{what}")));
    let others = summary.accounts.len() - lines.len() + 1;
    lines.push(format!(
        "  office-dNN   其他 {others} 个部门的窗口，例如 office-d04 / the windows of {others} other departments"
    ));
    lines.join("\n")
}

pub async fn simulate(
    settings: &Settings,
    cases: u32,
    seed: u64,
    from: Option<NaiveDate>,
    papers: Papers,
) -> Result<ExitCode, Failure> {
    let app = settings.open().await?;
    let cases = usize::try_from(cases).unwrap_or(usize::MAX);
    let step = (cases / 20).max(50);
    let progress = |done: usize, all: usize| {
        if done.is_multiple_of(step) || done == all {
            say(&format!("办件 {done}/{all}"));
        }
    };
    let summary = match app.is_empty().await {
        Ok(true) => app.simulate(cases, seed, from, papers, progress).await.map_err(Failure::from),
        Ok(false) => Err(not_empty()),
        Err(error) => Err(error.into()),
    };
    app.close().await;
    for (status, count) in &summary?.statuses {
        say(&format!("{status}\t{count}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn not_empty() -> Failure {
    Failure::new(
        "数据库里已有人员或办件，不能再装演示数据。请换一个空数据库。\n\
         The database has people or cases already. The demo goes into an empty one only.",
    )
}
