use super::ProofError;
use crate::domain::{AppId, Apps, EmailAddress, LinkToken, Locator, ResetRecord};
use crate::ports::{Cancellations, Clock, ResetRecords};

/// Kills everything that is outstanding for the address that a link was mailed to: "this wasn't
/// me".
///
/// A person who has the link could change the password with it, so it is proof enough for less.
#[derive(Debug, Clone)]
pub struct CancelReset<S, C> {
    /// Where links and codes are.
    pub store: S,
    /// What decides about expiry.
    pub clock: C,
}

/// A reset that was cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The app that it was of.
    pub app: AppId,
    /// The address that the mail went to.
    pub email: String,
}

impl<S: ResetRecords + Cancellations, C: Clock> CancelReset<S, C> {
    /// Kills every live link and the code of the address that `token` is for, in every app. A
    /// link that has cancelled cancels nothing once more, and is told the same.
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
        let now = self.clock.now();
        let record = self.store.load(&locator).await?;
        let record = record.ok_or(ProofError::Invalid)?;
        if !record.was_cancelled_by(&link) {
            record.live_link(&link, now).ok_or(ProofError::Invalid)?;
            self.revoke_in_other_apps(apps, &record).await?;
            if self.store.cancel(&locator, &link, now).await?.is_none() {
                // It may have been this very cancellation, whose answer was lost.
                let newer = self.store.load(&locator).await?;
                newer
                    .filter(|newer| newer.was_cancelled_by(&link))
                    .ok_or(ProofError::Invalid)?;
            }
        }
        Ok(Cancelled {
            app: record.app,
            email: record.email,
        })
    }

    async fn revoke_in_other_apps(
        &self,
        apps: &Apps,
        record: &ResetRecord,
    ) -> Result<(), ProofError> {
        let Ok(email) = EmailAddress::parse(&record.email) else {
            return Ok(());
        };
        for app in apps.iter().filter(|app| app.id != record.app) {
            self.store
                .revoke_all(&Locator::new(&app.id, &email))
                .await?;
        }
        Ok(())
    }
}
