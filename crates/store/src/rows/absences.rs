//! Rows of absences and of how they ended.

pub(crate) mod absence {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "absence")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub username: String,
        pub from_day: Date,
        pub to_day: Date,
        pub reason: String,
        pub recorded_by: String,
        pub recorded_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod absence_end {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "absence_end")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub absence: String,
        pub back_on: Date,
        pub ended_by: String,
        pub ended_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
