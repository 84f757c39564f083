//! From the events of the offices' work to the state.

use super::event::MatterEvent;
use super::order::Lifted;
use super::outside::OutsideRecord;
use super::state::{Case, CaseMatter, MatterStatus};
use crate::chain::Envelope;
use crate::clock::Clock;
use crate::custody::Place;
use crate::ids::MatterCode;
use chrono::{DateTime, Utc};

impl Case {
    pub(super) fn with_matter(&mut self, code: &MatterCode, change: impl FnOnce(&mut CaseMatter)) {
        if let Some(matter) = self.matters.iter_mut().find(|m| m.scope.code == *code) {
            change(matter);
        }
    }

    pub(super) fn apply_matter(&mut self, event: &MatterEvent, envelope: &Envelope) {
        let at = envelope.at;
        match event {
            MatterEvent::MattersOffered { matters } => {
                for code in matters {
                    self.with_matter(code, |matter| offer(matter, at));
                }
            }
            MatterEvent::MatterClaimed { matter, .. } => self.with_matter(matter, |matter| {
                matter.status = MatterStatus::Claimed;
                matter.claimed_by = Some(envelope.actor.clone());
                matter.claimed_at = Some(at);
            }),
            MatterEvent::MatterDeclined { matter, reason, .. } => self.with_matter(matter, |matter| {
                matter.status = MatterStatus::Declined;
                matter.declined_because = Some(reason.clone());
                matter.claimed_by = None;
                matter.claimed_at = None;
            }),
            MatterEvent::MatterForwarded { matter, to, outside, decided, .. } => self.with_matter(matter, |matter| {
                matter.office = to.clone();
                matter.decided = *decided;
                matter.outside = *outside;
                matter.claimed_by = None;
                matter.claimed_at = None;
                offer(matter, at);
            }),
            MatterEvent::MatterTakenOver { matter, accepted_at, limit } => self.with_matter(matter, |matter| {
                matter.status = MatterStatus::Submitted;
                matter.submitted_at = Some(*accepted_at);
                matter.clock = limit.map(|limit| Clock::start(limit, *accepted_at));
            }),
            MatterEvent::MatterSubmitted { matter, number, limit, items } => {
                self.with_matter(matter, |matter| {
                    matter.status = MatterStatus::Submitted;
                    matter.number.clone_from(number);
                    matter.submitted_at = Some(at);
                    matter.clock = limit.map(|limit| Clock::start(limit, at));
                });
                if let Some(office) = self.matter(matter).map(|matter| matter.office.clone()) {
                    self.move_items(items, &Place::Office(office), envelope, None);
                }
            }
            MatterEvent::MatterFinished { matter, outcome, results, moves, happened_at, .. } => {
                self.with_matter(matter, |matter| {
                    let finished = happened_at.unwrap_or(at);
                    matter.status = MatterStatus::Finished;
                    matter.outcome = Some(*outcome);
                    matter.finished_at = Some(finished);
                    with_clock(matter, |clock| clock.finish(finished));
                });
                self.results.extend(results.iter().cloned());
                for (item, to) in moves {
                    self.move_item(item, to, envelope, None);
                }
            }
            MatterEvent::ClockStopped { .. } | MatterEvent::ClockResumed { .. } | MatterEvent::LimitExtended { .. } => {
                self.apply_clock(event, at);
            }
            MatterEvent::OutsideChecked { matter, state, number, receipt, happened_at, late, .. } => {
                let record = OutsideRecord {
                    state: *state,
                    number: number.clone(),
                    receipt: receipt.clone(),
                    checked_by: envelope.actor.clone(),
                    checked_at: happened_at.unwrap_or(at),
                    noted_at: at,
                    late: *late,
                };
                self.with_matter(matter, |matter| matter.outside_record = Some(record.after(matter)));
            }
            MatterEvent::OrderLifted { matter, before, opinion } => self.with_matter(matter, |matter| {
                let (before, opinion, by) = (before.clone(), opinion.clone(), envelope.actor.clone());
                matter.lifted.push(Lifted { before, opinion, by, at });
            }),
        }
    }

    fn apply_clock(&mut self, event: &MatterEvent, at: DateTime<Utc>) {
        match event {
            MatterEvent::ClockStopped { matter, kind, name, until, .. } => self.with_matter(matter, |matter| {
                matter.status = MatterStatus::Stopped;
                with_clock(matter, |clock| clock.stop(kind.interval(), name.clone(), Some(*until), at));
            }),
            MatterEvent::ClockResumed { matter } => self.with_matter(matter, |matter| {
                matter.status = MatterStatus::Submitted;
                with_clock(matter, |clock| clock.resume(at));
            }),
            MatterEvent::LimitExtended { matter, days, .. } => {
                self.with_matter(matter, |matter| with_clock(matter, |clock| clock.extend(*days)));
            }
            _ => {}
        }
    }
}

/// Sends a matter to the office that holds it. A body outside never claims: the agent follows it from here.
fn offer(matter: &mut CaseMatter, at: DateTime<Utc>) {
    matter.offered_at = Some(at);
    matter.status = if matter.outside { MatterStatus::Claimed } else { MatterStatus::Offered };
}

/// Changes a matter's clock if it has one. An event is a fact that was checked when it was decided; an old event that a
/// clock refuses leaves the clock as it was rather than losing the case.
fn with_clock<E>(matter: &mut CaseMatter, change: impl FnOnce(&mut Clock) -> Result<(), E>) {
    if let Some(clock) = &mut matter.clock {
        let _ = change(clock);
    }
}
