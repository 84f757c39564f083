//! What a hall does before anybody applies, and across offices: leads that are followed, a meeting with its decisions (S5.3).

use super::days_before;
use crate::intake::{Contact, NewApplicant};
use crate::leads::NewLead;
use crate::meetings::{NewItem, NewMeeting};
use crate::{App, AppError, Clock};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::calendar::{Calendar, today};
use domain::ids::Username;
use domain::lead::{LeadProject, LeadSource, NextStep, Visit};
use domain::meeting::{Attendance, Minutes, NewDecision};

/// A lead: who, what, how much in ten thousand yuan, where, and the likely template.
const LEADS: [(&str, &str, i64, &str, &str); 2] = [
    ("塞外月光食品（筹）", "牛羊肉精深加工", 12_000, "林东镇工业园区 C 区", "T1"),
    ("十里香油坊（筹）", "胡麻油小作坊升级", 300, "十三敖包镇", "T5"),
];

impl App {
    /// Leads with a visit, and a meeting that was held about one of them.
    pub(super) async fn begin_early(&self, calendar: &Calendar, horizon: DateTime<Utc>) -> Result<(), AppError> {
        let ahead = |days| calendar.add_working_days(today(horizon), days).date;
        let clock = Clock::frozen(days_before(calendar, horizon, 15));
        let app = self.with_clock(clock.clone());
        let head = app.demo_user(&Username::from("head"))?;
        let agent = app.demo_user(&Username::from("agent"))?;
        let mut leads = Vec::new();
        for lead in LEADS {
            leads.push(app.record_lead(&head, new_lead(lead, ahead(2), ahead(90)), None).await?);
        }
        clock.set(days_before(calendar, horizon, 7) + TimeDelta::hours(2));
        let visit = Visit {
            on: today(app.now()),
            who: "企业负责人、代办员".to_owned(),
            place: "企业筹建处".to_owned(),
            said: "拟用地在园区内，已有初步平面图，想知道环评要做报告表还是报告书。".to_owned(),
            done: vec![1],
            next: Some(NextStep { what: "请生态环境分局先看一次选址".to_owned(), due: ahead(3) }),
        };
        app.visit_lead(&agent, &leads[0], visit, None).await?;
        let (at, due) = (days_before(calendar, horizon, 3) + TimeDelta::hours(1), ahead(4));
        let item =
            NewItem { case: None, lead: Some(leads[0].clone()), question: "选址要先做哪些审查？".to_owned() };
        let meeting = NewMeeting {
            topic: "牛羊肉加工项目选址".to_owned(),
            at,
            place: "三楼会议室".to_owned(),
            offices: vec!["D04".into(), "D07".into()],
            items: vec![item],
        };
        let meeting = app.call_meeting(&head, meeting, None).await?;
        clock.set(at + TimeDelta::hours(2));
        app.hold_meeting(&head, &meeting, minutes(due), None).await?;
        Ok(())
    }
}

fn new_lead(
    (name, project, ten_thousand, site, template): (&str, &str, i64, &str, &str),
    due: NaiveDate,
    start: NaiveDate,
) -> NewLead {
    NewLead {
        applicant: NewApplicant {
            name: name.to_owned(),
            uscc: None,
            founder: None,
            contact: Contact { name: "高建军".to_owned(), phone: "13800009100".to_owned() },
        },
        project: LeadProject {
            name: project.to_owned(),
            investment_fen: Some(ten_thousand * 1_000_000),
            site: Some(site.to_owned()),
            kind: Some("农畜产品加工".to_owned()),
            wanted_start: Some(start),
        },
        source: LeadSource::Investment,
        template: Some(template.into()),
        matters: Vec::new(),
        agent: Some(Username::from("agent")),
        steps: vec![NextStep { what: "上门讲清事项和先后顺序".to_owned(), due }],
    }
}

fn minutes(due: NaiveDate) -> Minutes {
    let came = |office: &str, who: &str| Attendance { office: office.into(), who: who.to_owned(), absent: None };
    let decision =
        |what: &str, office: &str| NewDecision { what: what.to_owned(), office: office.into(), person: None, due };
    Minutes {
        attendance: vec![came("D04", "用地股负责人"), came("D07", "环评股负责人")],
        text: "项目符合园区规划。用地预审和环评可以同时准备，先把平面图定下来。".to_owned(),
        decisions: vec![decision("给出用地预审要的材料清单", "D04"), decision("答复环评类别，报告表还是报告书", "D07")],
    }
}
