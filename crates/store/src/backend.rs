//! Everything in which SQLite and PostgreSQL truly differ, both sides in view. No other module asks which database runs.

use crate::StoreError;
use crate::search::{self, Query, Term};
use sea_orm::sea_query::Expr;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, RuntimeErr, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, TransactionOptions, Value,
};
use sqlx::Executor;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// The database that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The embedded SQLite file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl Backend {
    pub(crate) fn sea(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
}

/// Connections that read beside SQLite's single writer.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// What was answered as done must outlive a crash of the server, however that is set up; a stronger setting stays.
const DURABLE: &str =
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
/// How much of the file each connection keeps in memory, in KiB as SQLite's negative number.
const SQLITE_CACHE: &str = "-16384";
/// How much of the file readers see through the system's own cache, in bytes, instead of copying each page.
const SQLITE_MAPPED: &str = "1073741824";
/// So many pages gather in the log before they are copied into the file: what many commits change is then copied once.
const SQLITE_CHECKPOINT: &str = "4000";
/// How long a caller waits for a free connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Opens the database: what runs, the connections to read with, the connections to write with.
pub(crate) async fn connect(url: &str) -> Result<(Backend, DatabaseConnection, DatabaseConnection), StoreError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.starts_with(':') {
            return Err(StoreError::Url(url.to_owned()));
        }
        return connect_sqlite(path).await;
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return connect_postgres(url).await;
    }
    // A wrong URL may hold a password: only its beginning is repeated.
    Err(StoreError::Url(url.split("://").next().unwrap_or_default().chars().take(20).collect()))
}

async fn connect_sqlite(path: &str) -> Result<(Backend, DatabaseConnection, DatabaseConnection), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", SQLITE_CACHE)
        // What a savepoint would bring back is kept in memory: otherwise each page goes through a file in /tmp first.
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", SQLITE_CHECKPOINT)
        .busy_timeout(Duration::from_secs(10));
    // The writer goes first: it makes the file and turns the write-ahead log on.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone().journal_mode(SqliteJournalMode::Wal))
        .await
        .map_err(unreachable)?;
    // Without numbers on its tables SQLite takes every index for a good one, and walks through all cases of the hall to find
    // the few that a search has found. They are renewed here, on a sample, and readers that connect from now on know them.
    sqlx::query("PRAGMA optimize=0x10012").execute(&writer).await.map_err(unreachable)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE)
        .connect_with(options.pragma("mmap_size", SQLITE_MAPPED).pragma("query_only", "ON"))
        .await
        .map_err(unreachable)?;
    let sea = SqlxSqliteConnector::from_sqlx_sqlite_pool;
    Ok((Backend::Sqlite, sea(readers), sea(writer)))
}

async fn connect_postgres(url: &str) -> Result<(Backend, DatabaseConnection, DatabaseConnection), StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(unreachable)?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(DURABLE).await.map(drop) }))
        .connect_with(options)
        .await
        .map_err(unreachable)?;
    let sea = SqlxPostgresConnector::from_sqlx_postgres_pool;
    Ok((Backend::Postgres, sea(pool.clone()), sea(pool)))
}

fn unreachable(error: sqlx::Error) -> StoreError {
    StoreError::Unreachable(Arc::new(DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))))
}

/// SQLite must take its write lock at once: a transaction that reads first can find the lock taken and fail without waiting.
pub(crate) fn write_options(backend: Backend) -> TransactionOptions {
    match backend {
        Backend::Sqlite => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
        Backend::Postgres => TransactionOptions::default(),
    }
}

/// Keeps two programs from migrating at once; SQLite's write lock does it already.
pub(crate) fn migration_lock(backend: Backend) -> Option<&'static str> {
    match backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some("SELECT pg_advisory_xact_lock(7261626)"),
    }
}

/// Keeps two changes of one hall's configuration from reading the same state; SQLite's write lock does it already. `$1` hall.
pub(crate) fn configuration_lock(backend: Backend) -> Option<&'static str> {
    match backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some("SELECT pg_advisory_xact_lock(7261627, hashtext($1))"),
    }
}

/// Statements that take a hall and a JSON list: the dates of matters, then of their cases.
pub(crate) fn move_dates(backend: Backend) -> [&'static str; 2] {
    match backend {
        Backend::Sqlite => [
            "UPDATE case_office SET due_on = v.value ->> 'due', colour = v.value ->> 'colour' FROM json_each($2) AS v \
             WHERE hall = $1 AND case_id = v.value ->> 'id' AND matter = v.value ->> 'matter' \
             AND office = v.value ->> 'office' AND EXISTS (SELECT 1 FROM cases WHERE cases.hall = $1 \
             AND cases.id = v.value ->> 'id' AND cases.version = v.value ->> 'version')",
            "UPDATE cases SET due_on = v.value ->> 'due', due_key = v.value ->> 'key', colour = v.value ->> 'colour' \
             FROM json_each($2) AS v \
             WHERE cases.hall = $1 AND cases.id = v.value ->> 'id' AND cases.version = v.value ->> 'version'",
        ],
        Backend::Postgres => [
            "UPDATE case_office SET due_on = (v ->> 'due')::date, colour = v ->> 'colour' \
             FROM jsonb_array_elements($2::jsonb) AS v \
             WHERE hall = $1 AND case_id = v ->> 'id' AND matter = v ->> 'matter' AND office = v ->> 'office' \
             AND EXISTS (SELECT 1 FROM cases WHERE cases.hall = $1 AND cases.id = v ->> 'id' \
             AND cases.version = (v ->> 'version')::bigint)",
            "UPDATE cases SET due_on = (v ->> 'due')::date, due_key = (v ->> 'key')::date, colour = v ->> 'colour' \
             FROM jsonb_array_elements($2::jsonb) AS v \
             WHERE cases.hall = $1 AND cases.id = v ->> 'id' AND cases.version = (v ->> 'version')::bigint",
        ],
    }
}

/// Triggers that make the rows of `table` unchangeable: `UPDATE` and `DELETE` are refused.
pub(crate) fn append_only(backend: Backend, table: &str) -> Vec<String> {
    match backend {
        Backend::Sqlite => ["UPDATE", "DELETE"]
            .map(|verb| {
                format!(
                    "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
                    verb.to_lowercase()
                )
            })
            .to_vec(),
        Backend::Postgres => vec![
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
                .to_owned(),
            format!(
                "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            ),
            format!("CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()"),
        ],
    }
}

/// The tables of the search index: who a document is, and its tokens. SQLite's full-text table knows documents only by number,
/// so its key is that number; PostgreSQL keeps the tokens in the row.
pub(crate) fn create_search_index(backend: Backend) -> &'static [&'static str] {
    match backend {
        Backend::Sqlite => &[
            "CREATE TABLE search_doc (doc INTEGER PRIMARY KEY AUTOINCREMENT, hall TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL)",
            "CREATE UNIQUE INDEX search_doc_key ON search_doc (hall, kind, id)",
            "CREATE VIRTUAL TABLE search_fts USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii')",
        ],
        Backend::Postgres => &[
            "CREATE TABLE search_doc (hall text NOT NULL, kind text NOT NULL, id text NOT NULL, tokens tsvector NOT NULL, \
             PRIMARY KEY (hall, kind, id))",
            "CREATE INDEX search_doc_tokens ON search_doc USING gin (tokens)",
        ],
    }
}

/// Statements that put the tokens of a document into the index in place of its earlier ones. `$1` hall, `$2` kind, `$3` id,
/// `$4` the tokens as [`index_value`] writes them; each statement comes with how many of these it takes.
pub(crate) fn index_document(backend: Backend) -> &'static [(&'static str, usize)] {
    match backend {
        Backend::Sqlite => &[
            ("INSERT INTO search_doc (hall, kind, id) VALUES ($1, $2, $3) ON CONFLICT (hall, kind, id) DO NOTHING", 3),
            (
                "DELETE FROM search_fts WHERE rowid = (SELECT doc FROM search_doc WHERE hall = $1 AND kind = $2 AND id = $3)",
                3,
            ),
            (
                "INSERT INTO search_fts (rowid, tokens) \
                 SELECT doc, $4 FROM search_doc WHERE hall = $1 AND kind = $2 AND id = $3",
                4,
            ),
        ],
        Backend::Postgres => &[(
            "INSERT INTO search_doc (hall, kind, id, tokens) VALUES ($1, $2, $3, CAST(CAST($4 AS text) AS tsvector)) \
             ON CONFLICT (hall, kind, id) DO UPDATE SET tokens = EXCLUDED.tokens",
            4,
        )],
    }
}

/// The tokens of `text` as the index takes them. Tokens are ASCII letters and digits only, so nothing needs quoting.
pub(crate) fn index_value(backend: Backend, text: &str) -> String {
    let tokens = search::tokens(text);
    match backend {
        Backend::Sqlite => tokens.join(" "),
        Backend::Postgres => {
            let numbered = tokens.iter().enumerate().map(|(at, token)| format!("'{token}':{}", at + 1));
            numbered.collect::<Vec<_>>().join(" ")
        }
    }
}

/// The condition that the row with key `id` of this kind matches what was typed.
pub(crate) fn matches(backend: Backend, hall: &str, kind: &'static str, id: &'static str, query: &Query) -> Expr {
    match backend {
        Backend::Sqlite => Expr::cust_with_values(
            format!(
                "{id} IN (SELECT id FROM search_doc WHERE hall = ? AND kind = ? \
                 AND doc IN (SELECT rowid FROM search_fts WHERE search_fts MATCH ?))"
            ),
            [hall.to_owned(), kind.to_owned(), join(query, " AND ", fts5_term)].map(Value::from),
        ),
        Backend::Postgres => Expr::cust_with_values(
            format!(
                "{id} IN (SELECT id FROM search_doc WHERE hall = $1 AND kind = $2 \
                 AND tokens @@ CAST(CAST($3 AS text) AS tsquery))"
            ),
            [hall.to_owned(), kind.to_owned(), join(query, " & ", tsquery_term)].map(Value::from),
        ),
    }
}

fn join(query: &Query, and: &str, term: fn(&Term) -> String) -> String {
    query.terms.iter().map(term).collect::<Vec<_>>().join(and)
}

fn fts5_term(term: &Term) -> String {
    match term {
        Term::Phrase(tokens) => format!("\"{}\"", tokens.join(" ")),
        Term::Prefix(any) => {
            let any: Vec<_> = any.iter().map(|prefix| format!("\"{prefix}\"*")).collect();
            format!("({})", any.join(" OR "))
        }
    }
}

fn tsquery_term(term: &Term) -> String {
    match term {
        Term::Phrase(tokens) => {
            let tokens: Vec<_> = tokens.iter().map(|token| format!("'{token}'")).collect();
            format!("({})", tokens.join(" <-> "))
        }
        Term::Prefix(any) => {
            let any: Vec<_> = any.iter().map(|prefix| format!("'{prefix}':*")).collect();
            format!("({})", any.join(" | "))
        }
    }
}

/// Claims jobs that are due, so that nobody else gets them while the lease lasts. `$1` hall, `$2` now, `$3` until when the lease
/// runs, `$4` how many. The states are named apart from the times, so that the index is used and what is done is not looked at:
/// of that there is ever more. SQLite has one writer at a time; PostgreSQL skips the rows that another worker is just claiming.
pub(crate) fn claim_jobs(backend: Backend) -> String {
    let lock = match backend {
        Backend::Sqlite => "",
        Backend::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    format!(
        "UPDATE outbox SET state = 'leased', lease_until = $3, attempts = attempts + 1 \
         WHERE hall = $1 AND id IN (SELECT id FROM outbox WHERE hall = $1 \
         AND state IN ('waiting', 'leased') AND CASE state WHEN 'waiting' THEN not_before ELSE lease_until END <= $2 \
         ORDER BY not_before, id LIMIT $4 {lock}) \
         RETURNING id, kind, payload_json, attempts, not_before"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::{ConnectionTrait, Statement};

    async fn setting(connection: &DatabaseConnection, backend: Backend, statement: &str) -> String {
        let row = connection.query_one_raw(Statement::from_string(backend.sea(), statement)).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0).unwrap()
    }

    #[tokio::test]
    async fn sqlite_waits_for_the_disk_before_it_says_done() {
        let db = testkit::TestDb::sqlite().await;
        let (backend, readers, writer) = connect(&db.url).await.unwrap();
        assert_eq!(setting(&writer, backend, "SELECT journal_mode FROM pragma_journal_mode").await, "wal");
        let synchronous = "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous";
        assert_eq!(setting(&writer, backend, synchronous).await, "2", "FULL");
        assert_eq!(setting(&writer, backend, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await, "1");
        assert_eq!(setting(&readers, backend, "SELECT CAST(query_only AS TEXT) FROM pragma_query_only").await, "1");
    }

    #[test]
    fn postgres_waits_for_its_log_even_where_the_server_would_not() {
        let cluster = testkit::postgres::shared();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            // The cluster of the tests is set up to lose commits in a crash.
            let url = cluster.create("durable", None).await;
            let (backend, _, pool) = connect(&url).await.unwrap();
            assert_eq!(setting(&pool, backend, "SHOW synchronous_commit").await, "on");
            pool.execute_unprepared("ALTER DATABASE durable SET synchronous_commit = remote_apply").await.unwrap();
            let (backend, _, pool) = connect(&url).await.unwrap();
            assert_eq!(setting(&pool, backend, "SHOW synchronous_commit").await, "remote_apply");
        });
    }
}
