//! The cases of a simulated hall beyond the demo's own: drawn from the catalogue, most of them small. What is drawn for a case
//! depends on the seed and on its place alone.

use super::DEMO_PASSWORD;
use super::chance::Chance;
use super::firms::{self, Firm};
use super::plans::{Goal, Plan, Twist};
use crate::accounts::NewPerson;
use crate::{App, AppError};
use domain::case::{DeliveryWay, Project};
use domain::catalogue::{Catalogue, Mode};
use domain::ids::{MatterCode, OfficeCode, TemplateCode, Username};
use domain::people::Role;

/// Applications come in over so many working days: about half a year.
const DAYS: u32 = 130;

/// The agents of a larger hall, beside the two of the demo.
const AGENTS: [(&str, &str); 10] = [
    ("agent3", "包金花"),
    ("agent4", "宋立新"),
    ("agent5", "敖登格日勒"),
    ("agent6", "许文静"),
    ("agent7", "韩双喜"),
    ("agent8", "特木尔"),
    ("agent9", "吕秀梅"),
    ("agent10", "白玉山"),
    ("agent11", "萨日娜"),
    ("agent12", "丁海涛"),
];

/// How often each stage is asked for, of a hundred; most enterprises come for a licence to operate.
const STAGES: [(&str, u32); 7] = [
    ("投产与经营许可", 46),
    ("企业开办", 22),
    ("市政公用报装", 10),
    ("立项用地规划许可", 9),
    ("工程建设许可", 5),
    ("施工许可", 4),
    ("竣工验收", 4),
];

/// The matters that found an enterprise: who applies for one has no credit code yet.
const FOUNDING: [&str; 2] = ["QY-02", "QY-03"];

/// What keeps a case from going its usual way, and how often of a hundred. Several may meet in one case.
const TWISTS: [(Twist, u32); 10] = [
    (Twist::Lacks, 24),
    (Twist::Remote, 8),
    (Twist::Correction, 6),
    (Twist::Green, 5),
    (Twist::Paused, 4),
    (Twist::NewAgent, 4),
    (Twist::Declined, 4),
    (Twist::Special, 3),
    (Twist::Extended, 2),
    (Twist::Unfinished, 1),
];

/// What cases are drawn from.
pub(super) struct Hall<'a> {
    catalogue: &'a Catalogue,
    /// The matters of each stage, in list order.
    stages: Vec<(Vec<&'a MatterCode>, u32)>,
    chance: Chance,
}

impl<'a> Hall<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, chance: Chance) -> Self {
        let of = |stage: &str| catalogue.matters().iter().filter(|m| m.stage == stage).map(|m| &m.code).collect();
        let stages = STAGES.iter().map(|(stage, weight)| (of(stage), *weight));
        Self { catalogue, stages: stages.filter(|(matters, _): &(Vec<_>, _)| !matters.is_empty()).collect(), chance }
    }

    /// The plan of the case with this place among the drawn ones.
    pub(super) fn plan(&self, place: usize) -> Plan {
        let chance = self.about(place);
        let template = self.template(chance);
        let matters = if template.is_some() { Vec::new() } else { self.matters(chance) };
        // A hall assists far more often than it acts: a banner plans with several thousand to several hundred a year.
        let mode = match chance.between("mode", 1, 100) {
            ..=9 => None,
            10..=15 => Some(Mode::Agency),
            _ => Some(Mode::Assistance),
        };
        let delivery = match chance.between("delivery", 1, 100) {
            ..=60 => DeliveryWay::InPerson,
            61..=80 => DeliveryWay::Courier,
            _ => DeliveryWay::Electronic,
        };
        let goal = match chance.between("goal", 1, 100) {
            ..=92 => Goal::Archived,
            93..=98 => Goal::Returned,
            _ => Goal::Terminated,
        };
        Plan {
            firm: self.firm(place, founds(&matters)),
            is_own: false,
            project: self.project(chance, template.is_some()),
            template,
            matters,
            mode,
            delivery,
            days_ago: chance.between("days ago", 0, DAYS),
            team: team(chance),
            hand: Some(self.chance),
            goal,
            twists: twists(chance),
        }
    }

    fn about(&self, place: usize) -> Chance {
        self.chance.about(&format!("drawn {place}"))
    }

    /// A whole project comes about once in three hundred cases.
    fn template(&self, chance: Chance) -> Option<TemplateCode> {
        let comes = chance.between("template", 1, 300) == 1;
        comes.then(|| chance.one_of("which template", self.catalogue.templates()).map(|t| t.code.clone())).flatten()
    }

    /// One matter, sometimes two or three of the same stage.
    fn matters(&self, chance: Chance) -> Vec<MatterCode> {
        let all: u32 = self.stages.iter().map(|(_, weight)| weight).sum();
        let mut left = chance.between("stage", 1, all.max(1));
        let stage = self.stages.iter().find(|(_, weight)| {
            let is_here = left <= *weight;
            left = left.saturating_sub(*weight);
            is_here
        });
        let Some((stage, _)) = stage else { return Vec::new() };
        let count = match chance.between("how many", 1, 100) {
            ..=74 => 1,
            75..=94 => 2,
            _ => 3,
        };
        let mut matters: Vec<MatterCode> = Vec::new();
        for nth in 0..count {
            if let Some(code) = chance.one_of(&format!("matter {nth}"), stage)
                && !matters.contains(code)
            {
                matters.push((*code).clone());
            }
        }
        matters
    }

    /// A quarter of the cases come from an enterprise that is or becomes known by another case.
    fn firm(&self, place: usize, founding: bool) -> Firm {
        let chance = self.about(place);
        let other = chance.between("known firm", 0, u32::try_from(place).unwrap_or(u32::MAX)) as usize;
        let is_known = !founding && chance.happens("is known", 25) && !founds(&self.matters(self.about(other)));
        firms::made_up(if is_known { other } else { place }, founding, self.chance)
    }

    fn project(&self, chance: Chance, is_whole: bool) -> Option<Project> {
        const WHAT: [&str; 8] =
            ["厂房扩建", "加工车间", "冷库", "门店装修", "养殖小区", "仓储物流", "屋顶光伏", "综合服务楼"];
        if !is_whole && !chance.happens("project", 30) {
            return None;
        }
        let name = chance.one_of("project name", &WHAT)?;
        let (low, high) = if is_whole { (2_000, 60_000) } else { (20, 3_000) };
        let ten_thousand = i64::from(chance.between("investment", low, high));
        let site =
            format!("旗工业园区 {} 区 {} 号", chance.one_of("area", &["A", "B", "C"])?, chance.between("lot", 1, 60));
        Some(Project { name: (*name).to_owned(), investment_fen: Some(ten_thousand * 1_000_000), site: Some(site) })
    }
}

fn founds(matters: &[MatterCode]) -> bool {
    matters.iter().any(|code| FOUNDING.contains(&code.as_str()))
}

fn twists(chance: Chance) -> Vec<Twist> {
    let happens = |twist: &Twist, percent| chance.happens(&format!("{twist:?}"), percent);
    let mut twists: Vec<Twist> =
        TWISTS.iter().filter(|(twist, p)| happens(twist, *p)).map(|(twist, _)| *twist).collect();
    if twists.contains(&Twist::Lacks) && happens(&Twist::SecondNotice, 8) {
        twists.push(Twist::SecondNotice);
    }
    twists
}

/// Three different agents.
fn team(chance: Chance) -> Vec<Username> {
    let mut all: Vec<Username> =
        ["agent", "agent2"].into_iter().chain(AGENTS.map(|(name, _)| name)).map(Into::into).collect();
    let first = chance.between("team", 0, u32::try_from(all.len()).unwrap_or(1) - 1) as usize;
    all.rotate_left(first);
    all.truncate(3);
    all
}

impl App {
    /// A hall with many cases has more agents than the demo.
    pub(super) async fn add_agents(&self) -> Result<(), AppError> {
        for (username, name) in AGENTS {
            self.add_person(NewPerson {
                username: username.to_owned(),
                name: name.to_owned(),
                roles: vec![Role::ServiceStaff],
                office: Some(OfficeCode::from("B01")),
                enterprises: Vec::new(),
                phone: Some("0476-000 0132".to_owned()),
                post: Some("代办员".to_owned()),
                qualified: true,
                password: DEMO_PASSWORD.to_owned(),
            })
            .await?;
        }
        Ok(())
    }
}
