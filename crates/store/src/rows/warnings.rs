//! Rows of warnings and chases.

pub(crate) mod warning {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "warning")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub case_id: String,
        pub matter: String,
        pub cause: String,
        pub step: String,
        pub run: String,
        pub at: DateTimeUtc,
        pub due_on: Date,
        pub to_json: String,
        pub sender: Option<String>,
        pub words: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
