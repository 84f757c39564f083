//! A paper that a page shows as names and values.

use super::form::Head;
use app::{PaperForm, PaperOutline};
use domain::identity::mask_phone;

/// A paper without a layout of its own on the screen; its PDF has it.
#[derive(Clone, Debug)]
pub(super) struct Outlined {
    pub(super) head: Head,
    pub(super) title: String,
    pub(super) outline: PaperOutline,
}

impl Outlined {
    /// The outline of a form, if it has one.
    pub(super) fn of(form: &PaperForm) -> Option<Self> {
        let head = Head { number: form.head().number.clone(), check_url: form.head().check_url.clone() };
        form.outline().map(|outline| Self { head, title: form.title().to_owned(), outline })
    }

    /// Masks the client's telephone.
    pub(super) fn mask(&mut self) {
        for fact in self.outline.facts.iter_mut().filter(|fact| fact.is_client_phone) {
            fact.value = mask_phone(&fact.value);
        }
    }
}
