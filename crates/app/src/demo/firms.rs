//! The enterprises of the demo: names, codes and numbers are made up, and none belongs to anybody.

use super::chance::Chance;
use crate::intake::{Contact, Founder, NewApplicant};
use domain::identity::{ResidentId, Uscc};

/// An enterprise that applies.
#[derive(Clone, Debug)]
pub(super) struct Firm {
    pub(super) name: String,
    pub(super) contact: String,
    /// It is being founded by its contact and has no code yet.
    pub(super) founding: bool,
    /// Its place in the order of made-up codes.
    pub(super) number: u32,
}

/// Name, and whom to talk to.
const NAMED: &[(&str, &str)] = &[
    ("蓝马驹牧业有限公司", "阿拉坦·巴特尔"),
    ("云梯新能源有限公司", "欧阳明"),
    ("三只羊羔绒毛制品厂", "李桂香"),
    ("月牙湖食品有限公司", "其木格"),
    ("草籽冷链物流有限公司", "王小明"),
    ("晨雀餐饮店", "那顺"),
    ("三棵榆超市有限公司", "孟繁荣"),
    ("北坡风能有限公司", "罗正𬭚"),
    ("沙柳新型建材有限公司", "徐长河"),
    ("白鹤岭民宿有限公司", "娜仁"),
    ("七墩粮食购销有限公司", "吕满仓"),
    ("驼铃运输有限公司", "巴图"),
    ("石房子面馆", "葛玉春"),
    ("青格勒奶食品厂", "青格勒图"),
    ("盐花医疗器械有限公司", "姜文慧"),
    ("旱獭户外用品有限公司", "齐磊"),
    ("两道杠印刷有限公司", "单志民"),
    ("鹰嘴崖矿泉水有限公司", "高明远"),
    ("大碗茶餐饮有限公司", "额尔敦"),
    ("榆钱儿便利店", "曲艳"),
    ("九眼泉火锅店", "包文军"),
];

const FRONT: &[&str] = &[
    "金莲花",
    "白桦坡",
    "红柳湾",
    "小羚羊",
    "百灵鸟",
    "野韭菜",
    "敖包山",
    "马头琴",
    "云雀",
    "山丹",
    "苜蓿",
    "沙枣",
    "黑风河",
    "暖泉",
    "石榴籽",
    "勒勒车",
    "银碗",
    "哈达",
    "草原狼",
    "天鹅湖",
];
const MIDDLE: &[&str] =
    &["牧业", "食品", "商贸", "物流", "新能源", "建材", "农机", "文化旅游", "餐饮", "饲料", "奶业", "肉业"];
/// Stand between the two when the names with only two parts are used up.
const SECOND: &[&str] = &[
    "兴业", "丰源", "泰和", "顺达", "昌盛", "祥瑞", "恒通", "广利", "鸿运", "永丰", "聚源", "同创", "金穗", "长青",
    "立达", "宏图",
];
const CONTACTS: &[&str] =
    &["王志刚", "乌兰", "李秀英", "巴雅尔", "张文静", "斯日古楞", "赵永胜", "萨如拉", "刘洋", "苏和"];

/// The enterprise with this name from the list.
pub(super) fn named(name: &str, founding: bool) -> Firm {
    let at = NAMED.iter().position(|(known, _)| *known == name);
    let contact = at.and_then(|at| NAMED.get(at)).map_or("经办人", |(_, contact)| contact);
    let number = at.and_then(|at| u32::try_from(at).ok()).unwrap_or(99) + 1;
    Firm { name: name.to_owned(), contact: contact.to_owned(), founding, number }
}

/// The nth enterprise beyond the list.
pub(super) fn made_up(nth: usize, founding: bool, chance: Chance) -> Firm {
    let front = FRONT[nth % FRONT.len()];
    let middle = MIDDLE[nth / FRONT.len() % MIDDLE.len()];
    let round = nth / (FRONT.len() * MIDDLE.len());
    let second = round.checked_sub(1).and_then(|at| SECOND.get(at)).copied().unwrap_or_default();
    let branch = if round <= SECOND.len() { String::new() } else { format!("第{}分公司", round - SECOND.len()) };
    let contact = chance.one_of(&format!("contact {nth}"), CONTACTS).copied().unwrap_or("王志刚");
    Firm {
        name: format!("{front}{second}{middle}有限公司{branch}"),
        contact: contact.to_owned(),
        founding,
        number: u32::try_from(nth).unwrap_or(u32::MAX).saturating_add(100),
    }
}

impl Firm {
    /// Its application's head: code or founder, and whom to talk to.
    pub(super) fn applicant(&self) -> NewApplicant {
        let phone = format!("1380000{:04}", self.number % 10_000);
        let founder = || Founder { name: self.contact.clone(), id_number: resident_id(self.number) };
        NewApplicant {
            name: self.name.clone(),
            uscc: (!self.founding).then(|| credit_code(self.number)),
            founder: self.founding.then(founder),
            contact: Contact { name: self.contact.clone(), phone },
        }
    }

    /// The code that it has, or gets when it is founded.
    pub(super) fn code(&self) -> String {
        credit_code(self.number)
    }
}

/// The credit code of a made-up body: both check characters are found by asking the rule.
fn credit_code(number: u32) -> String {
    let body = format!("91150422MA{:06}", number % 1_000_000);
    let endings = "0123456789X".chars().flat_map(|inner| {
        "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(move |check| [inner, check].iter().collect::<String>())
    });
    let codes = endings.map(|ending| format!("{body}{ending}"));
    codes.into_iter().find(|code| Uscc::parse(code).is_ok_and(|code| code.warnings().is_empty())).unwrap_or(body)
}

/// An identity number of somebody born in the years from 1900 on, whom it cannot belong to any more.
fn resident_id(number: u32) -> String {
    let body = format!("150422190{}{:02}15{:03}", number % 9, number / 9 % 12 + 1, number % 1000);
    let ids = "0123456789X".chars().map(|check| format!("{body}{check}"));
    ids.into_iter().find(|id| ResidentId::parse(id).is_ok()).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn made_up_codes_and_numbers_pass_the_rules_and_differ() {
        let mut seen = BTreeSet::new();
        for number in 1..400 {
            assert!(Uscc::parse(&credit_code(number)).is_ok_and(|code| code.warnings().is_empty()));
            assert!(ResidentId::parse(&resident_id(number)).is_ok());
            assert!(seen.insert(credit_code(number)));
        }
    }

    #[test]
    fn made_up_names_differ() {
        let names: BTreeSet<String> = (0..6_000).map(|nth| made_up(nth, false, Chance::new(1)).name).collect();
        assert_eq!(names.len(), 6_000);
    }
}
