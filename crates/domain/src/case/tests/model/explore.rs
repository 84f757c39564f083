//! Walks through every state of a model, breadth first: the first thing found to be broken comes with the shortest way to it.
//!
//! It also knows the graph, and so can say what a checker of paths cannot: that from every state some way leads to rest.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Debug;
use std::hash::Hash;

/// Something whose states can be walked through.
pub(super) trait Model {
    type State: Clone + Eq + Hash;
    type Action: Copy + Debug;

    /// The state at the beginning.
    fn start(&mut self) -> Self::State;

    /// Everything that can happen next.
    fn actions(&mut self, state: &Self::State) -> Vec<Self::Action>;

    /// The state after an action, or what is broken by it.
    fn step(&mut self, state: &Self::State, action: Self::Action) -> Result<Self::State, String>;

    /// What must hold in every state, or what is broken in this one.
    fn check(&mut self, state: &Self::State) -> Result<(), String>;

    /// Whether everybody has got what it asked for and nothing is under way.
    fn is_at_rest(&self, state: &Self::State) -> bool;

    /// The action in words, for the way to what is broken.
    fn tell(&self, state: &Self::State, action: Self::Action) -> String;
}

/// What was found broken, and the shortest way to it.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) what: String,
    pub(super) way: Vec<String>,
}

/// What a whole walk has seen.
#[derive(Debug)]
pub(super) struct Walk<S> {
    pub(super) states: usize,
    pub(super) ends: Vec<S>,
}

struct Graph<M: Model> {
    states: Vec<M::State>,
    known: HashMap<M::State, usize>,
    /// How each state was first reached; nothing for the first.
    reached: Vec<Option<(usize, M::Action)>>,
    /// From where each state can be reached.
    before: Vec<Vec<usize>>,
}

/// Walks through all states. A model of more than `limit` states has grown out of its bounds, which is a mistake of its own.
pub(super) fn explore<M: Model>(model: &mut M, limit: usize) -> Result<Walk<M::State>, Broken> {
    let mut graph = Graph::<M> { states: vec![], known: HashMap::new(), reached: vec![], before: vec![] };
    let start = model.start();
    graph.enter(start, None);
    let mut at = 0;
    while at < graph.states.len() {
        assert!(at < limit, "more than {limit} states");
        let state = graph.states[at].clone();
        model.check(&state).map_err(|what| graph.broken(model, what, at, None))?;
        for action in model.actions(&state) {
            match model.step(&state, action) {
                Ok(next) => graph.enter(next, Some((at, action))),
                Err(what) => return Err(graph.broken(model, what, at, Some(action))),
            }
        }
        at += 1;
    }
    let ends: Vec<usize> = (0..at).filter(|at| model.is_at_rest(&graph.states[*at])).collect();
    if let Some(stuck) = graph.first_without_way_to(&ends) {
        return Err(graph.broken(model, "from here nothing leads to rest".to_owned(), stuck, None));
    }
    Ok(Walk { states: at, ends: ends.into_iter().map(|end| graph.states[end].clone()).collect() })
}

impl<M: Model> Graph<M> {
    fn enter(&mut self, state: M::State, from: Option<(usize, M::Action)>) {
        let new = self.states.len();
        let at = match self.known.entry(state) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                self.states.push(place.key().clone());
                self.reached.push(from);
                self.before.push(Vec::new());
                *place.insert(new)
            }
        };
        if let Some((from, _)) = from {
            self.before[at].push(from);
        }
    }

    fn first_without_way_to(&self, ends: &[usize]) -> Option<usize> {
        let mut leads = vec![false; self.states.len()];
        let mut open = ends.to_vec();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut leads[at], true) {
                open.extend(&self.before[at]);
            }
        }
        leads.iter().position(|leads| !leads)
    }

    fn broken(&self, model: &M, what: String, at: usize, last: Option<M::Action>) -> Broken {
        let mut way: Vec<String> = last.map(|action| model.tell(&self.states[at], action)).into_iter().collect();
        let mut at = at;
        while let Some((from, action)) = self.reached[at] {
            way.push(model.tell(&self.states[from], action));
            at = from;
        }
        way.reverse();
        Broken { what, way }
    }
}

/// A counter that two hands raise by reading and writing: the oldest way to lose something.
struct Counter {
    is_guarded: bool,
    is_stuck: bool,
}

impl Model for Counter {
    /// The counter, and for each hand what it has read and whether it is done.
    type State = (u8, [(Option<u8>, bool); 2]);
    type Action = usize;

    fn start(&mut self) -> Self::State {
        (0, [(None, false); 2])
    }

    fn actions(&mut self, state: &Self::State) -> Vec<usize> {
        let is_held = |hand: usize| self.is_stuck && hand == 1 && state.0 == 1;
        (0..2).filter(|hand| !state.1[*hand].1).filter(|hand| !is_held(*hand)).collect()
    }

    fn step(&mut self, state: &Self::State, hand: usize) -> Result<Self::State, String> {
        let (mut count, mut hands) = *state;
        match hands[hand].0 {
            None => hands[hand].0 = Some(count),
            Some(read) if self.is_guarded && read != count => hands[hand].0 = None,
            Some(read) => {
                count = read + 1;
                hands[hand].1 = true;
            }
        }
        Ok((count, hands))
    }

    fn check(&mut self, (count, hands): &Self::State) -> Result<(), String> {
        let done = hands.iter().filter(|hand| hand.1).count();
        if done == usize::from(*count) { Ok(()) } else { Err(format!("{done} times raised to {count}")) }
    }

    fn is_at_rest(&self, state: &Self::State) -> bool {
        state.1.iter().all(|hand| hand.1)
    }

    fn tell(&self, _: &Self::State, hand: usize) -> String {
        format!("hand {hand}")
    }
}

#[test]
fn the_walk_finds_the_shortest_way_to_a_lost_update() {
    let broken = explore(&mut Counter { is_guarded: false, is_stuck: false }, 100).unwrap_err();
    assert_eq!(broken.what, "2 times raised to 1");
    assert_eq!(broken.way, ["hand 0", "hand 1", "hand 0", "hand 1"]);
}

#[test]
fn the_walk_sees_every_state_and_every_end() {
    let walk = explore(&mut Counter { is_guarded: true, is_stuck: false }, 100).unwrap();
    // Neither, one or both have read; then one is done and the other has read nothing, the old or the new; then both are done.
    assert_eq!(walk.states, 4 + 2 * 3 + 2);
    assert_eq!(walk.ends, [(2, [(Some(0), true), (Some(1), true)]), (2, [(Some(1), true), (Some(0), true)])]);
}

#[test]
fn the_walk_finds_a_state_from_which_nothing_leads_to_rest() {
    let broken = explore(&mut Counter { is_guarded: true, is_stuck: true }, 100).unwrap_err();
    assert_eq!(broken.what, "from here nothing leads to rest");
    assert_eq!(broken.way, ["hand 0", "hand 0"]);
}

#[test]
#[should_panic(expected = "more than 5 states")]
fn the_walk_has_bounds() {
    let _ = explore(&mut Counter { is_guarded: true, is_stuck: false }, 5);
}
