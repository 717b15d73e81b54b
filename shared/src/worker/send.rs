use std::sync::PoisonError;

use super::outcome::{JobResult, Step};
use super::{JobError, JobOutcome, Worker, WorkerPorts};
use crate::domain::{Delivery, DeliveryState, IssuedSecrets, Locator, Notice, ResetRequest};
use crate::ports::{
    MailError, MailSlot, Mailer, Notices as _, OutgoingMail, ResetRecordStore as _, Sleep as _,
};

pub(super) struct PreparedMail<'j> {
    pub(super) mail: OutgoingMail,
    /// Its room under the cap.
    pub(super) slot: Option<MailSlot>,
    /// Whether other accounts have the address in another spelling.
    pub(super) shares_address: bool,
    /// Where its delivery is recorded.
    pub(super) origin: Origin<'j>,
}

/// The job that a mail belongs to.
pub(super) enum Origin<'j> {
    Reset {
        request: &'j ResetRequest,
        locator: Locator,
        secrets: IssuedSecrets,
        /// Tries before this one of which nobody knows whether SES took the mail.
        unclear_tries: u32,
    },
    Notice(&'j Notice),
}

impl<P: WorkerPorts> Worker<P> {
    /// Hands a mail over, and records what became of it.
    pub(super) async fn send(
        &self,
        mailer: &P::Mailer,
        prepared: PreparedMail<'_>,
    ) -> Step<JobOutcome> {
        let begun = self.clock.instant();
        let sent = mailer.send(&prepared.mail).await;
        let took = self.clock.instant().duration_since(begun);
        let recent = self.recent_sends.lock();
        recent.unwrap_or_else(PoisonError::into_inner).add(took);
        // What was certainly not taken does not count: else an outage of SES would use the cap up by
        // itself, and mails would wait on after it.
        if is_certainly_unsent(&sent) {
            self.release_slot(prepared.slot).await;
        }
        let (delivery, concluded) = self.conclude(sent, prepared.shares_address);
        if let Some(delivery) = delivery {
            self.record_sent(&prepared.origin, &delivery).await;
        }
        Ok(concluded?)
    }

    async fn record_sent(&self, origin: &Origin<'_>, delivery: &Delivery) {
        match origin {
            Origin::Reset {
                request,
                locator,
                secrets,
                unclear_tries,
            } => {
                let unmailed = (delivery.state != DeliveryState::Sent).then_some(secrets);
                let delivery = delivery.clone().of_link(&secrets.link);
                let delivery = delivery.after_unclear_tries(*unclear_tries);
                let write = || {
                    self.store
                        .record_delivery(locator, &request.id, &delivery, unmailed)
                };
                self.record_with_retries(&delivery, write).await;
            }
            Origin::Notice(notice) => {
                let write = || self.store.record_notice_delivery(&notice.id, delivery);
                self.record_with_retries(delivery, write).await;
            }
        }
    }

    /// What handing over a mail means for its delivery and its job.
    fn conclude(
        &self,
        sent: Result<String, MailError>,
        shares_address: bool,
    ) -> (Option<Delivery>, JobResult) {
        match sent {
            Ok(message_id) => (
                Some(self.delivery(DeliveryState::Sent, Some(&message_id))),
                Ok(JobOutcome::Sent {
                    message_id,
                    shares_address,
                }),
            ),
            Err(MailError::RecipientRejected(reason)) => (
                Some(self.delivery(DeliveryState::Failed, Some(&reason))),
                Ok(JobOutcome::Failed { reason }),
            ),
            Err(MailError::NotAccepted(reason)) => (
                Some(self.delivery(DeliveryState::Deferred, Some(&reason))),
                Err(JobError::Retry(reason)),
            ),
            Err(MailError::MailRefused(reason)) => (
                Some(self.delivery(DeliveryState::Deferred, Some(&reason))),
                Err(JobError::Broken(reason)),
            ),
            // Still pending: it may be in the inbox, so its link must live.
            Err(MailError::Unknown(reason)) => (None, Err(JobError::Retry(reason))),
        }
    }
}

fn is_certainly_unsent(sent: &Result<String, MailError>) -> bool {
    match sent {
        Ok(_) | Err(MailError::Unknown(_)) => false,
        Err(
            MailError::NotAccepted(_) | MailError::MailRefused(_) | MailError::RecipientRejected(_),
        ) => true,
    }
}
