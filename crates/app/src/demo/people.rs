//! The people of the demo. Nobody else makes them, and all of them are invented.

use crate::reference::HallFile;
use crate::secrets::hash_password;
use crate::{App, AppError};
use domain::ids::{OfficeCode, Username};
use domain::people::Role;
use std::collections::BTreeMap;
use store::PersonRecord;

/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "demo-2026";

/// Somebody of the demo.
struct Figure {
    username: &'static str,
    name: &'static str,
    roles: &'static [Role],
    office: Option<&'static str>,
    post: &'static str,
    phone: &'static str,
}

const fn staff(
    username: &'static str,
    name: &'static str,
    roles: &'static [Role],
    office: &'static str,
    post: &'static str,
    phone: &'static str,
) -> Figure {
    Figure { username, name, roles, office: Some(office), post, phone }
}

const WINDOW: &[Role] = &[Role::WindowClerk, Role::OfficeHead];

const FIGURES: &[Figure] = &[
    Figure {
        username: "enterprise",
        name: "阿拉坦·巴特尔",
        roles: &[Role::Applicant],
        office: None,
        post: "蓝马驹牧业有限公司经办人",
        phone: "",
    },
    staff("clerk", "何静", &[Role::WindowClerk], "B03", "窗口接待员", "0476-000 0100"),
    staff("agent", "乌云·其木格", &[Role::ServiceStaff], "B01", "代办员", "0476-000 0127"),
    staff("agent2", "陈志远", &[Role::ServiceStaff], "B01", "代办员", "0476-000 0131"),
    staff("head", "苏日娜", &[Role::OfficeHead], "B01", "业务室主任", "0476-000 0120"),
    staff("office", "高娃", WINDOW, "D15", "登记许可股股长", "0476-000 0140"),
    staff("archivist", "孙䶮", &[Role::Archivist], "B04", "档案员", "0476-000 0193"),
    staff("supervisor", "韩立峰", &[Role::Supervisor], "B02", "督查室主任", "0476-000 0190"),
    staff("director", "宝音德力格尔", &[Role::Director], "D01", "局长", "0476-000 0101"),
    staff("admin", "周晓东", &[Role::Administrator], "D01", "系统管理员", "0476-000 0199"),
];

/// The windows of departments: office, who holds it, telephone.
const WINDOWS: &[(&str, &str, &str)] = &[
    ("D01", "白雪莲", "0476-000 0102"),
    ("D02", "格日勒图", "0476-000 0142"),
    ("D03", "刘春生", "0476-000 0143"),
    ("D04", "那日苏", "0476-000 0148"),
    ("D05", "赵红梅", "0476-000 0149"),
    ("D06", "周敏", "0476-000 0153"),
    ("D07", "李向东", "0476-000 0172"),
    ("D08", "朝鲁", "0476-000 0181"),
    ("D09", "郑强", "0476-000 0166"),
    ("D10", "哈斯巴根", "0476-000 0167"),
    ("D11", "张树森", "0476-000 0168"),
    ("D12", "吴学文", "0476-000 0169"),
    ("D13", "萨仁高娃", "0476-000 0170"),
    ("D14", "冯秀兰", "0476-000 0171"),
    ("D16", "马建国", "0476-000 0173"),
    ("D17", "王桂芝", "0476-000 0174"),
    ("D18", "其其格", "0476-000 0175"),
    ("D19", "丛林", "0476-000 0176"),
    ("D20", "石慧", "0476-000 0177"),
    ("D21", "布和", "0476-000 0178"),
    ("D22", "田野", "0476-000 0179"),
    ("D23", "蒋文", "0476-000 0180"),
    ("D26", "斯琴", "0476-000 0182"),
    ("D27", "邢玉", "0476-000 0183"),
    ("D28", "杜鹏飞", "0476-000 0184"),
    ("D29", "于海", "0476-000 0185"),
    ("D30", "图雅", "0476-000 0186"),
    ("D31", "梁宽", "0476-000 0187"),
    ("D33", "常青", "0476-000 0188"),
];

/// The account of the window that holds an office's matters.
pub(super) fn window_of(office: &OfficeCode) -> Username {
    match office.as_str() {
        "D15" => Username::from("office"),
        other => Username(format!("office-{}", other.to_lowercase())),
    }
}

impl App {
    /// Adds the people of the demo and the telephones of its offices. The password is known to everybody, so it is hashed
    /// once for all of them.
    ///
    /// # Errors
    /// What the store says, also where somebody of that user name is there already.
    pub async fn add_demo_people(&self) -> Result<(), AppError> {
        let hash = tokio::task::spawn_blocking(|| hash_password(DEMO_PASSWORD))
            .await
            .map_err(|error| AppError::internal("password", &error))??;
        let now = self.now();
        let record = |username: Username, name: &str, roles: &[Role], office: Option<&str>, post: &str, phone: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            PersonRecord {
                username,
                name: name.to_owned(),
                roles: roles.iter().map(|role| role.name().to_owned()).collect(),
                office: office.map(OfficeCode::from),
                enterprises: Vec::new(),
                phone: some(phone),
                post: some(post),
                qualified: roles.contains(&Role::ServiceStaff),
                active: true,
                password_hash: Some(hash.clone()),
                language: None,
                created_at: now,
                updated_at: now,
            }
        };
        let named = FIGURES.iter().map(|f| record(f.username.into(), f.name, f.roles, f.office, f.post, f.phone));
        let windows = WINDOWS.iter().map(|(office, name, phone)| {
            record(window_of(&OfficeCode::from(*office)), name, WINDOW, Some(office), "窗口首席代表", phone)
        });
        let people: Vec<PersonRecord> = named.chain(windows).collect();
        self.inner
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for person in &people {
                        tx.insert_person(person).await?;
                    }
                    Ok::<_, AppError>(())
                })
            })
            .await?;
        self.import(&serde_json::to_string(&hall())?).await?;
        Ok(())
    }

    /// The demo's accounts: user name, and who that is.
    pub(super) fn demo_accounts(&self) -> Vec<(String, String)> {
        let reference = self.reference();
        let office_of = |code: &Option<OfficeCode>| {
            code.as_ref().map(|code| reference.directory.office_name(code).to_owned()).unwrap_or_default()
        };
        let windows = WINDOWS.iter().map(|(office, ..)| window_of(&OfficeCode::from(*office)));
        FIGURES
            .iter()
            .map(|figure| Username::from(figure.username))
            .chain(windows)
            .filter_map(|username| reference.directory.person(&username))
            .map(|person| {
                let what = [person.name.as_str(), &office_of(&person.office), &person.post];
                let what: Vec<&str> = what.into_iter().filter(|text| !text.is_empty()).collect();
                (person.username.0.clone(), what.join("，"))
            })
            .collect()
    }
}

/// The hall with the telephones of the demo.
fn hall() -> HallFile {
    let mut hall = HallFile::default();
    let phones =
        [("B01", "0476-000 0120"), ("B02", "0476-000 0190"), ("B03", "0476-000 0100"), ("B04", "0476-000 0193")];
    for office in &mut hall.offices {
        let known = phones.iter().find(|(code, _)| *code == office.code.as_str());
        office.phone = known.map_or_else(String::new, |(_, phone)| (*phone).to_owned());
    }
    let windows: BTreeMap<OfficeCode, String> =
        WINDOWS.iter().map(|(code, _, phone)| (OfficeCode::from(*code), (*phone).to_owned())).collect();
    hall.phones = windows;
    hall.phones.insert(OfficeCode::from("D15"), "0476-000 0140".to_owned());
    hall
}
