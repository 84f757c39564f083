//! The demo: a hall at work, built by nothing but the real use cases, with clocks that go through the last weeks.
//!
//! The same number of cases, seed and day give the same numbers and states. Every case has a clock of its own and is played
//! by itself, so several can be played at once.

mod chance;
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
use crate::{App, AppError, Clock};
use chance::Chance;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::{Calendar, today};
use domain::case::{CaseChannel, Project};
use domain::consultation::ConsultationChannel;
use domain::ids::{CaseId, MatterCode, TemplateCode, Username};
use firms::Firm;
use plans::{PLANS, Plan};
use play::Player;
use std::collections::BTreeMap;
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

/// A case that is to come: who, what, when.
struct Arrival {
    plan: &'static Plan,
    firm: Firm,
    at: DateTime<Utc>,
    chance: Chance,
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
        self.simulate(cases, seed, None, progress).await
    }

    /// As [`App::demo`], with the applications spread evenly over the days since `from`.
    ///
    /// # Errors
    /// As [`App::demo`].
    pub async fn simulate(
        &self,
        cases: usize,
        seed: u64,
        from: Option<NaiveDate>,
        progress: impl Fn(usize, usize) + Send + Sync,
    ) -> Result<DemoSummary, AppError> {
        self.add_demo_people().await?;
        let reference = self.reference();
        let horizon = horizon(&reference.calendar, today(self.now()));
        let arrivals = arrivals(cases, seed, from, horizon, &reference.calendar);
        self.receive_calls(&reference.calendar, horizon).await?;
        let mut players = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            players.push(self.arrive(arrival, horizon).await?);
        }
        play_all(players, progress).await?;
        self.refresh_projections().await?;
        self.reload_reference().await?;
        Ok(DemoSummary {
            statuses: self.inner.store.count_cases(&CaseFilter::default()).await?,
            accounts: self.demo_accounts(),
            password: DEMO_PASSWORD,
        })
    }

    /// An application comes in, after a consultation where somebody comes to the window.
    async fn arrive(&self, arrival: Arrival, horizon: DateTime<Utc>) -> Result<(Player, CaseId), AppError> {
        let Arrival { plan, firm, at, chance } = arrival;
        let clock = Clock::frozen(at);
        let app = self.with_clock(clock.clone());
        let is_own = plans::is_own(plan);
        let channel = match (is_own, chance.between("channel", 0, 3)) {
            (true, _) => CaseChannel::Online,
            (false, 0) => CaseChannel::Phone,
            (false, _) => CaseChannel::WalkIn,
        };
        let user = app.demo_user(&Username::from(if is_own { "enterprise" } else { "clerk" }))?;
        let consultation = match is_own {
            true => None,
            false => Some(app.register_consultation(&user, question(plan, &firm, channel), None).await?),
        };
        clock.advance(TimeDelta::minutes(i64::from(chance.between("talk", 6, 25))));
        let project = plan.project.map(|(name, ten_thousand, site)| Project {
            name: name.to_owned(),
            investment_fen: Some(ten_thousand * 1_000_000),
            site: Some(site.to_owned()),
        });
        let new = NewCase {
            consultation,
            applicant: Some(firm.applicant()),
            project,
            template: plan.template.map(TemplateCode::from),
            matters: plan.matters.iter().map(|code| MatterCode::from(*code)).collect(),
            mode: plan.mode,
            channel,
            delivery: plan.delivery,
        };
        let created = app.create_case(&user, new, None).await?;
        Ok((Player::new(app, clock, *plan, firm, chance, horizon), created.id))
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

    fn demo_user(&self, username: &Username) -> Result<User, AppError> {
        self.user(username, None).ok_or_else(|| AppError::Internal(format!("the demo has no {username}")))
    }
}

/// Plays the cases, as many at once as there are cores.
async fn play_all(
    players: Vec<(Player, CaseId)>,
    progress: impl Fn(usize, usize) + Send + Sync,
) -> Result<(), AppError> {
    let all = players.len();
    let places = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));
    let mut playing = JoinSet::new();
    for (player, id) in players {
        let places = Arc::clone(&places);
        playing.spawn(async move {
            let _place = places.acquire().await.map_err(|error| AppError::internal("demo", &error))?;
            player.play(&id).await
        });
    }
    let mut done = 0;
    while let Some(played) = playing.join_next().await {
        played.map_err(|error| AppError::internal("demo", &error))??;
        done += 1;
        progress(done, all);
    }
    Ok(())
}

fn question(plan: &Plan, firm: &Firm, channel: CaseChannel) -> NewConsultation {
    let applicant = firm.applicant();
    let what = plan.project.map_or_else(|| "这些手续".to_owned(), |(name, ..)| format!("“{name}”的手续"));
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
        matters: plan.matters.iter().map(|code| MatterCode::from(*code)).collect(),
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

/// The applications in the order in which they come in, which is the order of their numbers.
fn arrivals(
    cases: usize,
    seed: u64,
    from: Option<NaiveDate>,
    horizon: DateTime<Utc>,
    calendar: &Calendar,
) -> Vec<Arrival> {
    let chance = Chance::new(seed);
    let span = from.map(|from| {
        let days = calendar.working_days_between(from, today(horizon)).max(0);
        u32::try_from(days).unwrap_or(0)
    });
    let mut arrivals: Vec<Arrival> = (0..cases)
        .filter_map(|nth| {
            let plan = PLANS.get(nth % PLANS.len())?;
            let chance = chance.about(&format!("case {nth}"));
            let days_ago = match span {
                None => plan.days_ago,
                Some(span) => span - u32::try_from(nth * span as usize / cases.max(1)).unwrap_or(span).min(span),
            };
            let is_listed = nth < PLANS.len() || plans::is_own(plan);
            let firm = match is_listed {
                true => firms::named(plan.firm, plan.founding),
                false => firms::made_up(nth - PLANS.len(), plan.founding, chance),
            };
            let minute = chance.between("arrives", 5, 170);
            let at = calendar.add_working_minutes(days_before(calendar, horizon, days_ago), minute);
            Some(Arrival { plan, firm, at, chance })
        })
        .collect();
    arrivals.sort_by_key(|arrival| arrival.at);
    arrivals
}
