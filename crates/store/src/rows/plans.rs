//! Rows of matters that were decided, and of forecasts.

pub(crate) mod matter_run {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "matter_run")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub matter: String,
        pub office: String,
        pub mode: String,
        pub green: bool,
        pub outside: bool,
        pub submitted_at: DateTimeUtc,
        pub finished_at: DateTimeUtc,
        pub lag_days: i32,
        pub office_days: i32,
        pub enterprise_days: i32,
        pub special_days: i32,
        pub suspended_days: i32,
        pub waited_to_claim_minutes: Option<i32>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod forecast {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "forecast")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub case_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub made_on: Date,
        pub p10: Date,
        pub p50: Date,
        pub p80: Date,
        pub p90: Date,
        pub basis_n: i32,
        pub open_n: i32,
        pub actual_on: Option<Date>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
