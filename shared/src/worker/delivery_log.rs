use std::future::Future;
use std::time::Duration;

use super::{Worker, WorkerPorts};
use crate::domain::{Delivery, DeliveryState, JobTask};
use crate::ports::{Clock as _, Notices as _, ResetRecordStore as _, Sleep as _, StoreError};

/// Waits before each further try to record a job's end, in milliseconds: a quarter of a minute in all.
/// The tries take time too: where each meets a timeout that is half a minute more.
const PAUSES_MILLIS: [u64; 6] = [250, 500, 1_000, 2_000, 4_000, 8_000];

impl<P: WorkerPorts> Worker<P> {
    /// Records what became of a job.
    ///
    /// Nothing else says that a job has ended. When a job before it in its batch is to be tried again,
    /// the stream brings both, and a job whose end was not recorded would be done twice. So it is
    /// worth waiting for a store that may answer again soon.
    pub(super) async fn record_with_retries<F>(&self, delivery: &Delivery, write: impl Fn() -> F)
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        let is_final = delivery.state.is_final();
        let mut pauses = PAUSES_MILLIS.iter().filter(|_| is_final);
        while let Err(error) = write().await {
            match pauses.next() {
                Some(millis) if error.may_pass() => {
                    self.clock.sleep(Duration::from_millis(*millis)).await;
                }
                _ => {
                    tracing::warn!(%error, "failed to record what became of a job");
                    return;
                }
            }
        }
    }

    pub(super) fn delivery(&self, state: DeliveryState, detail: Option<&str>) -> Delivery {
        Delivery::new(state, self.clock.now(), detail)
    }

    /// Records that a job was given up.
    pub(super) async fn record_parked(&self, task: &JobTask) {
        let delivery = self.delivery(DeliveryState::Failed, Some("parked"));
        match task {
            JobTask::Reset(request) => {
                let locator = request.locator();
                self.record_with_retries(&delivery, || {
                    self.store
                        .record_delivery(&locator, &request.id, &delivery, None)
                })
                .await;
            }
            JobTask::Changed(notice) => {
                self.record_with_retries(&delivery, || {
                    self.store.record_notice_delivery(&notice.id, &delivery)
                })
                .await;
            }
            JobTask::Unreadable { .. } => {}
        }
    }
}
