//! The tables, step by step. A migration that has been released is never edited: the next one changes what it made.

use crate::Backend;
use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

mod m0001_cases;
mod m0002_people;
mod m0003_work;
mod m0004_records;
mod m0005_absences;
mod m0006_warnings;
mod m0007_plans;
mod m0008_effective;
mod m0009_leads;
mod m0010_custody;
mod m0011_sign_link;
mod m0012_archive;

/// All migrations in order.
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_cases::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_work::Migration),
            Box::new(m0004_records::Migration),
            Box::new(m0005_absences::Migration),
            Box::new(m0006_warnings::Migration),
            Box::new(m0007_plans::Migration),
            Box::new(m0008_effective::Migration),
            Box::new(m0009_leads::Migration),
            Box::new(m0010_custody::Migration),
            Box::new(m0011_sign_link::Migration),
            Box::new(m0012_archive::Migration),
        ]
    }
}

fn backend_of(manager: &SchemaManager) -> Backend {
    match manager.get_database_backend() {
        DbBackend::Postgres => Backend::Postgres,
        _ => Backend::Sqlite,
    }
}

/// A table and its key; the hall leads every key.
fn table<const K: usize, const C: usize>(
    name: &'static str,
    key: [&'static str; K],
    columns: [ColumnDef; C],
) -> TableCreateStatement {
    let mut primary = Index::create();
    for column in key {
        primary.col(column);
    }
    let mut table = Table::create();
    table.table(name).primary_key(&mut primary);
    for column in columns {
        table.col(column);
    }
    table
}

fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// Both databases let any number of rows have no value here.
fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// A row of `table` belongs to a row of `parent` in the same hall.
fn belongs(
    table: &'static str,
    column: &'static str,
    parent: &'static str,
    key: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{parent}"))
        .from(table, ("hall", column))
        .to(parent, ("hall", key))
        .take()
}
