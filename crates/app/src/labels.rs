//! Labels to stick on what was handed in (S3.2).

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use crate::papers::form_of;
use documents::{CustodyLabel, CustodyLabels, Form, Head};
use domain::access::Action;
use domain::case::Case;
use domain::custody::{Item, PieceForm};
use domain::ids::CaseId;

impl App {
    /// A sheet of labels as a PDF, one for each piece on paper, each with a code that opens the piece's own page. Nothing of it is
    /// kept: a sheet proves nothing, and it can be printed again at any time.
    ///
    /// # Errors
    /// Not found, also where the case has no piece on paper.
    pub async fn labels(&self, user: &User, id: &CaseId) -> Result<Vec<u8>, AppError> {
        let (_, case) = self.load(id).await?;
        self.granted(user, &case, Action::SeeCase)?;
        let labels = labels(&case, &self.inner.public_url);
        if labels.is_empty() {
            return Err(AppError::NotFound);
        }
        let head = Head {
            number: case.number.clone(),
            hall: self.reference().directory.bureau.clone(),
            code: String::new(),
            check_url: self.inner.public_url.clone(),
            version: 1,
        };
        let form = Form::CustodyLabels(CustodyLabels { head, labels, used: 0 });
        Ok(self.render(form, self.now()).await?.1.pdf)
    }
}

/// The labels of a case in the order in which its pieces were listed. An electronic piece has nothing to stick one on.
fn labels(case: &Case, public_url: &str) -> Vec<CustodyLabel> {
    let on_paper = case.items.iter().filter(|item| item.form != PieceForm::Electronic);
    let label = |item: &Item| {
        let name = case.material(&item.material)?.spec.name.clone();
        Some(CustodyLabel {
            case_number: case.number.clone(),
            item: item.id.to_string(),
            name: item.label.as_ref().map_or(name.clone(), |label| format!("{name}（{label}）")),
            form: form_of(item.form),
            address: format!("{public_url}/cases/{}/items/{}", case.id, item.id),
        })
    };
    on_paper.filter_map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::tests::sample::Sample;
    use domain::case::DeliveryWay;

    #[test]
    fn s3_2_each_piece_on_paper_has_a_label_that_opens_its_own_page() {
        let sample = Sample::running(DeliveryWay::InPerson);
        let labels = labels(&sample.case, "https://hall.example");
        assert_eq!(labels.len(), sample.case.items.len() - 2, "two pieces are electronic");
        let promise = labels.iter().find(|label| label.name == "恢复承诺书").unwrap();
        assert_eq!(promise.case_number, "2026-0187");
        assert_eq!(promise.address, format!("https://hall.example/cases/case-1/items/{}", promise.item));
        let addresses: std::collections::BTreeSet<_> = labels.iter().map(|label| &label.address).collect();
        assert_eq!(addresses.len(), labels.len());
    }
}
