//! Which cases a list shows: what was asked for, and what the person may see at all.

use crate::View;
use crate::backend;
use crate::cases::KIND;
use crate::rows::{case_office, cases, custody_item};
use crate::search;
use crate::store::micros;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{MatterCode, OfficeCode, PartyId, Username};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

/// What a list of cases is narrowed to. The default shows everything of the hall; every part that is set narrows further.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// In one of these statuses; empty: any.
    pub status: Vec<String>,
    /// Worked on like this.
    pub mode: Option<String>,
    /// Led by this office, or with a matter in its hands.
    pub office: Option<OfficeCode>,
    /// With this agent.
    pub agent: Option<Username>,
    /// Applied for by this party.
    pub applicant: Option<PartyId>,
    /// With this matter among its matters.
    pub matter: Option<MatterCode>,
    /// On the green channel, or not.
    pub green: Option<bool>,
    /// With this light.
    pub colour: Option<String>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    /// Begun at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Begun before.
    pub created_before: Option<DateTime<Utc>>,
    /// Ended at or after.
    pub ended_from: Option<DateTime<Utc>>,
    /// Ended before.
    pub ended_before: Option<DateTime<Utc>>,
    /// With this text in the title, to the letter.
    pub title: Option<String>,
    /// Found by this text; blank text narrows nothing, text without letter or digit finds nothing.
    pub q: Option<String>,
    /// Of one of these enterprises: 统一社会信用代码 or party id.
    pub enterprises: Option<Vec<String>>,
    /// What the person may see at all.
    pub visible_to: Visibility,
}

/// The status of a matter that is in the scope but not sent to its office yet, as the domain spells it.
const PLANNED: &str = "planned";

/// What somebody may see at all; decided by `domain::access`, obeyed here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Every case of the hall.
    #[default]
    All,
    /// No case.
    Nothing,
    /// Cases of which the person is agent or stand-in.
    Person(Username),
    /// Cases that the office leads.
    LedBy(OfficeCode),
    /// Cases of which a matter has been sent to the office; one that is only planned is not known of there.
    Office(OfficeCode),
    /// Cases of which the person, or the office, holds a piece.
    Holder(Username, Option<OfficeCode>),
    /// Cases of these enterprises (统一社会信用代码 or party id).
    Enterprises(Vec<String>),
    /// Cases that have ended.
    Ended,
    /// What any of these lets through.
    AnyOf(Vec<Visibility>),
    /// What all of these let through.
    AllOf(Vec<Visibility>),
}

/// The order of a list of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// The newest first.
    #[default]
    Newest,
    /// Green channel first, then by due date, then by id (cases without a due date last).
    Work,
}

impl View {
    /// The whole condition of a filter, the hall included.
    pub(crate) fn case_condition(&self, filter: &CaseFilter) -> Condition {
        use cases::Column as C;
        let text = |column: C, value: &Option<String>| value.as_ref().map(|value| column.eq(value.as_str()));
        let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        Condition::all()
            .add(C::Hall.eq(self.h()))
            .add_option((!filter.status.is_empty()).then(|| C::Status.is_in(filter.status.clone())))
            .add_option(text(C::Mode, &filter.mode))
            .add_option(filter.office.as_ref().map(|office| self.of_office(office)))
            .add_option(filter.agent.as_ref().map(|agent| C::Agent.eq(agent.as_str())))
            .add_option(filter.applicant.as_ref().map(|party| C::Applicant.eq(party.as_str())))
            .add_option(
                filter.matter.as_ref().map(|matter| self.with_part(case_office::Column::Matter.eq(matter.as_str()))),
            )
            .add_option(filter.green.map(|green| C::Green.eq(green)))
            .add_option(text(C::Colour, &filter.colour))
            .add_option(filter.due_before.map(|day| C::DueOn.lt(day)))
            .add_option(filter.created_from.map(|at| C::CreatedAt.gte(micros(at))))
            .add_option(filter.created_before.map(|at| C::CreatedAt.lt(micros(at))))
            .add_option(filter.ended_from.map(|at| C::EndedAt.gte(micros(at))))
            .add_option(filter.ended_before.map(|at| C::EndedAt.lt(micros(at))))
            .add_option(filter.title.as_ref().map(|text| C::Title.contains(text)))
            .add_option(q.map(|q| self.found("cases.id", KIND, q)))
            .add_option(filter.enterprises.as_ref().map(|keys| of_enterprises(keys)))
            .add(self.visible(&filter.visible_to))
    }

    fn visible(&self, to: &Visibility) -> Condition {
        use cases::Column as C;
        match to {
            Visibility::All => Condition::all(),
            Visibility::Nothing => nothing(),
            Visibility::Person(person) => {
                Condition::any().add(C::Agent.eq(person.as_str())).add(C::StandIn.eq(person.as_str()))
            }
            Visibility::LedBy(office) => Condition::all().add(C::LeadOffice.eq(office.as_str())),
            Visibility::Office(office) => {
                let is_sent = case_office::Column::Status.ne(PLANNED);
                Condition::all().add(self.with_part(case_office::Column::Office.eq(office.as_str()).and(is_sent)))
            }
            Visibility::Holder(person, office) => Condition::all().add(self.held(person, office.as_ref())),
            Visibility::Enterprises(keys) => of_enterprises(keys),
            Visibility::Ended => Condition::all().add(C::EndedAt.is_not_null()),
            // An empty condition lets everything through; of no alternatives none holds.
            Visibility::AnyOf(any) if any.is_empty() => nothing(),
            Visibility::AnyOf(any) => any.iter().fold(Condition::any(), |all, one| all.add(self.truly(one))),
            Visibility::AllOf(all) => all.iter().fold(Condition::all(), |all, one| all.add(self.visible(one))),
        }
    }

    /// A condition that may stand in an alternative: an empty one would be left out there instead of holding.
    fn truly(&self, visibility: &Visibility) -> Condition {
        let condition = self.visible(visibility);
        if condition.is_empty() { Condition::all().add(Expr::val(1).eq(1)) } else { condition }
    }

    fn of_office(&self, office: &OfficeCode) -> Condition {
        Condition::any()
            .add(cases::Column::LeadOffice.eq(office.as_str()))
            .add(self.with_part(case_office::Column::Office.eq(office.as_str())))
    }

    /// Cases that have a matter in an office for which this holds.
    fn with_part(&self, holds: Expr) -> Expr {
        let of: SelectStatement = case_office::Entity::find()
            .select_only()
            .column(case_office::Column::CaseId)
            .filter(case_office::Column::Hall.eq(self.h()))
            .filter(holds)
            .into_query();
        cases::Column::Id.in_subquery(of)
    }

    /// Cases of which somebody, or its office, holds a piece.
    fn held(&self, person: &Username, office: Option<&OfficeCode>) -> Expr {
        use custody_item::Column as I;
        let at = |kind: &str, key: &str| I::Place.eq(kind).and(I::PlaceKey.eq(key));
        let holds = Condition::any()
            .add(at("person", person.as_str()))
            .add_option(office.map(|office| at("office", office.as_str())));
        let of: SelectStatement = custody_item::Entity::find()
            .select_only()
            .column(I::CaseId)
            .filter(I::Hall.eq(self.h()))
            .filter(holds)
            .into_query();
        cases::Column::Id.in_subquery(of)
    }

    /// Rows of this kind, with their key in `id`, that are found by what was typed.
    pub(crate) fn found(&self, id: &'static str, kind: &'static str, typed: &str) -> Condition {
        match search::query(typed) {
            None => nothing(),
            Some(query) => {
                Condition::all().add(backend::matches(self.backend(), self.hall().as_str(), kind, id, &query))
            }
        }
    }
}

fn of_enterprises(keys: &[String]) -> Condition {
    if keys.is_empty() {
        return nothing();
    }
    Condition::any()
        .add(cases::Column::Enterprise.is_in(keys.iter().cloned()))
        .add(cases::Column::Applicant.is_in(keys.iter().cloned()))
}

/// A condition that no row meets.
pub(crate) fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}
