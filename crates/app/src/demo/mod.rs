//! The demo: a hall at work, built by nothing but the real use cases, with clocks that go through the last weeks.
//!
//! The same number of cases, seed and day give the same numbers and states. Every case has a clock of its own and is played
//! by itself, so several can be played at once. A simulated hall is the demo and, beyond it, cases drawn from the catalogue.

mod chance;
mod drawn;
mod early;
mod firms;
mod ink;
mod materials;
mod people;
mod plans;
mod play;
mod steps;
mod twists;

pub use people::DEMO_PASSWORD;

use crate::accounts::User;
use crate::consultations::{ConsultationApplicant, NewConsultation};
use crate::intake::NewCase;
use crate::making::Papers;
use crate::{App, AppError, Clock};
use chance::Chance;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::{Calendar, today};
use domain::case::CaseChannel;
use domain::catalogue::Catalogue;
use domain::consultation::ConsultationChannel;
use domain::ids::{CaseId, ConsultationId, Username};
use plans::{LISTED, Plan};
use play::Player;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use store::CaseFilter;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What a demo has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoSummary {
    /// Cases by status.
    pub statuses: BTreeMap<String, u64>,
    /// Accounts: user name, and who that is.
    pub accounts: Vec<(String, String)>,
    /// The password of all of them.
    pub password: &'static str,
}

/// So many cases are played at once: more than there are cores, since a case waits for the disk at every step, and those that
/// wait together are saved together.
const AT_ONCE: usize = 48;
/// So many ask at once.
const ASK_AT_ONCE: usize = 16;

/// A case that is to come: what, when.
struct Arrival {
    plan: Plan,
    at: DateTime<Utc>,
    chance: Chance,
}

/// A case whose applicant has asked, and is about to apply.
struct Asked {
    app: App,
    clock: Clock,
    plan: Plan,
    chance: Chance,
    channel: CaseChannel,
    consultation: Option<ConsultationId>,
}

impl App {
    /// Makes the demo in a hall that has neither people nor cases. `progress` is told how many cases are done, of how many.
    ///
    /// # Errors
    /// What a use case says: the demo keeps to all rules.
    pub async fn demo(
        &self,
        cases: usize,
        seed: u64,
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<DemoSummary, AppError> {
        self.simulate(cases, seed, None, Papers::Full, progress).await
    }

    /// As [`App::demo`], with the applications spread evenly over the days since `from`, if that is given, and with papers of
    /// this kind.
    ///
    /// # Errors
    /// As [`App::demo`].
    pub async fn simulate(
        &self,
        cases: usize,
        seed: u64,
        from: Option<NaiveDate>,
        papers: Papers,
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<DemoSummary, AppError> {
        self.add_demo_people().await?;
        if cases > LISTED.len() {
            self.add_agents().await?;
        }
        let reference = self.reference();
        let horizon = horizon(&reference.calendar, today(self.now()));
        let days = Days { calendar: &reference.calendar, horizon, from };
        let arrivals = arrivals(cases, seed, &days, &reference.catalogue);
        self.receive_calls(&reference.calendar, horizon).await?;
        self.begin_early(&reference.calendar, horizon).await?;
        self.with_papers(papers).play_all(arrivals, horizon, progress).await?;
        match papers {
            Papers::Full => self.run_jobs().await.map(drop)?,
            // Nobody waits for ten thousand letters about what was made up.
            Papers::Plain => self.inner.store.write(|tx| Box::pin(async move { tx.drop_waiting_jobs().await })).await?,
        }
        self.refresh_projections().await?;
        self.reload_reference().await?;
        Ok(DemoSummary {
            statuses: self.inner.store.count_cases(&CaseFilter::default()).await?,
            accounts: self.demo_accounts(),
            password: DEMO_PASSWORD,
        })
    }

    /// Somebody comes to the window, or calls, and asks first.
    async fn ask(&self, arrival: Arrival) -> Result<Asked, AppError> {
        let Arrival { plan, at, chance } = arrival;
        let clock = Clock::frozen(at);
        let app = self.with_clock(clock.clone());
        let channel = match (plan.is_own, chance.between("channel", 0, 3)) {
            (true, _) => CaseChannel::Online,
            (false, 0) => CaseChannel::Phone,
            (false, _) => CaseChannel::WalkIn,
        };
        let consultation = match plan.is_own {
            true => None,
            false => {
                let clerk = app.demo_user(&Username::from("clerk"))?;
                Some(app.register_consultation(&clerk, question(&plan, channel), None).await?)
            }
        };
        clock.advance(TimeDelta::minutes(i64::from(chance.between("talk", 6, 25))));
        Ok(Asked { app, clock, plan, chance, channel, consultation })
    }

    /// The application comes in.
    async fn arrive(&self, asked: Asked, horizon: DateTime<Utc>) -> Result<(Player, CaseId), AppError> {
        let Asked { app, clock, plan, chance, channel, consultation } = asked;
        let user = app.demo_user(&Username::from(if plan.is_own { "enterprise" } else { "clerk" }))?;
        let new = NewCase {
            consultation,
            lead: None,
            applicant: Some(plan.firm.applicant()),
            project: plan.project.clone(),
            template: plan.template.clone(),
            matters: plan.matters.clone(),
            mode: plan.mode,
            channel,
            delivery: plan.delivery,
        };
        let created = app.create_case(&user, new, None).await?;
        Ok((Player::new(app, clock, plan, chance, horizon), created.id))
    }

    /// Some only ask.
    async fn receive_calls(&self, calendar: &Calendar, horizon: DateTime<Utc>) -> Result<(), AppError> {
        const CALLS: [(u32, &str, &str, Option<&str>); 3] = [
            (
                3,
                "张先生",
                "租来的厂房能不能先接电？房东的房产证抵押在银行。",
                Some("用电地址权属证明交复印件即可，可以容缺后补。"),
            ),
            (1, "草原上的咖啡车", "流动餐车要办什么证？", Some("先办个体工商户登记，再办食品经营许可。")),
            (0, "刘女士", "合作社想建青贮窖，要不要办用地手续？", None),
        ];
        for (days, name, question, answer) in CALLS {
            let app = self.with_clock(Clock::frozen(days_before(calendar, horizon, days)));
            let user = app.demo_user(&Username::from("clerk"))?;
            let new = NewConsultation {
                applicant: ConsultationApplicant {
                    name: name.to_owned(),
                    phone: Some("13800009000".to_owned()),
                    ..ConsultationApplicant::default()
                },
                channel: ConsultationChannel::Phone,
                question: question.to_owned(),
                answer: answer.map(str::to_owned),
                matters: Vec::new(),
                told: Vec::new(),
            };
            app.register_consultation(&user, new, None).await?;
        }
        Ok(())
    }

    /// Plays the cases. They come in one after the other, in the order of their numbers; each is played while later ones come in.
    async fn play_all(
        &self,
        arrivals: Vec<Arrival>,
        horizon: DateTime<Utc>,
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<(), AppError> {
        let fail = |error: &dyn std::error::Error| AppError::Internal(format!("the demo stopped: {error}"));
        let (all, mut done) = (arrivals.len(), 0);
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut playing = JoinSet::new();
        // Several ask at the same time; they apply one after the other.
        let mut arrivals = arrivals.into_iter();
        let mut asking = VecDeque::new();
        loop {
            asking.extend(arrivals.by_ref().take(ASK_AT_ONCE - asking.len()).map(|arrival| {
                let app = self.clone();
                tokio::spawn(async move { app.ask(arrival).await })
            }));
            let Some(next) = asking.pop_front() else { break };
            let asked = next.await.map_err(|error| fail(&error))??;
            let place = Arc::clone(&places).acquire_owned().await.map_err(|error| fail(&error))?;
            let (player, id) = self.arrive(asked, horizon).await?;
            playing.spawn(async move {
                let _place = place;
                player.play(&id).await
            });
            while let Some(played) = playing.try_join_next() {
                played.map_err(|error| fail(&error))??;
                done += 1;
                progress(done, all);
            }
        }
        while let Some(played) = playing.join_next().await {
            played.map_err(|error| fail(&error))??;
            done += 1;
            progress(done, all);
        }
        Ok(())
    }

    fn demo_user(&self, username: &Username) -> Result<User, AppError> {
        self.user(username, None).ok_or_else(|| AppError::Internal(format!("the demo has no {username}")))
    }
}

fn question(plan: &Plan, channel: CaseChannel) -> NewConsultation {
    let applicant = plan.firm.applicant();
    let what = match &plan.project {
        Some(project) => format!("“{}”的手续", project.name),
        None => "这些手续".to_owned(),
    };
    NewConsultation {
        applicant: ConsultationApplicant {
            name: applicant.name,
            uscc: applicant.uscc,
            founder: applicant.founder,
            contact: Some(applicant.contact),
            phone: None,
        },
        channel: if channel == CaseChannel::Phone { ConsultationChannel::Phone } else { ConsultationChannel::WalkIn },
        question: format!("想请你们代办{what}，要准备什么，多久能办下来？"),
        answer: Some("代办不收费。材料清单和承诺时限已经讲清楚，当场受理申请。".to_owned()),
        matters: plan.matters.clone(),
        told: vec!["代办帮办实施方案".to_owned()],
    }
}

/// The demo ends with the office hours of the last working day before today, so that nothing in it lies ahead.
fn horizon(calendar: &Calendar, today: NaiveDate) -> DateTime<Utc> {
    let days = std::iter::successors(today.pred_opt(), NaiveDate::pred_opt);
    let last = days.take(30).find(|day| calendar.day(*day).working).unwrap_or(today);
    calendar.closes_at(last)
}

/// The morning of the day so many working days before the horizon's.
fn days_before(calendar: &Calendar, horizon: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let first = today(horizon);
    let earlier = std::iter::successors(Some(first), NaiveDate::pred_opt).filter(|day| calendar.day(*day).working);
    let day = earlier.take(days as usize + 1).last().unwrap_or(first);
    calendar.opens_at(day)
}

/// The days over which the applications come in.
struct Days<'a> {
    calendar: &'a Calendar,
    horizon: DateTime<Utc>,
    from: Option<NaiveDate>,
}

/// The applications in the order in which they come in, which is the order of their numbers.
fn arrivals(cases: usize, seed: u64, days: &Days<'_>, catalogue: &Catalogue) -> Vec<Arrival> {
    let chance = Chance::new(seed);
    let hall = drawn::Hall::new(catalogue, chance);
    let span = days.from.map(|from| {
        let days = days.calendar.working_days_between(from, today(days.horizon)).max(0);
        u32::try_from(days).unwrap_or(0)
    });
    let mut arrivals: Vec<Arrival> = (0..cases)
        .map(|nth| {
            let chance = chance.about(&format!("case {nth}"));
            let listed = LISTED.get(nth).map(|listed| listed.plan(chance));
            let plan = listed.unwrap_or_else(|| hall.plan(nth - LISTED.len()));
            let days_ago = match span {
                None => plan.days_ago,
                Some(span) => span - u32::try_from(nth * span as usize / cases.max(1)).unwrap_or(span).min(span),
            };
            let minute = chance.between("arrives", 5, 170);
            let morning = days_before(days.calendar, days.horizon, days_ago);
            Arrival { plan, at: days.calendar.add_working_minutes(morning, minute), chance }
        })
        .collect();
    arrivals.sort_by_key(|arrival| arrival.at);
    arrivals
}
