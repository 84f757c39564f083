//! What can go wrong in the store, named by table and operation.

use sea_orm::{DbErr, RuntimeErr};
use std::sync::Arc;

/// An error of the database, or a use of the store that it refuses.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The database URL is neither `sqlite:PATH` nor `postgres://…`.
    #[error("the database URL must be sqlite:PATH or postgres://…, not `{0}`")]
    Url(String),
    /// The database could not be opened or does not answer.
    #[error("the database cannot be reached: {0}")]
    Unreachable(Arc<DbErr>),
    /// Another row already has this key: a unique index refused.
    #[error("{table}: {operation}: already there ({detail})")]
    Unique {
        /// Table written to.
        table: &'static str,
        /// What was tried.
        operation: &'static str,
        /// The constraint or columns, as the database names them.
        detail: String,
    },
    /// A rule that is written into the table (`CHECK`, foreign key, not null, trigger) refused the row.
    #[error("{table}: {operation}: refused by the database ({detail})")]
    Refused {
        /// Table written to.
        table: &'static str,
        /// What was tried.
        operation: &'static str,
        /// The rule, as the database names it.
        detail: String,
    },
    /// A row that must exist was not there.
    #[error("{table}: {operation}: no such row")]
    Missing {
        /// Table looked in.
        table: &'static str,
        /// What was tried.
        operation: &'static str,
    },
    /// What the caller passed cannot be right (a cursor of another list, a version that does not rise).
    #[error("{0}")]
    Invalid(String),
    /// A stored value is not what its column promises (JSON that does not parse).
    #[error("{table}: the stored value cannot be read: {detail}")]
    Corrupt {
        /// Table read.
        table: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// Any other error of the database.
    #[error("{table}: {operation}: {source}")]
    Database {
        /// Table worked on.
        table: &'static str,
        /// What was tried.
        operation: &'static str,
        /// What the driver said.
        source: Arc<DbErr>,
    },
    /// The closure went on after an error; its transaction was rolled back.
    #[error("the transaction met an error earlier and was rolled back")]
    Spoiled,
    /// The closure panicked; its transaction was rolled back.
    #[error("the work inside the transaction panicked and was rolled back")]
    Panicked,
    /// The closure took longer than a transaction may; it was rolled back.
    #[error("the work inside the transaction took too long and was rolled back")]
    TooSlow,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether a unique index of `table` refused the row.
    #[must_use]
    pub fn is_unique(&self, of: &str) -> bool {
        matches!(self, Self::Unique { table, .. } if *table == of)
    }

    /// Whether the same work may succeed if it is simply tried again: the database broke a deadlock or was busy.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let Self::Database { source, .. } = self else {
            return false;
        };
        let code = database_error(source).and_then(sqlx::error::DatabaseError::code);
        code.is_some_and(|code| TRANSIENT.contains(&code.as_ref()))
    }

    /// Sorts an error of the driver into what a caller can act on.
    pub(crate) fn of(table: &'static str, operation: &'static str, error: DbErr) -> Self {
        use sqlx::error::ErrorKind;
        if is_lost(&error) {
            return Self::Unreachable(Arc::new(error));
        }
        let Some(database) = database_error(&error) else {
            return Self::Database { table, operation, source: Arc::new(error) };
        };
        let detail = database.constraint().map_or_else(|| database.message().to_owned(), str::to_owned);
        match database.kind() {
            ErrorKind::UniqueViolation => Self::Unique { table, operation, detail },
            ErrorKind::ForeignKeyViolation | ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
                Self::Refused { table, operation, detail }
            }
            _ if database.code().is_some_and(|code| code == SQLITE_CONSTRAINT_TRIGGER) => {
                Self::Refused { table, operation, detail }
            }
            _ => Self::Database { table, operation, source: Arc::new(error) },
        }
    }
}

/// SQLite's extended code for `RAISE(ABORT, …)` in a trigger; PostgreSQL's triggers raise a check violation themselves.
const SQLITE_CONSTRAINT_TRIGGER: &str = "1811";

/// PostgreSQL's serialization failure and deadlock, SQLite's busy and locked.
const TRANSIENT: [&str; 4] = ["40001", "40P01", "5", "6"];

/// PostgreSQL is being stopped, has thrown its connections out after a crash, or is not up yet.
const NOT_SERVING: [&str; 3] = ["57P01", "57P02", "57P03"];

/// Whether the database has gone away, or had no connection to spare: waiting helps.
fn is_lost(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(source))
    | DbErr::Exec(RuntimeErr::SqlxError(source))
    | DbErr::Query(RuntimeErr::SqlxError(source))) = error
    else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    match source.as_ref() {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| NOT_SERVING.contains(&code.as_ref())),
        _ => false,
    }
}

fn database_error(error: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => error.as_database_error(),
        _ => None,
    }
}

/// Why events were not appended.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else changed the case first; nothing was written. Load it again and decide again.
    #[error("the case has changed meanwhile: expected version {expected}, found {found:?}")]
    Conflict {
        /// The version the caller saw.
        expected: i64,
        /// The version that stands now; nothing if there is no such case.
        found: Option<i64>,
    },
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
