//! Sentences that need names: codes of matters, offices, people and papers become what they are called before a message is
//! filled in.

use crate::i18n::{Lang, fill};
use app::{FieldError, Reference};
use domain::case::{Case, Refusal};
use domain::custody::Place;
use domain::ids::{ItemId, MatterCode, OfficeCode, TemplateCode, Username};
use std::collections::BTreeMap;

/// Makes sentences in one language, with the hall's names at hand.
#[derive(Clone, Copy)]
pub struct Say<'a> {
    /// The language.
    pub l: Lang,
    /// Catalogue and directory.
    pub reference: &'a Reference,
    /// The case that is spoken of, for the names of its pieces.
    pub case: Option<&'a Case>,
}

impl<'a> Say<'a> {
    /// Without a case.
    #[must_use]
    pub fn new(l: Lang, reference: &'a Reference) -> Self {
        Self { l, reference, case: None }
    }

    /// About a case.
    #[must_use]
    pub fn about(self, case: &'a Case) -> Self {
        Self { case: Some(case), ..self }
    }

    /// What is in the way and what to do next (`refusal.<code>`), without the clause.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal) -> String {
        self.message(&format!("refusal.{}", refusal.code.name()), &refusal.params)
    }

    /// What is wrong with a field and how to mend it (`field.<code>`).
    #[must_use]
    pub fn field_error(&self, error: &FieldError) -> String {
        let key = format!("field.{}", error.code);
        let key = if self.l.has(&key) { key } else { "field.invalid".to_owned() };
        self.message(&key, &error.params)
    }

    /// A message whose parameters may be codes.
    #[must_use]
    pub fn message(&self, key: &str, params: &BTreeMap<String, String>) -> String {
        fill(&self.l.t(key), |name| params.get(name).map(|value| self.named(name, value)))
    }

    /// What a code is called, by the kind of parameter that carries it; a text that is no code stays as it is.
    fn named(&self, param: &str, value: &str) -> String {
        match param {
            "matter" => self.matter(&value.into()),
            "matters" => self.each(value, |code| self.matter(&code.into())),
            "materials" => self.each(value, |name| self.item(&name.into())),
            "results" => self.each(value, str::to_owned),
            "template" => self.template(&value.into()),
            "office" => self.office(&value.into()),
            "person" => self.person(&value.into()),
            "item" => self.item(&value.into()),
            "status" => self.word("common.status", value),
            "gaps" => self.each(value, |gap| self.word("common.gap", gap)),
            "unit" => self.word("common.day_unit", value),
            "field" => self.word("common.field", value),
            _ => value.to_owned(),
        }
    }

    fn each(&self, value: &str, name: impl Fn(&str) -> String) -> String {
        let names: Vec<String> = value.split('、').map(name).collect();
        self.l.list(&names)
    }

    /// The word for a code of a closed list (`<table>.<code>`), or the code where it is not on it.
    #[must_use]
    pub fn word(&self, table: &str, code: &str) -> String {
        word(self.l, table, code)
    }

    /// A matter's name, in Chinese in either language: it is the law's own.
    #[must_use]
    pub fn matter(&self, code: &MatterCode) -> String {
        self.reference.catalogue.matter(code).map_or_else(|| code.to_string(), |matter| matter.name.clone())
    }

    /// A template's name.
    #[must_use]
    pub fn template(&self, code: &TemplateCode) -> String {
        self.reference.catalogue.template(code).map_or_else(|| code.to_string(), |template| template.name.clone())
    }

    /// An office's name.
    #[must_use]
    pub fn office(&self, code: &OfficeCode) -> String {
        self.reference.directory.office_name(code).to_owned()
    }

    /// A person's name; the program itself has one too.
    #[must_use]
    pub fn person(&self, username: &Username) -> String {
        if username.as_str() == "bangban" {
            return self.l.t("common.program").into_owned();
        }
        self.reference.directory.person_name(username).to_owned()
    }

    /// What a piece handed in is: the name of its material.
    #[must_use]
    pub fn item(&self, id: &ItemId) -> String {
        let material = self.case.and_then(|case| case.item(id).and_then(|item| case.material(&item.material)));
        material.map_or_else(|| id.to_string(), |material| material.spec.name.clone())
    }

    /// Where a piece is, in words.
    #[must_use]
    pub fn place(&self, place: &Place) -> String {
        let l = self.l;
        match place {
            Place::Client => l.t("common.place.client").into_owned(),
            Place::Person(person) => self.person(person),
            Place::Office(office) => self.office(office),
            Place::Window(window) => l.tr("common.place.window", &[("window", window)]),
            Place::Courier { carrier, number } => {
                l.tr("common.place.courier", &[("carrier", carrier), ("number", number)])
            }
            Place::Kept { office, reason } => {
                l.tr("common.place.kept", &[("office", &self.office(office)), ("reason", reason)])
            }
        }
    }
}

/// The word for a code of a closed list (`<table>.<code>`), or the code where it is not on it.
#[must_use]
pub fn word(l: Lang, table: &str, code: &str) -> String {
    let key = format!("{table}.{code}");
    if l.has(&key) { l.t(&key).into_owned() } else { code.to_owned() }
}

/// The word of any code whose JSON form is a plain text, such as a status, a mode or an outcome.
#[must_use]
pub fn word_of(l: Lang, table: &str, value: &impl serde::Serialize) -> String {
    word(l, table, serde_json::to_value(value).ok().as_ref().and_then(|v| v.as_str()).unwrap_or_default())
}
