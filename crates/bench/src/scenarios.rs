//! What is asked of the program, by whom. Requests are listed in a file, one a line, and sent in turn, so that each goes to
//! another case, or for the lists to another person or another search.

use crate::Fault;
use app::{App, AppConfig, CaseOrder, CaseQuery, Clock, DEMO_PASSWORD, User};
use domain::ids::{HallId, Username};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Cases that are looked at for one run, at most.
const MOST: usize = 20_000;
/// Searches that are made in turn.
const SEARCHES: usize = 200;
/// Where the numbers of requests stand in a body.
const COUNT: &str = "#COUNT#";

/// One way to use the program, and what it is measured against.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Its name in the table and in file names.
    pub name: &'static str,
    /// What an answer must contain to be the right one.
    pub expects: &'static str,
    /// Answers to a write are shorter than a page, and each costs a place in a chain: the run is the same length.
    make: fn(&Seen) -> Vec<Request>,
}

/// Every scenario, in the order of the table.
pub const ALL: [Scenario; 6] = [
    Scenario { name: "command", expects: "\"version\"", make: commands },
    Scenario { name: "case page", expects: "<h1", make: case_pages },
    Scenario { name: "API read", expects: "\"status\"", make: reads },
    Scenario { name: "work list", expects: "<h1", make: work_lists },
    Scenario { name: "list page", expects: "<h1", make: list_pages },
    Scenario { name: "search", expects: "<h1", make: searches },
];

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// Name and value of the header that says who asks.
    pub header: (&'static str, String),
    /// JSON, or nothing.
    pub body: String,
}

impl Request {
    fn get(path: String, person: &Person) -> Self {
        Self { method: "GET", path, header: ("Cookie", person.cookie.clone()), body: String::new() }
    }

    fn line(&self) -> String {
        let (name, value) = &self.header;
        format!("{}\t{}\t{name}\t{value}\t{}", self.method, self.path, self.body)
    }

    /// The request as it is sent alone, to see that it is answered.
    pub fn sent(&self) -> (String, String) {
        let (name, value) = &self.header;
        (format!("{name}: {value}"), self.body.replace(COUNT, "0"))
    }
}

/// Somebody who is logged in on the pages and at the API.
struct Person {
    cookie: String,
    bearer: String,
}

/// A case as the scenarios need it.
struct Known {
    id: String,
    title: String,
    agent: Option<Username>,
    is_worked_on: bool,
}

/// What stands in the database.
pub struct Seen {
    agents: BTreeMap<Username, Person>,
    head: Person,
    cases: Vec<Known>,
    /// How many cases there are.
    pub total: u64,
}

/// Where the database and its files are.
pub struct Place {
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// Folder of files and keys.
    pub data: PathBuf,
    /// Folder of fonts.
    pub fonts: PathBuf,
}

impl Seen {
    /// Looks through the cases and logs everybody in.
    ///
    /// # Errors
    /// What the program says.
    pub async fn read(place: &Place) -> Result<Self, Fault> {
        let config = AppConfig {
            database: place.database.clone(),
            data_dir: place.data.clone(),
            fonts_dir: place.fonts.clone(),
            clock: Clock::System,
            hall: HallId::from("hall-1"),
            public_url: "http://127.0.0.1".to_owned(),
        };
        let app = App::open(config).await?;
        let seen = Self::of(&app).await;
        app.close().await;
        seen
    }

    async fn of(app: &App) -> Result<Self, Fault> {
        let reference = app.reference();
        let able = reference.directory.people.values().filter(|person| person.can_be_agent() && person.active);
        let mut agents = BTreeMap::new();
        for person in able {
            agents.insert(person.username.clone(), log_in(app, person.username.as_str()).await?);
        }
        let director = app.user(&Username::from("director"), None).ok_or("no director: simulate first")?;
        let total = app.count_cases(&director, &CaseQuery::default()).await?.values().sum();
        Ok(Self { agents, head: log_in(app, "head").await?, cases: cases(app, &director).await?, total })
    }

    fn agent_of(&self, case: &Known) -> Option<&Person> {
        case.agent.as_ref().and_then(|agent| self.agents.get(agent))
    }
}

async fn log_in(app: &App, username: &str) -> Result<Person, Fault> {
    let session = app.log_in(username, DEMO_PASSWORD).await?;
    let token = app.issue_token(username, DEMO_PASSWORD).await?;
    Ok(Person { cookie: format!("bangban_session={}", session.token), bearer: format!("Bearer {}", token.token) })
}

/// The open cases first, since only they can be worked on.
async fn cases(app: &App, director: &User) -> Result<Vec<Known>, Fault> {
    let mut cases = Vec::new();
    for status in [&["preparing", "running"][..], &["submitted", "accepted", "delivering", "archived", "ended"][..]] {
        let is_worked_on = cases.is_empty();
        let status = status.iter().map(|status| (*status).to_owned()).collect();
        let query = CaseQuery { status, order: CaseOrder::Newest, ..CaseQuery::default() };
        let mut cursor = None;
        loop {
            let page = app.list_cases(director, &query, cursor.as_deref(), 500).await?;
            cases.extend(page.items.into_iter().map(|head| Known {
                id: head.id.0,
                title: head.title,
                agent: head.agent,
                is_worked_on,
            }));
            cursor = page.next_cursor;
            if cursor.is_none() || cases.len() >= MOST {
                break;
            }
        }
    }
    Ok(cases)
}

impl Scenario {
    /// The requests, also written to a file for the load generator.
    ///
    /// # Errors
    /// If the file cannot be written, or there is nothing to ask for.
    pub fn requests(&self, seen: &Seen, file: &Path) -> Result<Vec<Request>, Fault> {
        let requests = (self.make)(seen);
        if requests.is_empty() {
            return Err(format!("{}: there is no case to ask for", self.name).into());
        }
        let lines: Vec<String> = requests.iter().map(Request::line).collect();
        std::fs::write(file, lines.join("\n") + "\n")?;
        Ok(requests)
    }
}

/// A remote session is written down: load, may, decide, event with its hash, row, index, commit to the disk.
fn commands(seen: &Seen) -> Vec<Request> {
    let body = format!(
        "{{\"type\":\"record_remote_session\",\"channel\":\"phone\",\"topic\":\"材料第 {COUNT} 次答疑\",\
         \"started_at\":\"2026-01-05T02:00:00Z\",\"minutes\":12,\"outcome\":\"已说明补充材料的要求\"}}"
    );
    let worked_on = seen.cases.iter().filter(|case| case.is_worked_on);
    worked_on
        .filter_map(|case| {
            let bearer = seen.agent_of(case)?.bearer.clone();
            let path = format!("/api/v1/cases/{}/commands", case.id);
            Some(Request { method: "POST", path, header: ("Authorization", bearer), body: body.clone() })
        })
        .collect()
}

fn case_pages(seen: &Seen) -> Vec<Request> {
    let pages = seen.cases.iter().filter_map(|c| Some(Request::get(format!("/cases/{}", c.id), seen.agent_of(c)?)));
    pages.collect()
}

fn reads(seen: &Seen) -> Vec<Request> {
    let read = |case: &Known| {
        let header = ("Authorization", seen.agent_of(case)?.bearer.clone());
        Some(Request { method: "GET", path: format!("/api/v1/cases/{}", case.id), header, body: String::new() })
    };
    seen.cases.iter().filter_map(read).collect()
}

fn work_lists(seen: &Seen) -> Vec<Request> {
    seen.agents.values().map(|person| Request::get("/work".to_owned(), person)).collect()
}

fn list_pages(seen: &Seen) -> Vec<Request> {
    vec![Request::get("/cases".to_owned(), &seen.head)]
}

/// Part of a name: what somebody types who knows the enterprise.
fn searches(seen: &Seen) -> Vec<Request> {
    let step = (seen.cases.len() / SEARCHES).max(1);
    let named = seen.cases.iter().step_by(step).take(SEARCHES);
    named.map(|case| Request::get(format!("/cases?q={}", encoded(&part_of(&case.title))), &seen.head)).collect()
}

fn part_of(title: &str) -> String {
    title.chars().take(6).collect()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
