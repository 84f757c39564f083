//! A private PostgreSQL for tests: started when the first test wants it, reached only through a socket in its temporary folder, gone
//! when the process ends, however it ends.
//!
//! A small shell script makes the cluster, runs the server and then waits on its standard input, which this process holds open. When
//! the process ends, even by a signal, the pipe closes, and the script stops the server and removes the folder.

use crate::db;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The folder with `initdb` and `postgres`, if they are not where they usually are.
pub const BIN_VARIABLE: &str = "BANGBAN_POSTGRES_BIN";
/// The user who runs the server when the tests are run by root, whom PostgreSQL refuses.
const SERVER_USER: &str = "postgres";
const TEMPLATE: &str = "bangban_template";

/// `$1` the folder of the cluster, `$2` the folder of the programs. Signals of the terminal go to the tests only.
const KEEPER: &str = r#"
dir=$1 bin=$2
fail() { cat "$dir/log"; echo "failed"; rm -rf "$dir"; exit 1; }
"$bin/initdb" -D "$dir/data" -U bangban -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 </dev/null || fail
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off -c dynamic_shared_memory_type=mmap >"$dir/log" 2>&1 </dev/null &
server=$!
until "$bin/pg_isready" -q -h "$dir" </dev/null; do
  kill -0 $server 2>/dev/null || fail
  sleep 0.1
done
echo ready
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$dir"
"#;

/// A running server; stopped and removed when dropped or when this process ends.
pub struct Cluster {
    keeper: Child,
    dir: PathBuf,
    made: AtomicU32,
}

impl Cluster {
    /// Makes a cluster and starts its server.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn start() -> Result<Self, String> {
        let bin = programs()?;
        let dir = tempfile::Builder::new()
            .prefix("bangban-pg-")
            .tempdir_in(roomy_memory().unwrap_or_else(std::env::temp_dir))
            .map_err(|error| format!("no temporary folder: {error}"))?
            .keep();
        let mut command = keeper_command(&dir)?;
        command.args(["-c", KEEPER, "keeper"]).arg(&dir).arg(bin);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0).current_dir(&dir);
        let mut keeper = command.spawn().map_err(|error| format!("PostgreSQL cannot be started: {error}"))?;
        let mut said = String::new();
        if let Some(output) = keeper.stdout.take() {
            let mut output = BufReader::new(output);
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|n| n > 0) && line != "ready\n" {
                said.push_str(&line);
                line.clear();
            }
            if line == "ready\n" {
                return Ok(Self { keeper, dir, made: AtomicU32::new(0) });
            }
            let _ = output.read_to_string(&mut said);
        }
        let _ = keeper.wait();
        Err(format!("PostgreSQL did not start: {said}"))
    }

    /// The URL of a database in this cluster.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://bangban@localhost/{database}?host={}", self.dir.display())
    }

    /// Makes an empty database, or a copy of another, and answers its URL.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn create(&self, name: &str, template: Option<&str>) -> String {
        let from = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
        self.administer(&format!("CREATE DATABASE {name}{from}")).await;
        self.url(name)
    }

    /// A new copy of the migrated template.
    pub(crate) async fn copy_of_template(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        self.create(&format!("test_{number}"), Some(TEMPLATE)).await
    }

    /// Removes the database with this URL; tests that failed leave theirs until the end.
    pub(crate) async fn drop_database(&self, url: &str) {
        let name = url.split(['/', '?']).nth(3).unwrap_or_default();
        self.administer(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }

    async fn administer(&self, statement: &str) {
        let done = async {
            let options = sqlx::postgres::PgConnectOptions::from_str(&self.url("postgres"))?;
            let mut connection = options.connect().await?;
            connection.execute(AssertSqlSafe(statement.to_owned())).await?;
            Ok::<_, sqlx::Error>(())
        };
        done.await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The one cluster of this process with its migrated template; the first caller starts it. Must not be called from within an
/// asynchronous task the first time.
///
/// # Panics
/// When PostgreSQL is missing or does not start, for every caller.
pub fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
    match SHARED.get_or_init(start_with_template) {
        Ok(cluster) => cluster,
        Err(error) => panic!("{error}"),
    }
}

fn start_with_template() -> Result<Cluster, String> {
    let cluster = Cluster::start()?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let url = cluster.create(TEMPLATE, None).await;
        let store = db::open(&url).await;
        db::migrate(&store).await;
        // A database that somebody is connected to cannot be copied.
        store.close().await;
    });
    Ok(cluster)
}

/// The file system in memory, if it has two gigabytes to spare: a database is three hundred files, slow to copy on some disks.
fn roomy_memory() -> Option<PathBuf> {
    let memory = Path::new("/dev/shm");
    let output = Command::new("df").arg("-Pk").arg(memory).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let free: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    (free >= 2 * 1024 * 1024).then(|| memory.to_owned())
}

/// Where the server's programs are.
fn programs() -> Result<PathBuf, String> {
    let complete = |dir: &PathBuf| {
        let here = |program: &str| dir.join(program).exists();
        here("initdb") && here("postgres") && here("pg_isready")
    };
    if let Some(named) = std::env::var_os(BIN_VARIABLE).map(PathBuf::from) {
        let missing = format!("{BIN_VARIABLE} names {}, but initdb and postgres are not there", named.display());
        return Some(named).filter(complete).ok_or(missing);
    }
    let usual = [15, 18, 17, 16].map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = usual.into_iter().chain(std::env::split_paths(&path)).find(complete);
    found.ok_or_else(|| {
        format!(
            "PostgreSQL is missing, and these tests need it: install it (Debian: `apt-get install postgresql-15`) or \
             name the folder with initdb and postgres in {BIN_VARIABLE}"
        )
    })
}

/// A shell, as the user who may run the server, who then owns the folder.
fn keeper_command(dir: &Path) -> Result<Command, String> {
    let id = |flag: &str, user: &[&str]| {
        let output =
            Command::new("id").arg(flag).args(user).output().map_err(|error| format!("`id` failed: {error}"))?;
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .parse::<u32>()
            .map_err(|_| format!("there is no user {user:?} to run PostgreSQL as root's stead"))
    };
    if id("-u", &[])? != 0 {
        return Ok(Command::new("sh"));
    }
    let (user, group) = (id("-u", &[SERVER_USER])?, id("-g", &[SERVER_USER])?);
    chown(dir, Some(user), Some(group)).map_err(|error| format!("{}: {error}", dir.display()))?;
    let mut command = Command::new("sh");
    command.uid(user).gid(group);
    Ok(command)
}
