//! Rows of leads, meetings, their decisions and the lines of their histories.

pub(crate) mod lead {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lead")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub at: DateTimeUtc,
        pub status: String,
        pub urgency: i16,
        pub due_key: Date,
        pub agent: Option<String>,
        pub recorded_by: String,
        pub case_id: Option<String>,
        pub applicant_json: String,
        pub state_json: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod meeting {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "meeting")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub at: DateTimeUtc,
        pub status: String,
        pub state_json: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod meeting_office {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "meeting_office")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub meeting: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub office: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod meeting_decision {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "meeting_decision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub meeting: String,
        pub number: i32,
        pub topic: String,
        pub what: String,
        pub office: String,
        pub person: Option<String>,
        pub due_on: Date,
        pub settled: i16,
        pub done_at: Option<DateTimeUtc>,
        pub outcome: Option<String>,
        pub reminded: i16,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod follow_line {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "follow_line")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hall: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i32,
        pub at: DateTimeUtc,
        pub actor: String,
        pub body_json: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
