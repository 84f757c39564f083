//! Rows of links for signing.

pub(crate) mod sign_link {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub case_id: String,
        pub document: String,
        pub document_hash: String,
        pub made_by: String,
        pub made_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub code_hash: String,
        pub tries: i32,
        pub opened_hash: Option<String>,
        pub signed_at: Option<DateTimeUtc>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
