//! `bangban user`: people who can log in.

use crate::args::{UserArguments, UserVerb};
use crate::say::{Failure, say, tell};
use app::{App, NewPerson};
use domain::ids::OfficeCode;
use domain::people::Role;
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::process::{Command, ExitCode};

pub async fn user(what: UserVerb) -> Result<ExitCode, Failure> {
    match what {
        UserVerb::Add(arguments) => add(arguments).await,
        UserVerb::List { place } => {
            let app = place.settings()?.open().await?;
            list(&app);
            app.close().await;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn add(arguments: UserArguments) -> Result<ExitCode, Failure> {
    let roles = arguments.roles.iter().map(|name| role(name)).collect::<Result<Vec<_>, _>>()?;
    let app = arguments.place.settings()?.open().await?;
    let office = office(&app, arguments.office.as_deref(), &roles)?;
    let password = password(arguments.password_file.as_deref())?;
    let username = arguments.username;
    app.add_person(NewPerson {
        name: arguments.name.unwrap_or_else(|| username.clone()),
        username: username.clone(),
        roles,
        office,
        enterprises: Vec::new(),
        phone: arguments.phone,
        post: arguments.post,
        qualified: arguments.qualified,
        password,
    })
    .await?;
    app.close().await;
    say(&format!("已新增 {username}。/ {username} was added."));
    Ok(ExitCode::SUCCESS)
}

fn role(name: &str) -> Result<Role, Failure> {
    Role::parse(name.trim()).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.into_iter().map(Role::name).collect();
        let known = known.join(", ");
        Failure::new(format!(
            "--roles 里的“{name}”不是角色，可用 {known}。\n--roles: “{name}” is no role; there are {known}."
        ))
    })
}

/// Staff belong to an office of the hall; members of an enterprise to none.
fn office(app: &App, code: Option<&str>, roles: &[Role]) -> Result<Option<OfficeCode>, Failure> {
    let is_staff = roles.iter().any(|role| *role != Role::Applicant);
    let Some(code) = code else {
        let sentence =
            "工作人员要用 --office 写明科室或部门代码。\nStaff belong to an office: give its code with --office.";
        return if is_staff { Err(Failure::new(sentence)) } else { Ok(None) };
    };
    let code = OfficeCode::from(code.trim());
    let reference = app.reference();
    if reference.directory.office(&code).is_some() {
        return Ok(Some(code));
    }
    let known: Vec<String> = reference.directory.offices.values().map(|o| format!("{} {}", o.code, o.name)).collect();
    let known = known.join("\n  ");
    Err(Failure::new(format!("没有代码为 {code} 的科室或部门。/ There is no office {code}. 可用 / known:\n  {known}")))
}

/// The password: from a file, typed unseen at a terminal, or the first line of standard input.
fn password(file: Option<&Path>) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("读不到密码 / no password could be read: {error}"));
    let text = match file {
        Some(file) => std::fs::read_to_string(file).map_err(failed)?,
        None if std::io::stdin().is_terminal() => {
            tell("密码（输入时不显示）/ password (not shown):");
            let is_hidden = stty("-echo");
            let line = first_line();
            if is_hidden {
                stty("echo");
            }
            line.map_err(failed)?
        }
        None => first_line().map_err(failed)?,
    };
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn first_line() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

/// Whether the terminal did as it was told.
fn stty(setting: &str) -> bool {
    Command::new("stty").arg(setting).status().is_ok_and(|status| status.success())
}

fn list(app: &App) {
    let reference = app.reference();
    for person in reference.directory.people.values() {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
        let office = person.office.as_ref().map_or("", |code| reference.directory.office_name(code));
        say(&format!("{}\t{}\t{}\t{office}", person.username, person.name, roles.join(",")));
    }
}
