//! The parts of a case's page: facts, matters with their clocks, materials and where each piece is, papers.

use super::clockbar::{Bar, bar};
use super::names::{Names, light_class, light_word, matter_word};
use super::wire;
use app::{NotedFee, OpenCase};
use domain::case::{
    Case, CaseMaterial, CaseMatter, CommandKind, Document, DocumentKind, MaterialStatus, MatterStatus, Side,
};
use domain::catalogue::Mode;
use domain::chain::Envelope;
use domain::custody::Item;

/// A name and its value at the head of the page.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) value: String,
    /// The class of a shape; empty for plain text.
    pub(crate) class: &'static str,
}

/// Mode, lead office, agent, stand-in, light, next due.
pub(crate) fn facts(names: &Names<'_>, open: &OpenCase) -> Vec<Fact> {
    let case = names.case;
    let plain = |key: &str, value: String| Fact { name: names.t(key), value, class: "" };
    let person = |who: &Option<domain::ids::Username>| {
        who.as_ref().map_or_else(|| names.t("staff.not_named"), |who| names.person(who))
    };
    let office = case.lead_office.as_ref().map_or_else(|| names.t("staff.not_named"), |office| names.office(office));
    let light = open.colour();
    let due = open.due_on();
    let left = due.map(|due| open.reference.calendar.working_days_between(names.today(), due));
    let due = due.map_or_else(
        || names.t("staff.no_due"),
        |due| {
            if due == names.today() { names.t("staff.today") } else { names.date(due) }
        },
    );
    vec![
        plain("staff.fact.mode", names.mode(case.mode)),
        plain("staff.fact.lead_office", office),
        plain("staff.fact.agent", person(&case.agent)),
        plain("staff.fact.stand_in", person(&case.stand_in)),
        Fact { name: names.t("staff.fact.light"), value: light_word(names.l, light, left), class: light_class(light) },
        plain("staff.fact.due", due),
    ]
}

/// An action on a matter.
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) label: String,
}

/// A line of the table of matters.
pub(crate) struct MatterRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) office: String,
    pub(crate) reach: String,
    /// What the outside ledger says; empty if nothing.
    pub(crate) outside: String,
    pub(crate) unclaimed: bool,
    pub(crate) class: &'static str,
    pub(crate) state: String,
    pub(crate) due: String,
    pub(crate) due_note: String,
    pub(crate) late: bool,
    pub(crate) bar: Bar,
    pub(crate) links: Vec<Link>,
    pub(crate) at: bool,
}

/// How many matters stand where.
pub(crate) struct Counts {
    pub(crate) all: usize,
    pub(crate) done: usize,
    pub(crate) now: usize,
    pub(crate) next: usize,
}

/// Counts the matters.
pub(crate) fn counts(case: &Case) -> Counts {
    let done = case.matters.iter().filter(|m| is_done(case, m)).count();
    let now = case.matters.iter().filter(|m| !is_done(case, m) && is_under_way(case, m)).count();
    let all = case.matters.len();
    Counts { all, done, now, next: all - done - now }
}

fn is_done(case: &Case, matter: &CaseMatter) -> bool {
    let is_accepted = case.mode == Mode::Assistance && matter.accepted_at_window.is_some();
    matter.status == MatterStatus::Finished || is_accepted
}

/// Under way is what has begun, and what may begin now.
fn is_under_way(case: &Case, matter: &CaseMatter) -> bool {
    matches!(matter.status, MatterStatus::Submitted | MatterStatus::Stopped | MatterStatus::Declined)
        || (matter.status == MatterStatus::Claimed && case.open_prerequisites(matter).is_empty())
}

/// The matters: what presses first, then what may begin, what comes, what is done.
pub(crate) fn matters(names: &Names<'_>, open: &OpenCase) -> Vec<MatterRow> {
    let case = names.case;
    let calendar = &open.reference.calendar;
    let mut sorted: Vec<&CaseMatter> = case.matters.iter().collect();
    sorted.sort_by_key(|matter| {
        let due = matter.clock.as_ref().filter(|c| c.finished.is_none()).and_then(|c| c.due(calendar, names.now));
        let group = match matter.status {
            _ if is_done(case, matter) => 5,
            MatterStatus::Submitted | MatterStatus::Stopped => 0,
            MatterStatus::Declined => 1,
            _ if case.open_prerequisites(matter).is_empty() => 2,
            MatterStatus::Offered if !matter.outside => 3,
            _ => 4,
        };
        (group, due.map(|due| due.date))
    });
    let mut rows: Vec<MatterRow> = sorted.into_iter().map(|matter| matter_row(names, open, matter)).collect();
    if let Some(first) = rows.first_mut() {
        first.at = !first.due.is_empty();
    }
    rows
}

fn matter_row(names: &Names<'_>, open: &OpenCase, matter: &CaseMatter) -> MatterRow {
    let code = &matter.scope.code;
    let light = open.light(code);
    let (class, state) = matter_word(names, matter, light);
    let calendar = &open.reference.calendar;
    let due = matter.clock.as_ref().filter(|c| c.finished.is_none()).and_then(|c| c.due(calendar, names.now));
    let due_note = match (&due, matter.finished_at) {
        (_, Some(at)) => names.tr("staff.finished_on", &[("date", &names.day(at))]),
        (Some(due), _) if due.provisional => names.t("staff.provisional"),
        (Some(_), _) => limit_note(names, matter, calendar),
        (None, _) => String::new(),
    };
    MatterRow {
        code: code.to_string(),
        name: names.matter(code),
        office: names.office(&matter.office),
        reach: reach(names, matter),
        outside: outside_note(names, matter),
        unclaimed: matter.status == MatterStatus::Offered && !matter.outside,
        class,
        state,
        late: due.is_some_and(|due| due.date < names.today()),
        due: due.map(|due| names.l.day(due.date)).unwrap_or_default(),
        due_note,
        bar: bar(names, matter, calendar),
        links: links(names, open, matter),
        at: false,
    }
}

/// The limit, how the green channel shortened it, and the day that the law sets.
fn limit_note(names: &Names<'_>, matter: &CaseMatter, calendar: &domain::calendar::Calendar) -> String {
    let promised = names.limit(matter.scope.limit.as_ref());
    let clock = matter.clock.as_ref().map(|clock| clock.limit);
    let limit = if clock == matter.scope.limit {
        names.tr("staff.limit_note", &[("limit", &promised)])
    } else {
        names.tr("staff.limit_green", &[("limit", &names.limit(clock.as_ref())), ("promised", &promised)])
    };
    match matter.dues(calendar, names.now).statutory {
        Some(due) => names.tr("staff.limit_by_law", &[("limit", &limit), ("date", &names.date(due.date))]),
        None => limit,
    }
}

/// How far a matter is outside, and who looked when.
fn outside_note(names: &Names<'_>, matter: &CaseMatter) -> String {
    let record = matter.outside_record.as_ref().filter(|_| matter.is_followed());
    record.map_or_else(String::new, |record| {
        let state = names.t(&format!("staff.outside_state.{}", record.state.name()));
        let (number, date) = (record.number.clone().unwrap_or_default(), names.day(record.checked_at));
        let late = if record.late { names.t("staff.late_entry") } else { String::new() };
        let person = names.person(&record.checked_by);
        let params = [("state", &state), ("number", &number), ("date", &date), ("person", &person), ("late", &late)];
        names.tr("staff.outside_note", &params.map(|(name, value)| (name, value.as_str())))
    })
}

/// Trips made and saved, with the rule by which they are counted (S9.1).
pub(crate) fn trips(names: &Names<'_>) -> (String, String) {
    let trips = names.case.trips();
    let [made, staff, saved] = [trips.made, trips.by_staff, trips.saved].map(|number| number.to_string());
    let words = names.tr("staff.case.trips", &[("made", &made), ("staff", &staff), ("saved", &saved)]);
    (words, names.t("staff.case.trips_rule"))
}

/// Who holds it, with telephone.
fn reach(names: &Names<'_>, matter: &CaseMatter) -> String {
    if matter.outside {
        return names.t("staff.outside");
    }
    let phone = names.directory.office(&matter.office).map(|office| office.phone.clone()).unwrap_or_default();
    match &matter.claimed_by {
        Some(person) => {
            let own = names.directory.person(person).map(|p| p.phone.clone()).filter(|phone| !phone.is_empty());
            format!("{} {}", names.person(person), own.unwrap_or(phone)).trim().to_owned()
        }
        None => phone,
    }
}

/// What this person can do with the matter now.
fn links(names: &Names<'_>, open: &OpenCase, matter: &CaseMatter) -> Vec<Link> {
    let code = &matter.scope.code;
    let of_matter = open.matter_actions(code).into_iter().filter(|action| action.refusal.is_none());
    let mut kinds: Vec<CommandKind> = of_matter.map(|action| action.kind).collect();
    let case_actions = open.actions();
    let allows = |kind| case_actions.iter().any(|action| action.kind == kind && action.refusal.is_none());
    let is_open = !is_done(names.case, matter);
    if is_open && names.case.mode == Mode::Assistance && allows(CommandKind::RecordEscort) {
        kinds.push(CommandKind::RecordEscort);
    }
    let chase = (!open.chased(code).is_empty()).then(|| Link {
        href: format!("/cases/{}/chase?matter={code}", names.case.id),
        label: names.t("staff.chase.link"),
    });
    let commands = kinds.into_iter().map(|kind| Link {
        href: format!("/cases/{}/do/{}?matter={code}", names.case.id, kind.name()),
        label: names.t(&format!("staff.act_short.{}", kind.name())),
    });
    commands.chain(chase).collect()
}

/// A line of the table of materials.
pub(crate) struct MaterialRow {
    pub(crate) name: String,
    pub(crate) note: String,
    pub(crate) class: &'static str,
    pub(crate) word: String,
    pub(crate) place: String,
    pub(crate) since: String,
    pub(crate) back: String,
    pub(crate) file: String,
    pub(crate) item: String,
    /// The page of the piece; empty where none is here.
    pub(crate) href: String,
}

/// Materials with pieces, and what is lacking; then the rest, to be unfolded.
pub(crate) struct Materials {
    pub(crate) shown: Vec<MaterialRow>,
    pub(crate) rest: Vec<MaterialRow>,
    pub(crate) originals: usize,
    pub(crate) outside: usize,
}

/// So many materials stand in the open; the others are folded.
const SHOWN: usize = 10;

/// The materials of the case and where each piece is: what is lacking and what waits for a signature first, then the
/// pieces that are out, originals first.
pub(crate) fn materials(names: &Names<'_>) -> Materials {
    let case = names.case;
    let mut ranked: Vec<(u8, MaterialRow)> = Vec::new();
    for item in &case.items {
        let rank = match item.handed_over {
            None => 1,
            Some(_) if item.is_outstanding() => 2,
            Some(_) if !item.place.is_final() => 3,
            Some(_) => 5,
        };
        ranked.push((rank, piece_row(names, item)));
    }
    for material in case.materials.iter().filter(|m| case.items_for(&m.spec.id).next().is_none()) {
        let status = case.material_status(material);
        let is_lacking = matches!(status, MaterialStatus::Missing | MaterialStatus::Wrong);
        ranked.push((if is_lacking { 0 } else { 4 }, lack_row(names, material, status)));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let open = ranked.iter().filter(|(rank, _)| *rank <= 3).count().min(SHOWN);
    let mut shown: Vec<MaterialRow> = ranked.into_iter().map(|(_, row)| row).collect();
    let rest = shown.split_off(open);
    let originals = case.items.iter().filter(|item| item.form == domain::custody::PieceForm::Original).count();
    Materials { shown, rest, originals, outside: case.outstanding_items().len() }
}

fn piece_row(names: &Names<'_>, item: &Item) -> MaterialRow {
    let case = names.case;
    let status = case.material(&item.material).map(|m| case.material_status(m));
    let wrong = matches!(status, Some(MaterialStatus::Missing | MaterialStatus::Wrong));
    let waits = item.handed_over.is_none();
    let (class, word) = match (wrong, waits) {
        (true, _) => ("over", names.t("staff.material.wrong")),
        (_, true) => ("wait", names.t("staff.material.to_sign")),
        _ => ("", String::new()),
    };
    MaterialRow {
        name: names.material(&item.material),
        note: names.piece(item),
        class,
        word,
        place: names.place(&item.place),
        since: names.tr("staff.since_day", &[("date", &names.day(item.since))]),
        back: names.t(if item.to_return { "staff.to_return" } else { "staff.not_to_return" }),
        file: item.file.as_ref().map(|f| format!("/cases/{}/files/{}", case.id, f.id)).unwrap_or_default(),
        // Only a piece that staff hold can be moved.
        href: format!("/cases/{}/items/{}", case.id, item.id),
        item: if waits || item.place.is_final() { String::new() } else { item.id.to_string() },
    }
}

fn lack_row(names: &Names<'_>, material: &CaseMaterial, status: MaterialStatus) -> MaterialRow {
    let class = match status {
        MaterialStatus::Missing => "wait",
        MaterialStatus::Wrong => "over",
        MaterialStatus::Produced | MaterialStatus::Ok | MaterialStatus::Received | MaterialStatus::HandedOver => "ok",
        _ => "idle",
    };
    let why = material.check.as_ref().and_then(|(_, why, _)| why.clone()).unwrap_or_default();
    let notice = names.case.notices.iter().rev().find(|n| n.entries.iter().any(|e| e.material == material.spec.id));
    let since = notice.map(|n| names.tr("staff.bring_by", &[("date", &names.date(n.due))])).unwrap_or_default();
    MaterialRow {
        name: material.spec.name.clone(),
        note: if why.is_empty() { names.form(material.spec.form) } else { why },
        class,
        word: names.t(&format!("staff.material.{}", status.name())),
        place: match status {
            MaterialStatus::Missing | MaterialStatus::Wrong => names.t("staff.place.client"),
            _ => String::new(),
        },
        since,
        back: String::new(),
        file: String::new(),
        href: String::new(),
        item: String::new(),
    }
}

/// A paper of the case.
pub(crate) struct PaperRow {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) at: String,
    pub(crate) class: &'static str,
    pub(crate) word: String,
    pub(crate) sign: String,
}

/// The papers, the newest first.
pub(crate) fn papers(names: &Names<'_>, open: &OpenCase) -> Vec<PaperRow> {
    let allowed = open.actions().into_iter().filter(|action| action.refusal.is_none());
    let to_sign: Vec<DocumentKind> = allowed.filter_map(|action| super::acts::signs(action.kind)).collect();
    names.case.documents.iter().rev().map(|document| paper_row(names, document, &to_sign)).collect()
}

fn paper_row(names: &Names<'_>, document: &Document, to_sign: &[DocumentKind]) -> PaperRow {
    let case = names.case;
    let (class, key) = paper_state(case, document);
    PaperRow {
        href: format!("/cases/{}/papers/{}", case.id, document.id),
        name: names.t(&format!("staff.paper.{}", document.kind.name())),
        number: document.number.clone(),
        at: names.l.time(document.at, names.now),
        class,
        word: names.t(key),
        sign: if class == "wait" && to_sign.contains(&document.kind) {
            format!("/cases/{}/sign/{}", case.id, document.id)
        } else {
            String::new()
        },
    }
}

/// What a paper waits for: its class and the key of its words.
fn paper_state(case: &Case, document: &Document) -> (&'static str, &'static str) {
    let sides = document.kind.sides();
    let mut open = sides.iter().filter(|side| document.signature(**side).is_none());
    let is_newest = case.newest(document.kind).is_some_and(|newest| newest.id == document.id);
    let is_past = !is_newest || (document.kind == DocumentKind::TakeoverList && case.takeover().is_none());
    match (sides.len(), open.next(), open.next()) {
        (0, ..) => ("", "staff.paper_state.made"),
        (1, None, _) => ("ok", "staff.paper_state.client"),
        (_, None, _) => ("ok", "staff.paper_state.both"),
        _ if is_past => ("idle", "staff.paper_state.replaced"),
        (1, ..) if case.delivered.is_some() || case.shipment.is_some() => ("idle", "staff.paper_state.sent"),
        (_, Some(_), Some(_)) => ("wait", "staff.paper_state.both_open"),
        (_, Some(Side::Client), _) => ("wait", "staff.paper_state.client_open"),
        (_, Some(Side::Agent), _) => ("wait", "staff.paper_state.agent_open"),
        (_, Some(Side::Giver), _) => ("wait", "staff.paper_state.giver_open"),
        (_, Some(Side::Taker), _) => ("wait", "staff.paper_state.taker_open"),
    }
}

/// What has to be known before anything is done: why it is green, that it rests, that the agent is away, what is not handed over.
pub(crate) fn remarks(names: &Names<'_>) -> Vec<String> {
    let case = names.case;
    let mut remarks = Vec::new();
    if let Some(green) = &case.green {
        remarks.push(names.tr(
            "staff.remark.green",
            &[
                ("approver", &names.person(&green.approver)),
                ("date", &names.day(green.at)),
                ("person", &names.person(&green.person)),
                ("reason", &green.reason),
                ("measures", &names.measures(&green.measures)),
            ],
        ));
    }
    if let Some(pause) = case.pauses.last().filter(|pause| pause.to.is_none() && case.leaving.is_none()) {
        let code = names.t(&format!("staff.suspend_reason.{}", wire(&pause.reason_code)));
        let since = names.day(pause.from);
        remarks.push(names.tr("staff.remark.pause", &[("date", &since), ("code", &code), ("reason", &pause.reason)]));
    }
    if let Some(goal) = case.goal.as_ref().filter(|_| case.status.is_open()) {
        let params = [("milestone", &*names.milestone(&goal.milestone)), ("date", &*names.date(goal.date))];
        remarks.push(names.tr("staff.remark.goal", &params));
    }
    remarks.extend(absence(names));
    if let Some((from, items)) = case.takeover() {
        let (name, count) = (names.person(from), items.len().to_string());
        remarks.push(names.tr("staff.remark.takeover", &[("name", &name), ("count", &count)]));
    }
    remarks
}

/// The agent is away today, and who stands in.
fn absence(names: &Names<'_>) -> Option<String> {
    let case = names.case;
    if !case.status.is_open() {
        return None;
    }
    let agent = names.directory.person(case.agent.as_ref()?)?;
    let today = names.today();
    let absence = agent.absences.iter().find(|absence| absence.from <= today && today <= absence.to)?;
    let to = names.l.day(absence.to);
    Some(match &case.stand_in {
        Some(stand_in) => {
            let stand_in = names.person(stand_in);
            names.tr("staff.remark.away", &[("name", &agent.name), ("to", &to), ("stand_in", &stand_in)])
        }
        None => names.tr("staff.remark.away_alone", &[("name", &agent.name), ("to", &to)]),
    })
}

/// The statement of fees, one line each (S2.2).
pub(crate) fn fees(names: &Names<'_>, events: &[Envelope]) -> Vec<String> {
    let line = |fee: NotedFee| {
        names.tr(
            "staff.case.fee_line",
            &[
                ("fee", &fee.name),
                ("matter", &names.matter(&fee.matter)),
                ("amount", &names.l.money(fee.amount_fen)),
                ("payee", &fee.payee),
                ("basis", &fee.legal_basis),
                ("receipt", &fee.receipt),
            ],
        )
    };
    OpenCase::fees(events).into_iter().map(line).collect()
}

/// Who applied, as far as staff see it.
pub(crate) fn applicant(names: &Names<'_>, open: &OpenCase) -> Vec<Fact> {
    let party = &open.party;
    let case = names.case;
    let fact = |key: &str, value: String| Fact { name: names.t(key), value, class: "" };
    let mut facts = vec![fact("staff.fact.enterprise", party.name.clone())];
    match &party.uscc {
        Some(uscc) => facts.push(fact("staff.fact.uscc", uscc.clone())),
        None => facts.push(fact("staff.fact.uscc", names.t("staff.founding"))),
    }
    if let Some(founder) = &party.founder_name {
        let id = party.founder_id_masked.clone().unwrap_or_default();
        facts.push(fact("staff.fact.founder", format!("{founder} {id}")));
    }
    facts.push(fact("staff.fact.contact", format!("{} {}", party.contact_name, party.contact_phone_masked)));
    if let Some(project) = &case.project {
        let money = project.investment_fen.map(|fen| names.l.money(fen)).unwrap_or_default();
        facts.push(fact("staff.fact.project", [project.name.clone(), money].join(" ").trim().to_owned()));
        if let Some(site) = &project.site {
            facts.push(fact("staff.fact.site", site.clone()));
        }
    }
    facts.push(fact("staff.fact.channel", names.t(&format!("staff.channel.{}", wire(&case.channel)))));
    facts.push(fact("staff.fact.delivery", names.t(&format!("staff.delivery.{}", wire(&case.delivery)))));
    if let Some(green) = &case.green {
        let words = names.tr(
            "staff.green_why",
            &[
                ("reason", &green.reason),
                ("person", &names.person(&green.person)),
                ("approver", &names.person(&green.approver)),
            ],
        );
        facts.push(fact("staff.fact.green", words));
    }
    facts
}
