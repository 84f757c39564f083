//! How a command is carried out, step by step, as the use cases do it: persons send requests with keys and repeat them,
//! two processes look up the first answer, load, decide, store files, commit, answer; each may crash between any two steps.

use super::super::fixture::Play;
use super::deciding::{Deciding, Ix, Key, Request, shown};
use super::explore::Model;
use crate::case::Case;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a person sees fit to do, looking at the case.
pub(super) enum Look {
    /// This.
    Do(Value),
    /// Nothing yet: somebody else has to do something first.
    Wait,
    /// Nothing any more.
    Skip,
}

/// What a person wants to do next, whatever it then sees.
pub(super) type Want = Box<dyn Fn(&Play) -> Look>;

/// Who wants what, one thing after the other.
pub(super) type Person = (&'static str, Vec<Want>);

/// A mistake built into the processes, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// As it is.
    None,
    /// Commits without comparing the version.
    ComparesNothing,
    /// Answers, then commits.
    AnswersFirst,
    /// Remembers the answer in a transaction of its own, after the commit.
    RemembersApart,
    /// Stores the files after the commit.
    StoresLate,
    /// Answers an error without looking again whether the same request was done meanwhile.
    LooksOnce,
    /// Does not look for a first answer, and lets a further one take its place.
    ForgetsKeys,
}

/// How long a command that demands no version is tried again on a new state.
const TRIES: u8 = 3;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    /// The database: events, row, remembered answers.
    pub(super) history: Ix,
    pub(super) row: Ix,
    answers: BTreeMap<Key, Ix>,
    /// The stored files that anything still points to.
    files: BTreeSet<Ix>,
    pub(super) people: Vec<Standing>,
    processes: [Option<Work>; 2],
    /// Requests on their way to a process.
    sent: Vec<Request>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Standing {
    /// How many of its wants are behind it.
    step: u8,
    waiting: Option<Request>,
    /// The requests that it was told were done.
    done: BTreeMap<Key, Ix>,
    /// What it was refused for good.
    pub(super) refused: Vec<Ix>,
}

/// A process at work on a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Work {
    request: Request,
    attempt: u8,
    at: At,
}

/// Where a process stands: each step to the next reads or writes something that others can see. What only it can see belongs
/// to the step before, since a crash there leaves what a crash before that step leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum At {
    /// There was no first answer.
    Load,
    /// The row is loaded; the end of the chain is read now. Decides, makes the papers, stores them.
    Decide {
        row: Ix,
    },
    Commit(Ix),
    /// The command is done, or is not.
    Reply(Ix),
    LookAgain(Ix),
    /// Steps of processes with a flaw.
    RememberApart(Ix),
    StoreLate(Ix),
    CommitLate(Ix),
}

/// Something that can happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happens {
    /// A person looks at the case and does what it sees fit.
    Looks(u8),
    /// A person that has no answer sends its request again.
    Repeats(u8),
    Takes(u8, Request),
    Works(u8),
    Crashes(u8),
}

pub(super) struct Pipeline {
    pub(super) deciding: Deciding,
    wants: Vec<Vec<Want>>,
    flaw: Flaw,
    /// How many copies of a person's requests are under way at most: with one, it repeats a request when its process has
    /// crashed; with two, it may be impatient.
    copies: usize,
    /// What is answered when somebody else was faster.
    stale: Ix,
    views: HashMap<(Ix, u8, u8), View>,
}

#[derive(Clone, Copy)]
enum View {
    Do(Ix),
    Wait,
    Skip,
}

impl Pipeline {
    pub(super) fn new(play: Play, people: Vec<Person>, copies: usize, flaw: Flaw) -> Self {
        let (names, wants) = people.into_iter().map(|(name, wants)| (name.to_owned(), wants)).unzip();
        let mut deciding = Deciding::new(play, names);
        let stale = deciding.refusal("stale");
        Self { deciding, wants, flaw, copies, stale, views: HashMap::new() }
    }

    pub(super) fn case(&self, world: &World) -> &Case {
        self.deciding.cases.at(world.row)
    }

    /// What was refused for good on the way, and whom.
    pub(super) fn refused(&self, world: &World) -> String {
        let names = self.deciding.people.iter().zip(&world.people);
        let lines = names.flat_map(|(name, person)| {
            person.refused.iter().map(move |refusal| format!("; {name}: {}", self.deciding.refusals.at(*refusal)))
        });
        lines.collect()
    }

    fn view(&mut self, row: Ix, person: u8, step: u8) -> View {
        if let Some(known) = self.views.get(&(row, person, step)) {
            return *known;
        }
        let play = Play { case: self.deciding.cases.at(row).clone(), ..self.deciding.play.clone() };
        let view = match self.wants[usize::from(person)][usize::from(step)](&play) {
            Look::Do(value) => View::Do(self.deciding.keep_command(&value)),
            Look::Wait => View::Wait,
            Look::Skip => View::Skip,
        };
        self.views.insert((row, person, step), view);
        view
    }

    fn look(&mut self, world: &mut World, who: u8) {
        let view = self.view(world.row, who, world.people[usize::from(who)].step);
        if let View::Do(command) = view {
            let demands = self.deciding.commands.at(command).kind().needs_version();
            let expected = demands.then(|| self.deciding.cases.at(world.row).version);
            let want = world.people[usize::from(who)].step;
            let is_new =
                |key: &Key| !world.answers.contains_key(key) && underway(world).all(|request| request.key != *key);
            let key = (0..).map(|number| Key { person: who, want, number }).find(is_new).expect("few are under way");
            let request = Request { key, command, expected };
            world.people[usize::from(who)].waiting = Some(request);
            send(world, request);
        } else {
            world.people[usize::from(who)].step += 1;
        }
    }

    /// A process takes a request, and looks whether it was answered before.
    fn take(&self, world: &mut World, process: u8, request: Request) -> Result<(), String> {
        let place = world.sent.iter().position(|sent| *sent == request).expect("it was sent");
        world.sent.remove(place);
        match world.answers.get(&request.key) {
            Some(first) if self.flaw != Flaw::ForgetsKeys => return tell(world, request.key, *first),
            _ => {}
        }
        world.processes[usize::from(process)] = Some(Work { request, attempt: 1, at: At::Load });
        Ok(())
    }

    /// One step of a process.
    fn work(&mut self, world: &mut World, process: u8) -> Result<(), String> {
        let Some(work) = world.processes[usize::from(process)].take() else { return Ok(()) };
        let key = work.request.key;
        let next = match work.at {
            At::Load => self.load(world, work.request),
            At::Decide { row } => self.decide(world, row, work.request)?,
            At::Commit(prepared) => self.commit(world, &work, prepared),
            At::CommitLate(prepared) => {
                let _ = self.write(world, key, prepared);
                return Ok(());
            }
            At::RememberApart(prepared) => {
                let answer = self.deciding.prepared.at(prepared).answer;
                At::Reply(*world.answers.entry(key).or_insert(answer))
            }
            At::StoreLate(prepared) => {
                world.files.extend(&self.deciding.prepared.at(prepared).papers);
                At::Reply(self.deciding.prepared.at(prepared).answer)
            }
            At::LookAgain(refusal) => return self.look_again(world, key, refusal),
            At::Reply(answer) => return tell(world, key, answer),
        };
        let is_again = next == At::Load;
        let attempt = work.attempt + u8::from(is_again);
        world.processes[usize::from(process)] = Some(Work { at: next, attempt, ..work });
        Ok(())
    }

    fn load(&mut self, world: &World, request: Request) -> At {
        let version = self.deciding.cases.at(world.row).version;
        if request.expected.is_some_and(|seen| seen != version) {
            return At::LookAgain(self.stale);
        }
        At::Decide { row: world.row }
    }

    fn decide(&mut self, world: &mut World, row: Ix, request: Request) -> Result<At, String> {
        let prepared = match self.deciding.prepare(row, world.history, request) {
            Ok(prepared) => prepared,
            Err(refusal) => return Ok(At::LookAgain(refusal)),
        };
        let laid_out = self.deciding.prepared.at(prepared);
        if self.flaw != Flaw::StoresLate {
            world.files.extend(&laid_out.papers);
        }
        if self.flaw == Flaw::AnswersFirst {
            tell(world, request.key, laid_out.answer)?;
            return Ok(At::CommitLate(prepared));
        }
        Ok(At::Commit(prepared))
    }

    /// The one transaction: compare the version, append, row, answer. A conflict is tried again where no version is demanded.
    fn commit(&mut self, world: &mut World, work: &Work, prepared: Ix) -> At {
        let key = work.request.key;
        match self.write(world, key, prepared) {
            Ok(()) => match self.flaw {
                Flaw::RemembersApart => At::RememberApart(prepared),
                Flaw::StoresLate => At::StoreLate(prepared),
                _ => At::Reply(self.deciding.prepared.at(prepared).answer),
            },
            Err(Undone::ByVersion) if work.request.expected.is_none() && work.attempt < TRIES => {
                // The twin of the request may have been the faster one: then there is no use in trying again.
                if world.answers.contains_key(&key) { At::LookAgain(self.stale) } else { At::Load }
            }
            Err(_) => At::LookAgain(self.stale),
        }
    }

    fn write(&mut self, world: &mut World, key: Key, prepared: Ix) -> Result<(), Undone> {
        let laid_out = self.deciding.prepared.at(prepared);
        let has_moved = self.deciding.cases.at(world.row).version != laid_out.was;
        if has_moved && !laid_out.entries.is_empty() && self.flaw != Flaw::ComparesNothing {
            return Err(Undone::ByVersion);
        }
        let remembers = self.flaw != Flaw::RemembersApart;
        if remembers && self.flaw != Flaw::ForgetsKeys && world.answers.contains_key(&key) {
            return Err(Undone::ByAnswer);
        }
        let (row, answer, is_idle) = (laid_out.row, laid_out.answer, laid_out.entries.is_empty());
        if !is_idle {
            world.history = self.deciding.append(world.history, prepared, key);
            world.row = row;
        }
        if remembers {
            world.answers.insert(key, answer);
        }
        Ok(())
    }

    /// Two of the same at the same moment: one of them was first, and its answer is the answer. Else it is told what is in the
    /// way: who saw an old version looks again; who was refused by a rule goes on to what it wants next.
    fn look_again(&mut self, world: &mut World, key: Key, refusal: Ix) -> Result<(), String> {
        if let Some(first) = world.answers.get(&key)
            && self.flaw != Flaw::LooksOnce
        {
            return tell(world, key, *first);
        }
        if self.deciding.histories.at(world.history).has_effect_of(key) {
            return Err(format!("{key:?} was done and is answered {}", self.deciding.refusals.at(refusal)));
        }
        let person = &mut world.people[usize::from(key.person)];
        if person.waiting.is_some_and(|request| request.key == key) {
            person.waiting = None;
            if refusal != self.stale {
                person.refused.push(refusal);
                person.step += 1;
            }
        }
        Ok(())
    }

    /// A file to which nothing points is as good as none: whoever needs it stores it again. This keeps states few.
    fn sweep(&self, world: &mut World) {
        let mut wanted = self.deciding.histories.at(world.history).names.clone();
        for work in world.processes.iter().flatten() {
            if let At::Commit(prepared) | At::CommitLate(prepared) = work.at {
                wanted.extend(&self.deciding.prepared.at(prepared).papers);
            }
        }
        world.files.retain(|file| wanted.contains(file));
    }
}

/// Why a transaction was rolled back.
enum Undone {
    ByVersion,
    ByAnswer,
}

/// Requests on their way and at work.
fn underway(world: &World) -> impl Iterator<Item = &Request> {
    world.sent.iter().chain(world.processes.iter().flatten().map(|work| &work.request))
}

fn send(world: &mut World, request: Request) {
    world.sent.push(request);
    world.sent.sort_unstable();
}

/// A person is told that its request was done, now or again.
fn tell(world: &mut World, key: Key, answer: Ix) -> Result<(), String> {
    let person = &mut world.people[usize::from(key.person)];
    if *person.done.entry(key).or_insert(answer) != answer {
        return Err(format!("{key:?} was answered twice, and not the same"));
    }
    if person.waiting.is_some_and(|request| request.key == key) {
        person.waiting = None;
        person.step += 1;
    }
    Ok(())
}

impl Model for Pipeline {
    type State = World;
    type Action = Happens;

    fn start(&mut self) -> World {
        let (history, row) = self.deciding.begin();
        World {
            history,
            row,
            answers: BTreeMap::new(),
            files: BTreeSet::new(),
            people: vec![Standing::default(); self.wants.len()],
            processes: [None, None],
            sent: Vec::new(),
        }
    }

    fn actions(&mut self, world: &World) -> Vec<Happens> {
        let mut all = Vec::new();
        for (who, person) in (0u8..).zip(&world.people) {
            let copies = underway(world).filter(|request| request.key.person == who).count();
            match person.waiting {
                Some(_) if copies < self.copies => all.push(Happens::Repeats(who)),
                Some(_) => {}
                None if usize::from(person.step) == self.wants[usize::from(who)].len() => {}
                None if matches!(self.view(world.row, who, person.step), View::Wait) => {}
                None => all.push(Happens::Looks(who)),
            }
        }
        for (process, work) in (0u8..).zip(&world.processes) {
            if work.is_some() {
                all.extend([Happens::Works(process), Happens::Crashes(process)]);
            } else {
                let mut sent = world.sent.clone();
                sent.dedup();
                all.extend(sent.into_iter().map(|request| Happens::Takes(process, request)));
            }
        }
        all
    }

    fn step(&mut self, world: &World, action: Happens) -> Result<World, String> {
        let mut world = world.clone();
        match action {
            Happens::Looks(who) => self.look(&mut world, who),
            Happens::Repeats(who) => {
                let request = world.people[usize::from(who)].waiting.expect("only who waits repeats");
                send(&mut world, request);
            }
            Happens::Takes(process, request) => self.take(&mut world, process, request)?,
            Happens::Works(process) => self.work(&mut world, process)?,
            Happens::Crashes(process) => world.processes[usize::from(process)] = None,
        }
        self.sweep(&mut world);
        // The processes are alike.
        world.processes.sort_unstable();
        Ok(world)
    }

    fn check(&mut self, world: &World) -> Result<(), String> {
        self.deciding.check(world.history, world.row)?;
        let history = self.deciding.histories.at(world.history);
        if !history.names.is_subset(&world.files) {
            return Err("an event names a file that is not stored".to_owned());
        }
        for (key, answer) in world.people.iter().flat_map(|person| &person.done) {
            for (seq, hash) in self.deciding.answers.at(*answer) {
                let kept = usize::try_from(*seq).ok().and_then(|seq| history.entries.get(seq - 1));
                if kept.is_none_or(|entry| entry.hash != *hash) {
                    return Err(format!("{key:?} was answered done, and event {seq} is not there"));
                }
            }
        }
        Ok(())
    }

    fn is_at_rest(&self, world: &World) -> bool {
        let are_done =
            world.people.iter().zip(&self.wants).all(|(person, wants)| usize::from(person.step) == wants.len());
        are_done && world.sent.is_empty() && world.processes.iter().all(Option::is_none)
    }

    fn tell(&self, world: &World, action: Happens) -> String {
        let name = |who: u8| &self.deciding.people[usize::from(who)];
        let what = |request: Request| shown(self.deciding.commands.at(request.command));
        match action {
            Happens::Looks(who) => format!("{} looks", name(who)),
            Happens::Repeats(who) => format!("{} repeats", name(who)),
            Happens::Takes(process, request) => {
                format!("process {process} takes {} of {}", what(request), name(request.key.person))
            }
            Happens::Works(process) => {
                format!("process {process}: {:?}", world.processes[usize::from(process)].as_ref().map(|work| work.at))
            }
            Happens::Crashes(process) => format!("process {process} crashes"),
        }
    }
}
