//! Persons who log in: staff and enterprise users.

use crate::rows::{person, person_link};
use crate::store::micros;
use crate::{StoreError, Tx, View};
use chrono::{DateTime, Utc};
use domain::ids::{OfficeCode, PartyId, Username};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

/// Somebody who can log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The user name; the key.
    pub username: Username,
    /// The name as printed.
    pub name: String,
    /// The roles, as the domain spells them.
    pub roles: Vec<String>,
    /// The office the person works in.
    pub office: Option<OfficeCode>,
    /// The parties the person acts for.
    pub enterprises: Vec<PartyId>,
    /// A phone for colleagues; of an enterprise user encrypted by the caller.
    pub phone: Option<String>,
    /// The post, as on the door.
    pub post: Option<String>,
    /// Whether trained and examined as agent.
    pub qualified: bool,
    /// Whether the person may log in.
    pub active: bool,
    /// The hash of the password; nothing when none was set yet.
    pub password_hash: Option<String>,
    /// The language of pages.
    pub language: Option<String>,
    /// When the person was added.
    pub created_at: DateTime<Utc>,
    /// When the person was last changed.
    pub updated_at: DateTime<Utc>,
}

const ROLE: &str = "role";
const ENTERPRISE: &str = "enterprise";

fn record(row: person::Model) -> Result<PersonRecord, StoreError> {
    let list = |json: &str| -> Result<Vec<String>, StoreError> {
        serde_json::from_str(json).map_err(|error| StoreError::Corrupt { table: "person", detail: error.to_string() })
    };
    Ok(PersonRecord {
        roles: list(&row.roles_json)?,
        enterprises: list(&row.enterprises_json)?.into_iter().map(PartyId).collect(),
        username: Username(row.username),
        name: row.name,
        office: row.office.map(OfficeCode),
        phone: row.phone,
        post: row.post,
        qualified: row.qualified,
        active: row.active,
        password_hash: row.password_hash,
        language: row.language,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn row(hall: String, record: &PersonRecord) -> person::Model {
    let enterprises: Vec<_> = record.enterprises.iter().map(PartyId::as_str).collect();
    let record = record.clone();
    person::Model {
        hall,
        roles_json: serde_json::json!(record.roles).to_string(),
        enterprises_json: serde_json::json!(enterprises).to_string(),
        username: record.username.0,
        name: record.name,
        office: record.office.map(|office| office.0),
        phone: record.phone,
        post: record.post,
        qualified: record.qualified,
        active: record.active,
        password_hash: record.password_hash,
        language: record.language,
        created_at: micros(record.created_at),
        updated_at: micros(record.updated_at),
    }
}

impl View {
    /// The person with this user name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn person(&self, username: &Username) -> Result<Option<PersonRecord>, StoreError> {
        Ok(self.persons_where(Some(person::Column::Username.eq(username.as_str()))).await?.pop())
    }

    /// All persons, in the order of their user names.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn persons(&self) -> Result<Vec<PersonRecord>, StoreError> {
        self.persons_where(None).await
    }

    /// The persons with this role.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn persons_by_role(&self, role: &str) -> Result<Vec<PersonRecord>, StoreError> {
        self.persons_where(Some(self.linked(ROLE, role))).await
    }

    /// The persons of this office.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn persons_by_office(&self, office: &OfficeCode) -> Result<Vec<PersonRecord>, StoreError> {
        self.persons_where(Some(person::Column::Office.eq(office.as_str()))).await
    }

    /// The persons who act for this party.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn persons_by_enterprise(&self, party: &PartyId) -> Result<Vec<PersonRecord>, StoreError> {
        self.persons_where(Some(self.linked(ENTERPRISE, party.as_str()))).await
    }

    fn linked(&self, kind: &str, value: &str) -> Expr {
        let names = person_link::Entity::find()
            .select_only()
            .column(person_link::Column::Username)
            .filter(person_link::Column::Hall.eq(self.h()))
            .filter(person_link::Column::Kind.eq(kind))
            .filter(person_link::Column::Value.eq(value))
            .into_query();
        person::Column::Username.in_subquery(names)
    }

    async fn persons_where(&self, which: Option<Expr>) -> Result<Vec<PersonRecord>, StoreError> {
        let mut query =
            person::Entity::find().filter(person::Column::Hall.eq(self.h())).order_by_asc(person::Column::Username);
        if let Some(which) = which {
            query = query.filter(which);
        }
        let rows = query.all(&self.c()).await.map_err(self.fail("person", "read"))?;
        rows.into_iter().map(record).collect()
    }
}

impl Tx {
    /// Adds a person.
    ///
    /// # Errors
    /// [`StoreError::Unique`] of `person` when the user name is taken.
    pub async fn insert_person(&mut self, record: &PersonRecord) -> Result<(), StoreError> {
        person::Entity::insert(row(self.h(), record).into_active_model())
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("person", "insert"))?;
        self.write_links(record).await
    }

    /// Writes a person anew (all but the user name).
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    pub async fn update_person(&mut self, record: &PersonRecord) -> Result<(), StoreError> {
        let change = row(self.h(), record).into_active_model().reset_all();
        let done = person::Entity::update_many()
            .set(change)
            .filter(person::Column::Hall.eq(self.h()))
            .filter(person::Column::Username.eq(record.username.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("person", "update"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "person", operation: "update" });
        }
        self.write_links(record).await
    }

    /// Gives a person another password, and leaves everything else of the row as it stands.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    pub async fn set_password(
        &mut self,
        username: &Username,
        password_hash: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.set_of_person(username, person::Column::PasswordHash, password_hash, at).await
    }

    /// Changes the language of somebody's pages, and nothing else of the person.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    pub async fn set_language(
        &mut self,
        username: &Username,
        language: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.set_of_person(username, person::Column::Language, language, at).await
    }

    async fn set_of_person(
        &mut self,
        username: &Username,
        column: person::Column,
        value: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let done = person::Entity::update_many()
            .col_expr(column, Expr::val(value))
            .col_expr(person::Column::UpdatedAt, Expr::val(micros(at)))
            .filter(person::Column::Hall.eq(self.h()))
            .filter(person::Column::Username.eq(username.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("person", "set"))?;
        if done.rows_affected == 0 {
            return Err(StoreError::Missing { table: "person", operation: "set" });
        }
        Ok(())
    }

    async fn write_links(&mut self, record: &PersonRecord) -> Result<(), StoreError> {
        person_link::Entity::delete_many()
            .filter(person_link::Column::Hall.eq(self.h()))
            .filter(person_link::Column::Username.eq(record.username.as_str()))
            .exec(&self.c())
            .await
            .map_err(self.fail("person_link", "delete"))?;
        let roles = record.roles.iter().map(|role| (ROLE, role.clone()));
        let enterprises = record.enterprises.iter().map(|party| (ENTERPRISE, party.0.clone()));
        let links: std::collections::BTreeSet<_> = roles.chain(enterprises).collect();
        let rows: Vec<_> = links
            .into_iter()
            .map(|(kind, value)| {
                person_link::Model { hall: self.h(), kind: kind.to_owned(), value, username: record.username.0.clone() }
                    .into_active_model()
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        person_link::Entity::insert_many(rows)
            .exec_without_returning(&self.c())
            .await
            .map_err(self.fail("person_link", "insert"))?;
        Ok(())
    }
}
