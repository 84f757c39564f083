//! Drafts of forms, kept on the server: nothing that was typed is lost by leaving.

use crate::AppError;
use crate::accounts::User;
use crate::app::App;
use store::DraftRecord;

impl App {
    /// The draft of a form.
    ///
    /// # Errors
    /// What the store says.
    pub async fn draft(&self, user: &User, form: &str) -> Result<Option<String>, AppError> {
        let draft = self.inner.store.draft(&user.actor.username, form).await?;
        Ok(draft.map(|draft| draft.body_json))
    }

    /// Keeps the draft of a form.
    ///
    /// # Errors
    /// What the store says.
    pub async fn put_draft(&self, user: &User, form: &str, body_json: &str) -> Result<(), AppError> {
        let draft = DraftRecord {
            owner: user.actor.username.clone(),
            form: form.to_owned(),
            body_json: body_json.to_owned(),
            updated_at: self.now(),
        };
        self.inner.store.write(move |tx| Box::pin(async move { tx.put_draft(&draft).await })).await?;
        Ok(())
    }

    /// Forgets the draft of a form that was sent.
    ///
    /// # Errors
    /// What the store says.
    pub async fn drop_draft(&self, user: &User, form: &str) -> Result<(), AppError> {
        let (owner, form) = (user.actor.username.clone(), form.to_owned());
        self.inner.store.write(move |tx| Box::pin(async move { tx.delete_draft(&owner, &form).await })).await?;
        Ok(())
    }
}
