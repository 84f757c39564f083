//! What processes do in their memory: load, may, decide, make the papers, lay out what is to be written. Nothing of it is
//! worked out twice: cases, histories and answers are kept once and named by their place, so that a state stays small.

use super::super::fixture::{Play, command};
use super::checks;
use crate::case::*;
use crate::chain::{Envelope, GENESIS, chain_hash};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// The place of something in its [`Kept`].
pub(super) type Ix = u16;

/// Things kept once each, by what is written of them.
pub(super) struct Kept<T> {
    all: Vec<T>,
    known: HashMap<String, Ix>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { all: Vec::new(), known: HashMap::new() }
    }
}

impl<T> Kept<T> {
    pub(super) fn keep(&mut self, written: String, thing: impl FnOnce() -> T) -> Ix {
        let next = Ix::try_from(self.all.len()).expect("a small model");
        *self.known.entry(written).or_insert_with(|| {
            self.all.push(thing());
            next
        })
    }

    pub(super) fn at(&self, ix: Ix) -> &T {
        &self.all[usize::from(ix)]
    }
}

/// Which request: whose, and for which of its wants, tried anew with another number while an old request is on its way still.
/// This is the idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) person: u8,
    pub(super) want: u8,
    pub(super) number: u8,
}

/// A request: the same key always comes with the same body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Request {
    pub(super) key: Key,
    pub(super) command: Ix,
    /// The version that the person saw, for commands that demand it.
    pub(super) expected: Option<u64>,
}

/// An event as it stands in the database, with the request that it came from; none for what was there before.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) envelope: Envelope,
    pub(super) before: String,
    pub(super) hash: String,
    pub(super) key: Option<Key>,
}

/// The events of the case in the database.
#[derive(Clone, Default)]
pub(super) struct History {
    pub(super) entries: Vec<Entry>,
    /// The files that its events name, of those that are made in this model.
    pub(super) names: BTreeSet<Ix>,
    /// A request that was carried out twice.
    pub(super) doubled: Option<Key>,
}

impl History {
    pub(super) fn head(&self) -> &str {
        self.entries.last().map_or(GENESIS, |entry| entry.hash.as_str())
    }

    pub(super) fn has_effect_of(&self, key: Key) -> bool {
        self.entries.iter().any(|entry| entry.key == Some(key))
    }
}

/// What a command will write, laid out.
pub(super) struct Prepared {
    /// The version that the case had when it was loaded.
    pub(super) was: u64,
    pub(super) entries: Vec<Entry>,
    pub(super) row: Ix,
    pub(super) papers: BTreeSet<Ix>,
    pub(super) answer: Ix,
}

/// What was answered: done, with the numbers and hashes of what happened.
pub(super) type Answer = Vec<(u64, String)>;

/// All that was ever worked out.
pub(super) struct Deciding {
    pub(super) play: Play,
    pub(super) people: Vec<String>,
    pub(super) cases: Kept<Case>,
    pub(super) histories: Kept<History>,
    pub(super) commands: Kept<Command>,
    pub(super) prepared: Kept<Prepared>,
    pub(super) answers: Kept<Answer>,
    pub(super) papers: Kept<String>,
    pub(super) refusals: Kept<String>,
    decided: HashMap<(Ix, Ix, Ix, u8), Result<Ix, Ix>>,
    appended: HashMap<(Ix, Ix, Key), Ix>,
    checked: HashMap<(Ix, Ix), Result<(), String>>,
}

impl Deciding {
    /// With the case as the play left it.
    pub(super) fn new(play: Play, people: Vec<String>) -> Self {
        Self {
            play,
            people,
            cases: Kept::default(),
            histories: Kept::default(),
            commands: Kept::default(),
            prepared: Kept::default(),
            answers: Kept::default(),
            papers: Kept::default(),
            refusals: Kept::default(),
            decided: HashMap::new(),
            appended: HashMap::new(),
            checked: HashMap::new(),
        }
    }

    /// The history and the row at the beginning.
    pub(super) fn begin(&mut self) -> (Ix, Ix) {
        let mut history = History::default();
        for envelope in self.play.log.clone() {
            history.entries.push(entry(history.head(), envelope));
        }
        let head = history.head().to_owned();
        assert_eq!(head, self.play.head);
        let case = self.play.case.clone();
        (self.histories.keep(head, || history), self.keep_case(case))
    }

    fn keep_case(&mut self, case: Case) -> Ix {
        self.cases.keep(serde_json::to_string(&case).unwrap(), || case)
    }

    pub(super) fn keep_command(&mut self, value: &Value) -> Ix {
        self.commands.keep(value.to_string(), || command(value.clone()))
    }

    pub(super) fn refusal(&mut self, text: &str) -> Ix {
        self.refusals.keep(text.to_owned(), || text.to_owned())
    }

    /// May, decide, record, make the papers; or the refusal.
    pub(super) fn prepare(&mut self, row: Ix, read: Ix, request: Request) -> Result<Ix, Ix> {
        let asked = (row, read, request.command, request.key.person);
        if let Some(known) = self.decided.get(&asked) {
            return *known;
        }
        let head = self.histories.at(read).head().to_owned();
        let case = self.cases.at(row).clone();
        let command = self.commands.at(request.command).clone();
        let who = self.people[usize::from(request.key.person)].clone();
        let decided = match self.work_out(case, &head, &who, &command) {
            Ok(prepared) => Ok(prepared),
            Err(refusal) => Err(self.refusal(&format!("{:?}", refusal.code))),
        };
        self.decided.insert(asked, decided);
        decided
    }

    fn work_out(&mut self, case: Case, head: &str, who: &str, command: &Command) -> Result<Ix, Refusal> {
        let was = case.version;
        let mut play = Play { case, head: head.to_owned(), log: Vec::new(), ..self.play.clone() };
        let now = play.hall.now;
        let (grant, events) = play.decide(who, command)?;
        let case = &mut play.case;
        let mut envelopes = record(case, events, grant.actor(), grant.on_behalf_of(), now);
        let mut papers = BTreeSet::new();
        while let Some(due) = if envelopes.is_empty() { None } else { case.document_due() } {
            let mark = chain_hash(head, format!("{who} {due:?}").as_bytes());
            let input = chain_hash(&mark, b"input");
            papers.extend([self.paper(&mark), self.paper(&input)]);
            let made = DocumentMade { hash: mark, input, code: format!("V{}", case.version), pages: 1, seal: None };
            envelopes.extend(record(case, [due.offered(made, now)], &"bangban".into(), None, now));
        }
        let mut entries: Vec<Entry> = Vec::new();
        for envelope in envelopes {
            entries.push(entry(entries.last().map_or(head, |entry| entry.hash.as_str()), envelope));
        }
        let row = self.keep_case(play.case);
        let answer: Answer = entries.iter().map(|entry| (entry.envelope.seq, entry.hash.clone())).collect();
        let written = format!("{was} {row} {head} {answer:?}");
        let answer = self.answers.keep(format!("{answer:?}"), || answer);
        Ok(self.prepared.keep(written, || Prepared { was, entries, row, papers, answer }))
    }

    fn paper(&mut self, hash: &str) -> Ix {
        self.papers.keep(hash.to_owned(), || hash.to_owned())
    }

    /// Writes what was prepared behind a history.
    pub(super) fn append(&mut self, history: Ix, prepared: Ix, key: Key) -> Ix {
        if let Some(known) = self.appended.get(&(history, prepared, key)) {
            return *known;
        }
        let mut longer = self.histories.at(history).clone();
        longer.doubled = longer.doubled.or(longer.has_effect_of(key).then_some(key));
        let new = self.prepared.at(prepared).entries.clone();
        for entry in new {
            if let Event::Document(DocumentEvent::DocumentOffered { document }) = &entry.envelope.event {
                longer.names.extend([self.paper(&document.hash), self.paper(&document.input)]);
            }
            longer.entries.push(Entry { key: Some(key), ..entry });
        }
        let written: Vec<_> = longer.entries.iter().map(|entry| (&entry.hash, entry.key)).collect();
        let ix = self.histories.keep(format!("{written:?}"), || longer.clone());
        self.appended.insert((history, prepared, key), ix);
        ix
    }

    /// What must hold of a history and the row beside it.
    pub(super) fn check(&mut self, history: Ix, row: Ix) -> Result<(), String> {
        if let Some(known) = self.checked.get(&(history, row)) {
            return known.clone();
        }
        let found = checks::check(self.histories.at(history), self.cases.at(row), &self.play);
        self.checked.insert((history, row), found.clone());
        found
    }
}

fn entry(before: &str, envelope: Envelope) -> Entry {
    let hash = chain_hash(before, &serde_json::to_vec(&envelope).unwrap());
    Entry { envelope, before: before.to_owned(), hash, key: None }
}

/// A command in a few words, for the way to what is broken.
pub(super) fn shown(command: &Command) -> String {
    match command {
        Command::Matters(part) => format!("{} {}", command.kind().name(), part.matter()),
        _ => command.kind().name(),
    }
}
