//! The command line.

use crate::say::Failure;
use crate::settings::{Flags, Settings};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// 帮您办：企业投资项目代办帮办 / agency and assistance for enterprises in a government service hall.
#[derive(Debug, Parser)]
#[command(name = "bangban", version, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 启动网站 / serve the pages and the API
    Serve(ServeArguments),
    /// 往空数据库里装演示数据 / load the demo into an empty database
    Demo {
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// 把数据库升级到本程序的版本 / bring the database up to date
    Migrate {
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// 管理人员 / people who can log in
    User {
        /// What.
        #[command(subcommand)]
        what: UserVerb,
    },
    /// 导入事项目录、法定收费清单、放假安排或大厅资料 / take over a catalogue, fees, a calendar or the hall's facts
    Import {
        /// JSON 文件 / the JSON file
        file: PathBuf,
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// 核对记录、表、原件去向和文件，不一致时列出并以 1 结束 / prove that events, tables, custody and files agree
    Check {
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// 核验案卷包，不需要数据库和网络 / verify an archive package, without database or network
    Verify(VerifyArguments),
    /// 输出大厅的签名公钥（PEM） / print the public key of the hall's signature
    Key {
        /// 连同以前用过的公钥 / with those of earlier keys
        #[arg(long, conflicts_with = "renew")]
        all: bool,
        /// 换一个新密钥，重新启动后生效；以前的签名仍可核验 / make a new key, used from the next start on
        #[arg(long)]
        renew: bool,
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// 按真实规则生成办件，用于试用和压力测试 / make realistic cases through the real rules
    Simulate {
        /// 办件数 / how many cases
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        cases: u32,
        /// 种子，相同的种子得到相同的办件 / the same seed gives the same cases
        #[arg(long)]
        seed: u64,
        /// 从哪天开始来件 / the day of the first applications, YYYY-MM-DD
        #[arg(long)]
        from: Option<NaiveDate>,
        /// 文书：full 按正式版式，plain 只有标题和编号的一页 / papers as they are signed, or one page with title and number
        #[arg(long, value_enum, default_value = "plain")]
        papers: Papers,
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
}

/// How the papers of simulated cases look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Papers {
    /// 正式版式
    Full,
    /// 一页，只有标题和编号
    Plain,
}

impl From<Papers> for app::Papers {
    fn from(papers: Papers) -> Self {
        match papers {
            Papers::Full => Self::Full,
            Papers::Plain => Self::Plain,
        }
    }
}

/// `bangban user …`
#[derive(Debug, Subcommand)]
pub enum UserVerb {
    /// 新增人员，密码从终端、标准输入或文件读取 / add a person; the password comes from the terminal, stdin or a file
    Add(UserArguments),
    /// 列出人员 / list the people
    List {
        /// Where.
        #[command(flatten)]
        place: PlaceArguments,
    },
}

/// A person to be added.
#[derive(Debug, Args)]
pub struct UserArguments {
    /// 用户名 / user name
    pub username: String,
    /// 角色，用逗号分开 / roles, separated by commas: applicant, window_clerk, service_staff, office_head, archivist,
    /// supervisor, director, administrator
    #[arg(long, value_delimiter = ',', required = true)]
    pub roles: Vec<String>,
    /// 科室或部门代码，工作人员必填 / office code, for staff
    #[arg(long)]
    pub office: Option<String>,
    /// 姓名，不填就用用户名 / the name shown; the user name if left out
    #[arg(long)]
    pub name: Option<String>,
    /// 办公电话 / office telephone
    #[arg(long)]
    pub phone: Option<String>,
    /// 职务 / post
    #[arg(long)]
    pub post: Option<String>,
    /// 符合方案七的条件，可以任代办员 / fulfils S7, can be named agent
    #[arg(long)]
    pub qualified: bool,
    /// 密码所在的文件，取第一行 / a file whose first line is the password
    #[arg(long)]
    pub password_file: Option<PathBuf>,
    /// Where.
    #[command(flatten)]
    pub place: PlaceArguments,
}

/// Which database and folders a command works on.
#[derive(Clone, Debug, Default, Args)]
pub struct PlaceArguments {
    /// 数据库 / database: sqlite:PATH, postgres://…
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// 存放文件和密钥的文件夹 / folder of files and keys
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// 字体文件夹 / folder of fonts
    #[arg(long, value_name = "DIR")]
    fonts: Option<String>,
    /// 印在文书上的网址 / the address printed on documents
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl PlaceArguments {
    /// The settings, with these flags on top.
    pub fn settings(&self) -> Result<Settings, Failure> {
        Settings::read(&self.flags())
    }

    fn flags(&self) -> Flags {
        Flags {
            database: self.database.clone(),
            data: self.data.clone(),
            fonts: self.fonts.clone(),
            public_url: self.public_url.clone(),
            ..Flags::default()
        }
    }
}

/// `bangban serve`
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// 数据库为空时先装演示数据 / load the demo if the database is empty
    #[arg(long)]
    pub demo: bool,
    /// 监听地址 / address to listen on, IP:PORT
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<String>,
    /// 前面有代理，采信它给的来源地址和协议 / believe the proxy in front: true, false
    #[arg(long, value_name = "BOOL")]
    behind_proxy: Option<String>,
    /// Where.
    #[command(flatten)]
    place: PlaceArguments,
}

impl ServeArguments {
    /// The settings, with these flags on top.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let flags = self.place.flags();
        Settings::read(&Flags { listen: self.listen.clone(), behind_proxy: self.behind_proxy.clone(), ..flags })
    }
}

/// `bangban verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// 案卷包 / the package
    pub file: PathBuf,
    /// 另外得到的哈希：纸上印的办理记录摘要，或整个文件的 SHA-256 / a hash from elsewhere: of a record, as printed on paper, or
    /// of the file
    #[arg(long, value_name = "HASH")]
    pub expect: Option<String>,
    /// 另外得到的大厅公钥文件（PEM），可含多个 / the hall's public key from elsewhere, PEM, one or more
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// 语言 / language
    #[arg(long, value_enum, default_value = "zh")]
    pub lang: Language,
}

/// A language of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}
