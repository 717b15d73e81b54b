use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::directory::DynamoUsers;
use super::mapping::value;
use super::path::AttributePath;
use crate::adapters::dynamodb::backoff::while_contended;
use crate::adapters::dynamodb::errors::store_error;
use crate::adapters::dynamodb::items::{Item, text};
use crate::domain::{AppId, Timestamp, UserKey};
use crate::ports::{EndedPage, EndedSessions, Sessions, StoreError};

/// Sessions of a page.
const PAGE: i32 = 100;
/// Sessions of a page that are deleted at once.
const AT_ONCE: usize = 16;
/// Times that a session is looked at again because it has changed meanwhile.
const DELETE_ATTEMPTS: usize = 3;
/// From this number on a time is in milliseconds: as seconds it is the year 5138.
const MILLIS_FROM: i64 = 100_000_000_000;

/// Where things are in a team's table of sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionsMapping {
    pub table: String,
    pub key: String,
    pub sort_key: Option<String>,
    /// The index to ask for a user's sessions; the table itself when there is none.
    pub index: Option<String>,
    /// The attribute that says whose a session is: the partition key of the index or table.
    pub user: String,
    /// Its value; the user's partition key as it is when there is none.
    pub user_key: Option<SessionUserKey>,
    /// The attribute that says when a session began.
    pub began: AttributePath,
}

/// The text by which sessions name their user, in which `{key}` stands for the user's partition key and
/// `{sort_key}` for the sort key: `USER#{key}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUserKey(String);

impl SessionUserKey {
    const KEY: &str = "{key}";
    const SORT_KEY: &str = "{sort_key}";

    /// The pattern with this text; `None` when it does not name the key once, without which users
    /// would share their sessions, or the sort key more than once.
    pub fn parse(text: &str) -> Option<Self> {
        let times = |name: &str| text.matches(name).count();
        let fits = times(Self::KEY) == 1 && times(Self::SORT_KEY) <= 1;
        fits.then(|| Self(text.to_owned()))
    }

    /// Whether it needs a user with a sort key.
    pub fn names_sort_key(&self) -> bool {
        self.0.contains(Self::SORT_KEY)
    }

    fn fill(&self, user: &UserKey) -> String {
        let sort = user.sort.as_ref().map_or("", |sort| sort.as_str());
        let fill = |text: &str| text.replace(Self::SORT_KEY, sort);
        // What a key is made of is never looked at for names.
        let (before, behind) = self.0.split_once(Self::KEY).unwrap_or((&self.0, ""));
        let key = user.partition.as_str();
        format!("{}{key}{}", fill(before), fill(behind))
    }
}

impl SessionsMapping {
    /// Whether a session says in a known form when it began.
    pub fn is_dated(&self, item: &Item) -> bool {
        self.began.of(item).is_some_and(|it| began_at(it).is_some())
    }

    fn user_value(&self, user: &UserKey) -> AttributeValue {
        match &self.user_key {
            Some(pattern) => text(pattern.fill(user)),
            None => value(&user.partition),
        }
    }

    /// The key of an item of the table or its index.
    fn key_of(&self, item: &Item) -> Option<Item> {
        let names = [Some(&self.key), self.sort_key.as_ref()];
        let part = |name: &String| Some((name.clone(), item.get(name)?.clone()));
        names.into_iter().flatten().map(part).collect()
    }
}

/// One session that may have to end.
struct Session<'a> {
    mapping: &'a SessionsMapping,
    key: Item,
    user: &'a AttributeValue,
    changed_at: Timestamp,
}

impl Sessions for DynamoUsers {
    type PageStart = Item;

    fn are_stored(&self, app: &AppId) -> bool {
        self.tables.of(app).sessions.is_some()
    }

    async fn end_page(
        &self,
        app: &AppId,
        user: &UserKey,
        changed_at: Timestamp,
        from: Option<&Item>,
    ) -> Result<EndedPage<Item>, StoreError> {
        let mut ended = EndedSessions::default();
        let Some(mapping) = &self.tables.of(app).sessions else {
            return Ok(EndedPage { ended, next: None });
        };
        let user = &mapping.user_value(user);
        let found = self
            .client
            .query()
            .table_name(&mapping.table)
            .set_index_name(mapping.index.clone())
            .key_condition_expression("#user = :user")
            .expression_attribute_names("#user", &mapping.user)
            .expression_attribute_values(":user", user.clone())
            // An index has no other reads.
            .consistent_read(mapping.index.is_none())
            .limit(PAGE)
            .set_exclusive_start_key(from.cloned())
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        let deletions = found.items.unwrap_or_default().into_iter().map(|item| {
            let session = mapping.key_of(&item).map(|key| Session {
                mapping,
                key,
                user,
                changed_at,
            });
            async move {
                match session {
                    Some(session) => self.end(&session, item).await,
                    None => Err(StoreError::Misconfigured(
                        "a session has another key than the settings say".to_owned(),
                    )),
                }
            }
        });
        let deletions = stream::iter(deletions.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
        let deleted: Vec<_> = deletions.try_collect().await?;
        for is_dated in deleted.into_iter().flatten() {
            ended.ended += 1;
            ended.undated += u32::from(!is_dated);
        }
        let next = found.last_evaluated_key.filter(|key| !key.is_empty());
        Ok(EndedPage { ended, next })
    }
}

impl DynamoUsers {
    /// Deletes a session if it is to end, and says whether it told when it began. An index may show
    /// it as it was, or not when it began, so that the table has the last word.
    async fn end(&self, session: &Session<'_>, mut item: Item) -> Result<Option<bool>, StoreError> {
        for _ in 0..DELETE_ATTEMPTS {
            let began = session.mapping.began.of(&item);
            let began_at = began.and_then(began_at);
            if began_at.is_some_and(|at| at > session.changed_at.unix_seconds()) {
                return Ok(None);
            }
            match self.delete_if_same(session, began).await? {
                Deletion::Done => return Ok(Some(began_at.is_some())),
                Deletion::Refused(Some(now))
                    if now.get(&session.mapping.user) == Some(session.user) =>
                {
                    item = now;
                }
                // It has gone, or has become another user's.
                Deletion::Refused(_) => return Ok(None),
            }
        }
        Err(StoreError::Contended("a session kept changing".to_owned()))
    }

    async fn delete_if_same(
        &self,
        session: &Session<'_>,
        began: Option<&AttributeValue>,
    ) -> Result<Deletion, StoreError> {
        let path = &session.mapping.began;
        let place = path.expression("began");
        let began_then = match began {
            Some(_) => format!("{place} = :began"),
            None => format!("attribute_not_exists({place})"),
        };
        while_contended(|| async {
            let mut delete = self
                .client
                .delete_item()
                .table_name(&session.mapping.table)
                .set_key(Some(session.key.clone()))
                .condition_expression(format!("#user = :user AND {began_then}"))
                .expression_attribute_names("#user", &session.mapping.user)
                .expression_attribute_values(":user", session.user.clone())
                .return_values_on_condition_check_failure(
                    ReturnValuesOnConditionCheckFailure::AllOld,
                );
            for (alias, name) in path.aliases("began") {
                delete = delete.expression_attribute_names(format!("#{alias}"), name);
            }
            if let Some(began) = began {
                delete = delete.expression_attribute_values(":began", began.clone());
            }
            match delete.send().await {
                Ok(_) => Ok(Deletion::Done),
                Err(error) => match error.as_service_error() {
                    Some(DeleteItemError::ConditionalCheckFailedException(refused)) => {
                        Ok(Deletion::Refused(refused.item.clone()))
                    }
                    _ => Err(store_error(&error)),
                },
            }
        })
        .await
    }
}

/// What became of deleting a session.
#[must_use]
enum Deletion {
    Done,
    /// It is not as it was read; as it is, if it is there.
    Refused(Option<Item>),
}

/// When a session began, in whole seconds since 1970; none when that is not said in a known form.
fn began_at(value: &AttributeValue) -> Option<i64> {
    match value {
        AttributeValue::N(number) => unix_seconds(number),
        AttributeValue::S(text) => unix_seconds(text).or_else(|| iso_8601(text)),
        _ => None,
    }
}

/// Of a number of seconds or milliseconds, which may have decimals.
fn unix_seconds(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = whole.parse().ok()?;
    let is_number = decimals.chars().all(|c| c.is_ascii_digit());
    let is_millis = number >= MILLIS_FROM;
    is_number.then_some(if is_millis { number / 1000 } else { number })
}

/// Of a date and a time; in UTC where it names no offset.
fn iso_8601(text: &str) -> Option<i64> {
    let read = |text: &str| DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).ok();
    let time = read(text).or_else(|| read(&format!("{text}Z")))?;
    Some(time.secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ScalarValue;

    #[test]
    fn a_beginning_is_read_in_the_forms_of_the_field() {
        let second = Some(1_800_000_000);
        for number in ["1800000000", "1800000000.25", "1800000000999"] {
            assert_eq!(began_at(&AttributeValue::N(number.to_owned())), second);
            assert_eq!(began_at(&text(number)), second, "{number}");
        }
        for time in [
            "2027-01-15T08:00:00Z",
            "2027-01-15T08:00:00.999Z",
            "2027-01-15T08:00:00.123456",
            "2027-01-15T08:00:00+00:00",
            "2027-01-15T09:30:00.5+01:30",
        ] {
            assert_eq!(began_at(&text(time)), second, "{time}");
        }
        for unknown in [
            "",
            "yesterday",
            "Fri Jan 15 2027",
            "1.8e9",
            "1800000000.x",
            ".",
        ] {
            assert_eq!(began_at(&text(unknown)), None, "{unknown}");
        }
        assert_eq!(began_at(&AttributeValue::Null(true)), None);
    }

    #[test]
    fn a_session_names_its_user_as_the_pattern_says() {
        let user = |partition: &str, sort: Option<&str>| UserKey {
            partition: ScalarValue::Text(partition.to_owned()),
            sort: sort.map(|sort| ScalarValue::Text(sort.to_owned())),
        };
        let filled =
            |pattern, user: &UserKey| SessionUserKey::parse(pattern).map(|it| it.fill(user));
        let ann = user("7", Some("A"));
        assert_eq!(filled("USER#{key}", &ann).as_deref(), Some("USER#7"));
        let both = "{sort_key}/{key}/x";
        assert_eq!(filled(both, &ann).as_deref(), Some("A/7/x"));
        let as_it_is = SessionsMapping {
            table: String::new(),
            key: String::new(),
            sort_key: None,
            index: None,
            user: String::new(),
            user_key: None,
            began: AttributePath::parse("at").expect("a path"),
        };
        let number = UserKey {
            partition: ScalarValue::Number("7".to_owned()),
            sort: None,
        };
        let number = as_it_is.user_value(&number);
        assert_eq!(number, AttributeValue::N("7".to_owned()));
        let odd = user("{sort_key}", Some("{key}"));
        assert_eq!(filled(both, &odd).as_deref(), Some("{key}/{sort_key}/x"));
        for bad in [
            "",
            "PROFILE",
            "{sort_key}",
            "{key}{key}",
            "{key}{sort_key}{sort_key}",
        ] {
            assert_eq!(SessionUserKey::parse(bad), None, "{bad}");
        }
    }
}
