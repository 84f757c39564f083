//! What becomes of each case: who applies for what, how long ago, how far it has come and what got in its way. The cases of
//! the demo are listed here; those of a larger hall are drawn.

use super::chance::Chance;
use super::firms::{self, Firm};
use domain::case::{Case, DeliveryWay, DocumentKind, Project, Status};
use domain::catalogue::Mode;
use domain::ids::{MatterCode, TemplateCode, Username};

/// One case of the demo, or of a simulated hall.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Who applies.
    pub(super) firm: Firm,
    /// The account `enterprise` is a member of that enterprise, so it applies and signs online.
    pub(super) is_own: bool,
    /// The project.
    pub(super) project: Option<Project>,
    /// The template, or none.
    pub(super) template: Option<TemplateCode>,
    /// Matters, in addition to those of the template.
    pub(super) matters: Vec<MatterCode>,
    /// Agency or assistance, where the program's proposal is not followed.
    pub(super) mode: Option<Mode>,
    /// How the results are wanted.
    pub(super) delivery: DeliveryWay,
    /// So many working days ago it came in.
    pub(super) days_ago: u32,
    /// Who acts, who stands in, and who takes over if somebody has to.
    pub(super) team: Vec<Username>,
    /// How names are written where everybody always signs alike; otherwise they are written anew in each case.
    pub(super) hand: Option<Chance>,
    /// How far it comes.
    pub(super) goal: Goal,
    /// What gets in its way.
    pub(super) twists: Vec<Twist>,
}

/// A case of the demo as it is listed here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    /// The enterprise, by its name.
    firm: &'static str,
    /// It is being founded.
    founding: bool,
    /// Name, planned investment in ten thousand yuan, site.
    project: Option<(&'static str, i64, &'static str)>,
    template: Option<&'static str>,
    matters: &'static [&'static str],
    mode: Option<Mode>,
    delivery: DeliveryWay,
    days_ago: u32,
    goal: Goal,
    twists: &'static [Twist],
}

impl Listed {
    /// The plan of this case.
    pub(super) fn plan(&self, chance: Chance) -> Plan {
        let is_own = self.firm == OWN;
        let mut team = vec![Username::from("agent"), Username::from("agent2")];
        if !is_own && !chance.happens("first agent", 50) {
            team.reverse();
        }
        let project = self.project.map(|(name, ten_thousand, site)| Project {
            name: name.to_owned(),
            investment_fen: Some(ten_thousand * 1_000_000),
            site: Some(site.to_owned()),
        });
        Plan {
            firm: firms::named(self.firm, self.founding),
            is_own,
            project,
            template: self.template.map(TemplateCode::from),
            matters: self.matters.iter().map(|code| MatterCode::from(*code)).collect(),
            mode: self.mode,
            delivery: self.delivery,
            days_ago: self.days_ago,
            team,
            hand: None,
            goal: self.goal,
            twists: self.twists.to_vec(),
        }
    }
}

/// How far a case goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Submitted,
    LeadNamed,
    Accepted,
    AgentNamed,
    Noticed,
    Breach,
    HandoverOffered,
    AgreementOffered,
    Started,
    /// As far as the days allow.
    Now,
    Suspended,
    Delivering,
    Sent,
    Ended,
    Archived,
    /// Withdrawn, and the originals have not come back yet.
    Leaving,
    /// Withdrawn, everything returned.
    Returned,
    Terminated,
}

impl Goal {
    pub(super) fn is_reached(self, case: &Case) -> bool {
        let has = |kind| case.newest(kind).is_some();
        match self {
            Self::Submitted => true,
            Self::LeadNamed => case.lead_office.is_some(),
            Self::Accepted => case.status >= Status::Accepted,
            Self::AgentNamed => case.stand_in.is_some(),
            Self::Noticed => !case.notices.is_empty(),
            Self::Breach => !case.breaches.is_empty(),
            Self::HandoverOffered => has(DocumentKind::HandoverList),
            Self::AgreementOffered => has(DocumentKind::Agreement),
            Self::Started => case.started_at.is_some(),
            Self::Now => false,
            Self::Suspended => case.status == Status::Suspended,
            Self::Delivering => case.status == Status::Delivering,
            Self::Sent => case.shipment.is_some(),
            Self::Ended => case.ended.is_some(),
            Self::Archived => case.status == Status::Archived,
            Self::Leaving => case.status == Status::Withdrawn,
            Self::Returned => case.status == Status::Withdrawn && case.ended.is_some(),
            Self::Terminated => case.status == Status::Terminated && case.ended.is_some(),
        }
    }
}

/// Something out of the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twist {
    /// The first check finds two materials lacking, so there is a one-time notice.
    Lacks,
    /// A further notice names what the first left out: a breach (S6.2).
    SecondNotice,
    /// The green channel is opened (S6.4).
    Green,
    /// The first matter that is submitted is stopped for a correction.
    Correction,
    /// The first matter that is submitted and has a special procedure is stopped for it.
    Special,
    /// The first matter that is submitted gets a longer limit.
    Extended,
    /// The first office declines, the matter goes to another.
    Declined,
    /// Offices do not finish: what is submitted falls overdue.
    Unfinished,
    /// Offices do not claim.
    Unclaimed,
    /// What comes after the building is not submitted: it is not built yet.
    Building,
    /// A remote session is held.
    Remote,
    /// The case rests for some days and is taken up again.
    Paused,
    /// Another agent takes over while the case runs (S5.3).
    NewAgent,
}

/// What most cases share.
const USUAL: Listed = Listed {
    firm: "",
    founding: false,
    project: None,
    template: None,
    matters: &[],
    mode: Some(Mode::Agency),
    delivery: DeliveryWay::InPerson,
    days_ago: 0,
    goal: Goal::Now,
    twists: &[],
};

/// The account `enterprise` is a member of this enterprise.
const OWN: &str = "蓝马驹牧业有限公司";

/// The cases of the demo. The first ones show the most, since a small demo takes only these.
pub(super) const LISTED: &[Listed] = &[
    Listed {
        firm: OWN,
        project: Some(("肉牛养殖及屠宰加工", 8_600, "林东镇东郊养殖小区")),
        template: Some("T4"),
        days_ago: 12,
        twists: &[Twist::Lacks, Twist::Special, Twist::Building],
        ..USUAL
    },
    Listed { firm: OWN, matters: &["YD-05"], days_ago: 6, goal: Goal::HandoverOffered, ..USUAL },
    Listed { firm: OWN, matters: &["YY-16"], days_ago: 17, goal: Goal::Delivering, ..USUAL },
    Listed { firm: OWN, matters: &["YY-05"], days_ago: 33, goal: Goal::Archived, twists: &[Twist::Lacks], ..USUAL },
    Listed {
        firm: "云梯新能源有限公司",
        project: Some(("50 兆瓦光伏", 21_000, "查干哈达苏木")),
        template: Some("T2"),
        days_ago: 20,
        twists: &[Twist::Green, Twist::Special, Twist::Building],
        ..USUAL
    },
    Listed {
        firm: "三只羊羔绒毛制品厂",
        project: Some(("绒毛分梳扩建", 1_250, "旗工业园区 B 区 12 号")),
        matters: &["LX-02", "GC-06", "HP-02"],
        days_ago: 11,
        twists: &[Twist::Unfinished],
        ..USUAL
    },
    Listed {
        firm: "月牙湖食品有限公司",
        project: Some(("杂粮加工厂", 680, "旗工业园区 A 区 3 号")),
        matters: &["YY-01"],
        delivery: DeliveryWay::Courier,
        days_ago: 24,
        goal: Goal::Sent,
        ..USUAL
    },
    Listed {
        firm: "草籽冷链物流有限公司",
        project: Some(("冷库及配送", 1_800, "林东镇契丹大街南段")),
        matters: &["LX-02", "SZ-02"],
        days_ago: 9,
        goal: Goal::AgreementOffered,
        twists: &[Twist::Remote],
        ..USUAL
    },
    Listed {
        firm: "晨雀餐饮店",
        founding: true,
        project: Some(("开餐饮店", 18, "林东镇上京路 21 号")),
        template: Some("T5"),
        days_ago: 2,
        goal: Goal::AgentNamed,
        ..USUAL
    },
    Listed {
        firm: "青格勒奶食品厂",
        matters: &["YY-04"],
        days_ago: 12,
        goal: Goal::Breach,
        twists: &[Twist::Lacks, Twist::SecondNotice],
        ..USUAL
    },
    Listed { firm: "驼铃运输有限公司", matters: &["YY-16"], days_ago: 21, goal: Goal::Returned, ..USUAL },
    Listed { firm: "石房子面馆", matters: &["YY-02"], mode: None, days_ago: 14, goal: Goal::Archived, ..USUAL },
    Listed {
        firm: "白鹤岭民宿有限公司", matters: &["YY-20", "YY-11"], days_ago: 19, goal: Goal::Suspended, ..USUAL
    },
    Listed {
        firm: "北坡风能有限公司",
        project: Some(("100 兆瓦风电", 62_000, "乌兰达坝苏木")),
        matters: &["LX-04", "YD-01", "YD-02", "LX-05"],
        days_ago: 16,
        twists: &[Twist::Correction],
        ..USUAL
    },
    Listed {
        firm: "榆钱儿便利店",
        founding: true,
        matters: &["QY-03", "QY-04", "YY-03", "YY-14"],
        days_ago: 10,
        ..USUAL
    },
    Listed {
        firm: "大碗茶餐饮有限公司", matters: &["YY-02", "YY-11"], days_ago: 0, goal: Goal::Submitted, ..USUAL
    },
    Listed {
        firm: "三棵榆超市有限公司", matters: &["YY-02", "YY-13"], days_ago: 1, goal: Goal::LeadNamed, ..USUAL
    },
    Listed {
        firm: "两道杠印刷有限公司", matters: &["HP-02", "HP-04"], days_ago: 3, goal: Goal::Accepted, ..USUAL
    },
    Listed {
        firm: "沙柳新型建材有限公司",
        matters: &["HP-02", "SL-02", "LX-02"],
        days_ago: 7,
        goal: Goal::Noticed,
        twists: &[Twist::Lacks],
        ..USUAL
    },
    Listed {
        firm: "七墩粮食购销有限公司",
        matters: &["YY-09", "YY-10"],
        days_ago: 8,
        goal: Goal::Started,
        twists: &[Twist::Unclaimed],
        ..USUAL
    },
    Listed {
        firm: "鹰嘴崖矿泉水有限公司",
        matters: &["SL-04", "SL-05"],
        days_ago: 13,
        twists: &[Twist::Extended],
        ..USUAL
    },
    Listed {
        firm: "盐花医疗器械有限公司",
        matters: &["YY-15"],
        delivery: DeliveryWay::Electronic,
        days_ago: 28,
        goal: Goal::Archived,
        ..USUAL
    },
    Listed {
        firm: "旱獭户外用品有限公司",
        matters: &["LX-02", "YY-13"],
        days_ago: 9,
        twists: &[Twist::Declined, Twist::Unfinished],
        ..USUAL
    },
    Listed {
        firm: "月牙湖食品有限公司", matters: &["YY-17", "YY-19"], days_ago: 31, goal: Goal::Ended, ..USUAL
    },
    Listed {
        firm: "草籽冷链物流有限公司",
        matters: &["YY-16"],
        delivery: DeliveryWay::Courier,
        days_ago: 35,
        goal: Goal::Archived,
        ..USUAL
    },
    Listed {
        firm: "云梯新能源有限公司", matters: &["YD-14", "GC-09"], days_ago: 15, goal: Goal::Leaving, ..USUAL
    },
    Listed {
        firm: "沙柳新型建材有限公司", matters: &["YD-05"], days_ago: 22, goal: Goal::Terminated, ..USUAL
    },
    Listed {
        firm: "三棵榆超市有限公司",
        matters: &["YY-14"],
        mode: None,
        days_ago: 5,
        goal: Goal::Noticed,
        twists: &[Twist::Lacks],
        ..USUAL
    },
    Listed { firm: OWN, matters: &["SZ-03", "YY-07"], days_ago: 7, goal: Goal::Now, ..USUAL },
    Listed {
        firm: "九眼泉火锅店",
        founding: true,
        project: Some(("火锅店", 60, "林东镇临潢大街 8 号")),
        template: Some("T5"),
        days_ago: 8,
        twists: &[Twist::Remote],
        ..USUAL
    },
];
