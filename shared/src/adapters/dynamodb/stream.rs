//! What travels from the table to the mail worker.

use aws_lambda_events::event::dynamodb::EventRecord;
use serde::{Deserialize, Serialize};
use serde_dynamo::AttributeValue;

use super::keys::{self, OutboxKey};
use super::stored_key::StoredKey;
use crate::domain::{
    AppId, ClientInfo, EmailAddress, Job, JobTask, Notice, NoticeId, OtherRecipients, RequestId,
    ResetRequest, Timestamp,
};

/// Version of the stored shapes of `request#` and `notice#` items, which others may subscribe to.
const VERSION: u32 = 1;

/// A `request#` item, without its key and the times that limits are made of.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredRequest {
    v: u32,
    app: String,
    email_typed: String,
    email: String,
    locale: Option<String>,
    reset_url: Option<String>,
    client_ip: String,
    user_agent: String,
    request_id: String,
    requested_at: i64,
}

impl From<&ResetRequest> for StoredRequest {
    fn from(request: &ResetRequest) -> Self {
        Self {
            v: VERSION,
            app: request.app.as_str().to_owned(),
            email_typed: request.email.typed().to_owned(),
            email: request.email.normalised().to_owned(),
            locale: request.locale.clone(),
            reset_url: request.reset_url.clone(),
            client_ip: request.client.ip.clone(),
            user_agent: request.client.user_agent.clone(),
            request_id: request.id.as_str().to_owned(),
            requested_at: request.requested_at.unix_seconds(),
        }
    }
}

impl TryFrom<StoredRequest> for ResetRequest {
    type Error = String;

    fn try_from(stored: StoredRequest) -> Result<Self, String> {
        let email = EmailAddress::parse(&stored.email_typed).map_err(|error| error.to_string())?;
        Ok(Self {
            id: RequestId::new(&stored.request_id),
            app: AppId::new(&stored.app).ok_or("the app's name is none")?,
            email,
            locale: stored.locale,
            reset_url: stored.reset_url,
            client: ClientInfo {
                ip: stored.client_ip,
                user_agent: stored.user_agent,
            },
            requested_at: Timestamp::from_unix_seconds(stored.requested_at),
        })
    }
}

/// A `notice#` item, without its key.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredNotice {
    v: u32,
    app: String,
    user_key: StoredKey,
    email: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    changed_at: i64,
}

impl From<&Notice> for StoredNotice {
    fn from(notice: &Notice) -> Self {
        Self {
            v: VERSION,
            app: notice.app.as_str().to_owned(),
            user_key: StoredKey::from(&notice.user_key),
            email: notice.email.clone(),
            others: notice.others.as_slice().to_vec(),
            locale: notice.locale.clone(),
            changed_at: notice.changed_at.unix_seconds(),
        }
    }
}

/// The jobs that a stream record asks for, one for each mail; none for records of other items.
pub fn jobs_from_record(record: EventRecord) -> Vec<Job> {
    let Some(AttributeValue::S(pk)) = record.change.keys.get(keys::PK) else {
        return Vec::new();
    };
    let image = record.change.new_image;
    let tasks = match (OutboxKey::parse(pk), record.event_name.as_str()) {
        (Some(OutboxKey::Request(_)), "INSERT" | "MODIFY") => reset_task(image),
        (Some(OutboxKey::Notice(id)), "INSERT") => changed_tasks(id, image),
        _ => return Vec::new(),
    };
    let tasks = tasks.unwrap_or_else(|reason| {
        vec![JobTask::Unreadable {
            event_id: record.event_id,
            reason,
        }]
    });
    let job = |task| Job {
        pk: pk.clone(),
        task,
    };
    tasks.into_iter().map(job).collect()
}

fn reset_task(image: serde_dynamo::Item) -> Result<Vec<JobTask>, String> {
    let stored: StoredRequest = read(image)?;
    let request = ResetRequest::try_from(stored)?;
    Ok(vec![JobTask::Reset(Box::new(request))])
}

fn changed_tasks(id: &str, image: serde_dynamo::Item) -> Result<Vec<JobTask>, String> {
    let stored: StoredNotice = read(image)?;
    let notice = Notice {
        id: NoticeId::from_stored(id.to_owned()),
        app: AppId::new(&stored.app).ok_or("the app's name is none")?,
        user_key: stored.user_key.into(),
        email: stored.email,
        others: OtherRecipients::from_stored(stored.others),
        locale: stored.locale,
        changed_at: Timestamp::from_unix_seconds(stored.changed_at),
    };
    let mails = notice.mails().into_iter();
    Ok(mails.map(JobTask::Changed).collect())
}

fn read<T: for<'a> Deserialize<'a>>(image: serde_dynamo::Item) -> Result<T, String> {
    serde_dynamo::from_item(image).map_err(|error| error.to_string())
}
