use super::ProofError;
use crate::domain::{AppId, Apps, EmailAddress, LinkToken, Locator};
use crate::ports::{Clock, ResetRecords, Revocations, SAVE_ATTEMPTS, SaveOutcome, StoreError};

/// Kills everything that is outstanding for the address that a link was mailed to: "this wasn't
/// me".
///
/// A person who has the link could change the password with it, so it is proof enough for less.
#[derive(Debug, Clone)]
pub struct CancelReset<S, C> {
    /// Where links and codes are.
    pub store: S,
    pub clock: C,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    pub app: AppId,
    /// The address that the mail went to.
    pub email: String,
}

impl<S: ResetRecords + Revocations, C: Clock> CancelReset<S, C> {
    /// Kills every live link and code of the address that `token` is for, in every app. A link that
    /// has cancelled cancels once more what was mailed since.
    ///
    /// # Errors
    ///
    /// [`ProofError`]; the link is dead only when every other one is.
    pub async fn execute(
        &self,
        apps: &Apps,
        token: Option<&LinkToken>,
    ) -> Result<Cancelled, ProofError> {
        let token = token.ok_or(ProofError::Invalid)?;
        let (locator, link) = (token.locator(), token.secret_hash());
        for _ in 0..SAVE_ATTEMPTS {
            let record = self.store.load(&locator).await?;
            let mut record = record.ok_or(ProofError::Invalid)?;
            let email = record.cancel(&link, self.clock.now());
            let email = email.ok_or(ProofError::Invalid)?;
            self.revoke_in_other_apps(apps, &record.app, &email).await?;
            if self.store.save_ended(&locator, &record).await? == SaveOutcome::Saved {
                let app = record.app;
                return Ok(Cancelled { app, email });
            }
        }
        Err(StoreError::Contended("the record kept changing".to_owned()).into())
    }

    async fn revoke_in_other_apps(
        &self,
        apps: &Apps,
        own: &AppId,
        email: &str,
    ) -> Result<(), ProofError> {
        let Ok(email) = EmailAddress::parse(email) else {
            return Ok(());
        };
        for app in apps.iter().filter(|app| app.id != *own) {
            self.store
                .revoke_all(&Locator::new(&app.id, &email))
                .await?;
        }
        Ok(())
    }
}
