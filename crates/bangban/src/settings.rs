//! Settings: defaults, then `bangban.toml`, then the environment, then flags. A wrong one is refused by its name, with what
//! is allowed.

use crate::say::Failure;
use app::{App, AppConfig, Clock};
use domain::ids::HallId;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The settings' file, in the folder that the program is started in.
const FILE: &str = "bangban.toml";
const LISTEN: &str = "127.0.0.1:8080";
const DATA: &str = "data";
const HALL: &str = "hall-1";

/// The settings of one run, each of them sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database.
    pub database: String,
    /// Folder of files, keys and outgoing mail.
    pub data: PathBuf,
    /// Folder of fonts.
    pub fonts: PathBuf,
    /// The address printed on documents.
    pub public_url: String,
    /// A proxy stands in front.
    pub behind_proxy: bool,
}

/// What flags, or the file, say: text, not looked at yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// Where to listen.
    pub listen: Option<String>,
    /// The database.
    pub database: Option<String>,
    /// Folder of files and keys.
    pub data: Option<String>,
    /// Folder of fonts.
    pub fonts: Option<String>,
    /// The address printed on documents.
    pub public_url: Option<String>,
    /// A proxy stands in front.
    pub behind_proxy: Option<String>,
}

/// A setting that somebody made, with the name under which it was made.
struct Given {
    name: String,
    value: String,
}

impl Given {
    fn refuse(&self, zh: &str, en: &str) -> Failure {
        let Self { name, value } = self;
        Failure::new(format!("设置 {name} 不对：“{value}”。{zh}\nThe setting {name} is wrong: “{value}”. {en}"))
    }
}

/// All places that a setting may come from.
struct Sources<'a> {
    file: Flags,
    environment: &'a dyn Fn(&str) -> Option<String>,
    flags: &'a Flags,
}

impl Sources<'_> {
    /// The value of the setting called `name`: flag before environment before file. An empty one is as good as none.
    fn get(&self, name: &str, of: impl Fn(&Flags) -> Option<&String>) -> Option<Given> {
        let variable = format!("BANGBAN_{}", name.to_uppercase());
        let by_flag = of(self.flags).cloned().map(|value| (format!("--{}", name.replace('_', "-")), value));
        let by_variable = || (self.environment)(&variable).map(|value| (variable.clone(), value));
        let by_file = || of(&self.file).cloned().map(|value| (format!("{name} ({FILE})"), value));
        let found = by_flag.or_else(by_variable).or_else(by_file);
        found.filter(|(_, value)| !value.trim().is_empty()).map(|(name, value)| Given { name, value })
    }
}

impl Settings {
    /// Reads the settings of this run.
    ///
    /// # Errors
    /// The first setting that is wrong, by its name.
    pub fn read(flags: &Flags) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(FILE) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::new(format!("读不了 {FILE} / cannot read {FILE}: {error}"))),
        };
        Self::from_sources(&text, &|name| std::env::var(name).ok(), flags)
    }

    fn from_sources(file: &str, environment: &dyn Fn(&str) -> Option<String>, flags: &Flags) -> Result<Self, Failure> {
        let file = toml::from_str(file).map_err(|error| {
            let known = "listen, database, data, fonts, public_url, behind_proxy";
            Failure::new(format!(
                "{FILE} 读不懂，每项写成 名称 = \"值\"，可用 {known}。\n{FILE} cannot be read: {error}"
            ))
        })?;
        let sources = Sources { file, environment, flags };
        let data = PathBuf::from(sources.get("data", |f| f.data.as_ref()).map_or(DATA.to_owned(), |given| given.value));
        let listen = listen(sources.get("listen", |f| f.listen.as_ref()))?;
        Ok(Self {
            database: database(sources.get("database", |f| f.database.as_ref()), &data)?,
            fonts: fonts(sources.get("fonts", |f| f.fonts.as_ref()))?,
            public_url: public_url(sources.get("public_url", |f| f.public_url.as_ref()), listen)?,
            behind_proxy: yes_or_no(sources.get("behind_proxy", |f| f.behind_proxy.as_ref()))?,
            listen,
            data,
        })
    }

    /// Opens the program with these settings.
    ///
    /// # Errors
    /// What cannot be opened.
    pub async fn open(&self) -> Result<App, Failure> {
        self.make_folders()?;
        let config = AppConfig {
            database: self.database.clone(),
            data_dir: self.data.clone(),
            fonts_dir: self.fonts.clone(),
            clock: Clock::System,
            hall: HallId::from(HALL),
            public_url: self.public_url.clone(),
        };
        Ok(App::open(config).await?)
    }

    fn make_folders(&self) -> Result<(), Failure> {
        let database = self.database.strip_prefix("sqlite:").map(|path| Path::new(path.trim_start_matches("//")));
        let beside = database.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        for folder in [Some(self.data.as_path()), beside].into_iter().flatten() {
            std::fs::create_dir_all(folder).map_err(|error| {
                let folder = folder.display();
                Failure::new(format!("建不了文件夹 {folder} / cannot make the folder {folder}: {error}"))
            })?;
        }
        Ok(())
    }
}

fn listen(given: Option<Given>) -> Result<SocketAddr, Failure> {
    let given = given.unwrap_or(Given { name: "listen".to_owned(), value: LISTEN.to_owned() });
    given.value.trim().parse().map_err(|_| {
        given.refuse(
            "请写成 IP:端口，例如 127.0.0.1:8080 或 0.0.0.0:80。",
            "Write IP:PORT, such as 127.0.0.1:8080 or [::]:80.",
        )
    })
}

fn database(given: Option<Given>, data: &Path) -> Result<String, Failure> {
    let Some(given) = given else {
        return Ok(format!("sqlite:{}", data.join("bangban.db").display()));
    };
    let value = given.value.trim();
    let is_file = value.strip_prefix("sqlite:").is_some_and(|path| !path.trim_start_matches('/').is_empty());
    let is_server = ["postgres://", "postgresql://"].iter().any(|scheme| value.starts_with(scheme));
    if is_file || is_server {
        return Ok(value.to_owned());
    }
    Err(given.refuse(
        "请写成 sqlite:路径，或 postgres://用户:密码@主机/库名。",
        "Write sqlite:PATH, or postgres://USER:PASSWORD@HOST/NAME.",
    ))
}

/// The folder that was named, or `fonts` beside the working folder or above the program.
fn fonts(given: Option<Given>) -> Result<PathBuf, Failure> {
    if let Some(given) = given {
        let folder = PathBuf::from(given.value.trim());
        let refusal =
            ("请写字体所在的文件夹；`make fonts` 会备好。", "Name the folder of the fonts; `make fonts` fetches them.");
        return if folder.is_dir() { Ok(folder) } else { Err(given.refuse(refusal.0, refusal.1)) };
    }
    let program = std::env::current_exe().ok();
    let above =
        program.iter().flat_map(|program| program.ancestors().skip(1).take(3)).map(|folder| folder.join("fonts"));
    std::iter::once(PathBuf::from("fonts")).chain(above).find(|folder| folder.is_dir()).ok_or_else(|| {
        Failure::new(
            "找不到字体文件夹 fonts。请用 BANGBAN_FONTS 写明它在哪里，或运行 `make fonts`。\n\
             There is no folder `fonts`. Name it in BANGBAN_FONTS, or run `make fonts`.",
        )
    })
}

fn public_url(given: Option<Given>, listen: SocketAddr) -> Result<String, Failure> {
    let Some(given) = given else {
        return Ok(format!("http://{listen}"));
    };
    let value = given.value.trim().trim_end_matches('/');
    let host = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let is_sound = host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace));
    if is_sound {
        return Ok(value.to_owned());
    }
    Err(given.refuse("请写成 http://… 或 https://…。", "Write http://… or https://…."))
}

fn yes_or_no(given: Option<Given>) -> Result<bool, Failure> {
    let Some(given) = given else { return Ok(false) };
    match given.value.trim() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(given.refuse("请写 true 或 false。", "Write true or false.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fonts are looked for on the disk; a test names a folder that is there.
    fn read(file: &str, variables: &[(&str, &str)], flags: &Flags) -> Result<Settings, String> {
        let here = env!("CARGO_MANIFEST_DIR");
        let environment = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            found.or_else(|| (name == "BANGBAN_FONTS").then(|| here.to_owned()))
        };
        Settings::from_sources(file, &environment, flags).map_err(|failure| failure.to_string())
    }

    #[test]
    fn defaults_hold_where_nothing_is_said() {
        let settings = read("", &[], &Flags::default()).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.database, "sqlite:data/bangban.db");
        assert_eq!(settings.public_url, "http://127.0.0.1:8080");
        assert!(!settings.behind_proxy);
    }

    #[test]
    fn flags_go_before_environment_before_file() {
        let file = "listen = \"127.0.0.1:1\"\ndata = \"a\"\npublic_url = \"https://hall.example/\"";
        let variables = [("BANGBAN_LISTEN", "127.0.0.1:2"), ("BANGBAN_DATA", "b")];
        let flags = Flags { data: Some("c".to_owned()), ..Flags::default() };
        let settings = read(file, &variables, &flags).unwrap();
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.data, PathBuf::from("c"));
        assert_eq!(settings.database, "sqlite:c/bangban.db");
        assert_eq!(settings.public_url, "https://hall.example");
    }

    #[test]
    fn a_wrong_setting_is_refused_by_the_name_under_which_it_was_made() {
        let cases = [
            (read("", &[("BANGBAN_LISTEN", "8080")], &Flags::default()), ["BANGBAN_LISTEN", "IP:PORT"]),
            (read("", &[("BANGBAN_DATABASE", "mysql://x")], &Flags::default()), ["BANGBAN_DATABASE", "sqlite:"]),
            (read("", &[("BANGBAN_DATABASE", "sqlite:")], &Flags::default()), ["BANGBAN_DATABASE", "postgres://"]),
            (read("public_url = \"hall\"", &[], &Flags::default()), ["public_url (bangban.toml)", "https://"]),
            (read("", &[("BANGBAN_BEHIND_PROXY", "maybe")], &Flags::default()), ["BANGBAN_BEHIND_PROXY", "true"]),
            (read("", &[("BANGBAN_FONTS", "/nowhere")], &Flags::default()), ["BANGBAN_FONTS", "make fonts"]),
            (read("lissen = \"x\"", &[], &Flags::default()), ["lissen", "listen"]),
        ];
        for (result, words) in cases {
            let refusal = result.unwrap_err();
            assert!(words.iter().all(|word| refusal.contains(word)), "{refusal}");
        }
        let flags = Flags { listen: Some("localhost".to_owned()), ..Flags::default() };
        assert!(read("", &[], &flags).unwrap_err().contains("--listen"));
    }
}
