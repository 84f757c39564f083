//! One sealed file: where it stands, its volumes, its history, and what the reader may do with it.

use super::{FileWords, lent_words, place_words, retention_word, state_of, tabs};
use crate::auth::Signed;
use crate::fault::Fault;
use crate::i18n::Lang;
use crate::page::{Flash, Page, html, see};
use crate::pages::staff::list::Choice;
use crate::pages::staff::plan::Tab;
use crate::pages::staff::typed::Typed;
use crate::routes::{Access, Area, Route};
use crate::say::Say;
use app::{ArchivedView, LineView, Reference};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use chrono::NaiveDate;
use domain::access::{Action, On, may};
use domain::archive::{ArchiveCommand, ArchiveLine, ArchivedFile, Disposal, Retention, ShelfPlace};
use domain::calendar::today;
use domain::ids::{CaseId, Username};
use domain::people::Role;

pub(super) fn routes() -> Vec<Route> {
    let (area, access) = (Area::Staff, Access::Staff);
    vec![Route::get(area, access, "/archive/files/{id}", page), Route::post(area, access, "/archive/files/{id}", act)]
}

/// What the reader may do with the file as it stands.
struct May {
    shelve: bool,
    lend: bool,
    give_back: bool,
    keep_forever: bool,
    propose: bool,
    hold: bool,
    release: bool,
    decide: bool,
}

impl May {
    fn of(visit: &Signed, file: &ArchivedFile, on: NaiveDate) -> Self {
        let can = |action| !file.is_disposed() && may(&visit.user.actor, action, On::File(file)).is_ok();
        let (keeps, watches) = (can(Action::KeepArchive), can(Action::WatchArchive));
        let (is_lent, is_proposed) = (file.loan.is_some(), file.disposal.is_some());
        Self {
            shelve: keeps && !is_lent,
            lend: keeps && !is_lent && !is_proposed,
            give_back: keeps && is_lent,
            keep_forever: keeps && file.retention != Retention::Permanent,
            propose: keeps && !is_lent && !is_proposed && file.hold.is_none() && file.is_due(on),
            hold: watches && file.hold.is_none(),
            release: watches && file.hold.is_some(),
            decide: can(Action::DecideDisposal) && matches!(file.disposal, Some(Disposal::Proposed(_))),
        }
    }
}

#[derive(Template)]
#[template(path = "staff/archive_file.html")]
struct FilePage {
    page: Page,
    l: Lang,
    id: String,
    number: String,
    title: String,
    class: &'static str,
    word: String,
    headline: String,
    tabs: Vec<Tab>,
    facts: Vec<(String, String)>,
    packages: Vec<(String, String)>,
    file: FileWords,
    history: Vec<(String, String)>,
    can: May,
    place: ShelfPlace,
    people: Vec<Choice>,
    until: String,
    note: String,
}

async fn page(visit: Signed, Path(id): Path<CaseId>) -> Result<Response, Fault> {
    let (l, app) = (visit.l, &visit.state.app);
    let (view, lines) = app.sealed_file(&visit.user, &id).await?;
    let completeness = app.file_completeness(&visit.user, &id).await?;
    let reference = app.reference();
    let (say, on) = (visit.say(&reference), today(app.now()));
    let file = &view.file;
    let (class, word) = state_of(file, on);
    let can = May::of(&visit, file, on);
    let mut history: Vec<_> = lines.iter().map(|line| history_line(&say, line, on)).collect();
    history.reverse();
    let nowhere = ShelfPlace { shelf: String::new(), container: String::new(), folder: String::new() };
    html(&FilePage {
        page: super::super::desk(&visit, "archive.title").titled(file.number.as_str()),
        l,
        id: id.to_string(),
        number: file.number.clone(),
        title: view.title.clone(),
        class,
        word: l.t(&format!("archive.state.{word}")).into_owned(),
        headline: headline(&say, &view, on),
        tabs: tabs(&visit, "sealed"),
        facts: facts(&say, file, on),
        packages: packages(&visit, file),
        file: FileWords::of(l, &completeness),
        history,
        note: disposal_note(l, file, &can),
        can,
        place: file.place.clone().unwrap_or(nowhere),
        people: borrowers(&reference),
        until: on.to_string(),
    })
}

/// Where the file is: on its shelf, with somebody, nowhere yet, disposed of.
fn headline(say: &Say<'_>, view: &ArchivedView, on: NaiveDate) -> String {
    let (l, file) = (say.l, &view.file);
    if let Some(Disposal::Disposed { approved_by, at, .. }) = &file.disposal {
        let (who, date) = (say.person(approved_by), l.date_seen(today(*at), on));
        return l.tr("archive.one.disposed", &[("who", who.as_str()), ("date", date.as_str())]);
    }
    let (lent, place) = (lent_words(say, file, on), place_words(l, file));
    match (lent.is_empty(), place.is_empty()) {
        (false, _) => lent,
        (true, false) => l.tr("archive.one.stands", &[("place", place.as_str())]),
        (true, true) => l.t("archive.one.unshelved").into_owned(),
    }
}

fn facts(say: &Say<'_>, file: &ArchivedFile, on: NaiveDate) -> Vec<(String, String)> {
    let (l, day) = (say.l, |date| say.l.date_seen(date, on));
    let ruling = |ruling: &domain::archive::Ruling| {
        let (who, date) = (say.person(&ruling.by), day(today(ruling.at)));
        l.tr("archive.ruling", &[("reason", ruling.reason.as_str()), ("who", who.as_str()), ("date", date.as_str())])
    };
    let proposal = match &file.disposal {
        Some(Disposal::Proposed(proposal) | Disposal::Disposed { proposal, .. }) => Some(ruling(proposal)),
        None => None,
    };
    let all = [
        ("office", file.office.as_ref().map(|office| say.office(office))),
        ("ended", Some(day(file.ended_on))),
        ("sealed", Some(day(file.sealed_on))),
        ("volumes", Some(file.volumes.to_string())),
        ("retention", Some(retention_word(l, file))),
        ("keep_until", file.keep_until().map(day)),
        ("permanent", file.permanent.as_ref().map(ruling)),
        ("place", Some(place_words(l, file)).filter(|words| !words.is_empty())),
        ("purpose", file.loan.as_ref().map(|loan| loan.purpose.clone())),
        ("hold", file.hold.as_ref().map(ruling)),
        ("proposal", proposal),
    ];
    let named =
        |(name, value): (&str, Option<String>)| Some((l.t(&format!("archive.column.{name}")).into_owned(), value?));
    all.into_iter().filter_map(named).collect()
}

/// The packages of all volumes, for those who may fetch them.
fn packages(visit: &Signed, file: &ArchivedFile) -> Vec<(String, String)> {
    if !visit.user.has(Role::Archivist) && !visit.user.has(Role::Supervisor) {
        return Vec::new();
    }
    let link = |volume: u32| {
        let href = format!("/cases/{}/archive.zip?volume={volume}", file.case);
        (href, visit.l.tr("archive.volume", &[("number", volume.to_string())]))
    };
    (1..=file.volumes).map(link).collect()
}

/// Why nothing can be proposed yet, or what an approval does and does not do.
fn disposal_note(l: Lang, file: &ArchivedFile, can: &May) -> String {
    let key = match &file.disposal {
        Some(_) => "archive.one.disposal_by_hand",
        None if can.propose => "archive.one.disposal_two",
        None => return String::new(),
    };
    l.t(key).into_owned()
}

fn borrowers(reference: &Reference) -> Vec<Choice> {
    let people = reference.directory.people.values();
    let staff = people.filter(|person| person.active && person.roles.iter().any(|role| *role != Role::Applicant));
    let choice = |person: &domain::people::Person| Choice {
        value: person.username.to_string(),
        label: person.name.clone(),
        chosen: false,
    };
    staff.map(choice).collect()
}

fn history_line(say: &Say<'_>, line: &LineView<ArchiveLine>, on: NaiveDate) -> (String, String) {
    let l = say.l;
    let when = format!("{}　{}", l.date_seen(today(line.at), on), say.person(&line.actor));
    let what = match &line.line {
        ArchiveLine::Registered(_) => l.t("archive.line.registered").into_owned(),
        ArchiveLine::VolumeAdded(number) => l.tr("archive.line.volume_added", &[("number", number.to_string())]),
        ArchiveLine::Done(command) => done_words(say, command, on),
    };
    (when, what)
}

fn done_words(say: &Say<'_>, command: &ArchiveCommand, on: NaiveDate) -> String {
    use ArchiveCommand as C;
    let l = say.l;
    let params = match command {
        C::Shelve { place } => {
            vec![("shelf", place.shelf.clone()), ("box", place.container.clone()), ("folder", place.folder.clone())]
        }
        C::Lend { to, purpose, until } => {
            vec![("who", say.person(to)), ("purpose", purpose.clone()), ("until", l.date_seen(*until, on))]
        }
        C::GiveBack {} | C::ApproveDisposal {} => Vec::new(),
        C::KeepForever { reason }
        | C::Hold { reason }
        | C::Release { reason }
        | C::ProposeDisposal { reason }
        | C::RejectDisposal { reason } => vec![("reason", reason.clone())],
    };
    l.tr(&format!("archive.line.{}", command.name()), &params[..])
}

/// The form as a command; none if it is none of ours or its day cannot be read.
fn read(typed: &Typed) -> Option<ArchiveCommand> {
    use ArchiveCommand as C;
    let (text, reason) = (|name: &str| typed.get(name).to_owned(), typed.get("reason").to_owned());
    Some(match typed.get("what") {
        "shelve" => {
            C::Shelve { place: ShelfPlace { shelf: text("shelf"), container: text("box"), folder: text("folder") } }
        }
        "lend" => {
            C::Lend { to: Username(text("to")), purpose: text("purpose"), until: typed.get("until").parse().ok()? }
        }
        "give_back" => C::GiveBack {},
        "keep_forever" => C::KeepForever { reason },
        "hold" => C::Hold { reason },
        "release" => C::Release { reason },
        "propose_disposal" => C::ProposeDisposal { reason },
        "reject_disposal" => C::RejectDisposal { reason },
        "approve_disposal" => C::ApproveDisposal {},
        _ => return None,
    })
}

async fn act(visit: Signed, Path(id): Path<CaseId>, typed: Typed) -> Result<Response, Fault> {
    let (app, to) = (&visit.state.app, format!("/archive/files/{id}"));
    let Some(command) = read(&typed) else {
        // Whoever may not see the file learns nothing, whatever was sent.
        app.sealed_file(&visit.user, &id).await?;
        return Ok(see(&to, &Flash::bad(visit.l.t("archive.one.unread"))));
    };
    let key = format!("archive.done.{}", command.name());
    match app.keep_file(&visit.user, &id, command).await {
        Ok(()) => Ok(visit.done(&to, &key)),
        Err(error) => visit.refused(&to, error),
    }
}
