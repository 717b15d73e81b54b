use std::sync::atomic::{AtomicUsize, Ordering};

use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::put_item::PutItemRequest;

use serde_json::json;

use super::*;
use crate::clock::ManualClock;
use crate::dynamodb::in_memory;
use crate::invoke::InvokeError;
use crate::template::Table;

const TABLE: &str = "Things";
const START: u64 = 1_700_000_000;

/// A table, a poller and what the function got.
struct PollerFixture {
    clock: ManualClock,
    database: Database,
    poller: StreamPoller,
    seen: Arc<Mutex<Vec<Vec<String>>>>,
}

fn mapping() -> StreamMapping {
    StreamMapping {
        place: "Resources.Worker.Properties.Events.Things.Properties".to_owned(),
        function: "Worker".to_owned(),
        table: TABLE.to_owned(),
        stream_arn: "arn:aws:dynamodb:us-east-1:000000000000:table/Things/stream/local".to_owned(),
        filters: vec![json!({
            "eventName": ["INSERT", "MODIFY"],
            "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "request#"}]}}},
        })],
        batch_size: 4,
        window: Duration::ZERO,
        lanes: 1,
        max_age: Duration::from_mins(30),
    }
}

impl PollerFixture {
    fn new() -> Self {
        Self::with(mapping())
    }

    fn with(mapping: StreamMapping) -> Self {
        let table = Table {
            name: TABLE.to_owned(),
            request: json!({
                "TableName": TABLE,
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
            }),
            ttl_attribute: None,
        };
        let clock = ManualClock::new(START);
        let database = in_memory(&[table], clock.arc()).expect("valid");
        let poller =
            StreamPoller::new(database.clone(), mapping, clock.arc(), |_| ()).expect("valid");
        Self {
            clock,
            database,
            poller,
            seen: Arc::default(),
        }
    }

    fn put(&self, pk: &str) {
        let request = json!({"TableName": TABLE, "Item": {"pk": {"S": pk}, "n": {"N": "1"}}});
        let request: PutItemRequest = serde_json::from_value(request).expect("valid");
        self.database.put_item(request).expect("puts");
    }

    fn put_all(&self, names: &[&str]) {
        for name in names {
            self.put(&format!("request#{name}"));
        }
    }

    fn delete(&self, pk: &str) {
        let request = json!({"TableName": TABLE, "Key": {"pk": {"S": pk}}});
        let request: DeleteItemRequest = serde_json::from_value(request).expect("valid");
        self.database.delete_item(request).expect("deletes");
    }

    /// A function that notes what it gets and answers by `answer`.
    fn function<A: Fn(&Value) -> Result<Value, InvokeError>>(&self, answer: A) -> Function<A> {
        Function {
            seen: Arc::clone(&self.seen),
            answer,
        }
    }

    /// What a running poller does each time that it looks.
    async fn run_due(&mut self, function: &impl Invoke) {
        self.poller.read().expect("reads");
        for lane in &mut self.poller.lanes {
            lane.run_due(function).await;
        }
    }

    fn seen(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("whole");
        seen.iter().map(|names| names.join(" ")).collect()
    }
}

struct Function<A> {
    seen: Arc<Mutex<Vec<Vec<String>>>>,
    answer: A,
}

impl<A: Fn(&Value) -> Result<Value, InvokeError> + Sync> Invoke for Function<A> {
    async fn invoke(&self, function: &str, event: Value) -> Result<Value, InvokeError> {
        assert_eq!(function, "Worker");
        self.seen.lock().expect("whole").push(names(&event));
        (self.answer)(&event)
    }
}

fn names(event: &Value) -> Vec<String> {
    let records = event["Records"].as_array().expect("a list");
    records.iter().map(name).collect()
}

fn name(record: &Value) -> String {
    let pk = record["dynamodb"]["Keys"]["pk"]["S"]
        .as_str()
        .expect("a key");
    pk.trim_start_matches("request#").to_owned()
}

/// Fails at the record `bad`, as the mail worker reports it.
fn stops_at(bad: &'static str) -> impl Fn(&Value) -> Result<Value, InvokeError> {
    move |event| {
        let records = event["Records"].as_array().expect("a list");
        let failed = records.iter().find(|record| name(record) == bad);
        Ok(match failed {
            None => json!({"batchItemFailures": []}),
            Some(record) => {
                json!({"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]})
            }
        })
    }
}

/// Fails as a whole when the record `bad` is there.
fn crashes_at(bad: &'static str) -> impl Fn(&Value) -> Result<Value, InvokeError> {
    move |event| {
        if names(event).iter().any(|name| name == bad) {
            return Err(InvokeError::function("Runtime.Panic", "boom"));
        }
        Ok(Value::Null)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where others fail")]
fn fine(_: &Value) -> Result<Value, InvokeError> {
    Ok(Value::Null)
}

#[tokio::test]
async fn records_look_as_lambda_makes_them() {
    let mut fixture = PollerFixture::new();
    fixture.put("request#a");
    let event = Arc::new(Mutex::new(Value::Null));
    let kept = Arc::clone(&event);
    let function = move |_: String, event: Value| {
        *kept.lock().expect("whole") = event;
        async { Ok(Value::Null) }
    };
    fixture.poller.run_once(&function).await.expect("runs");
    let mut record = event.lock().expect("whole")["Records"][0].take();
    assert!(record["eventID"].take().is_string());
    assert!(record["dynamodb"]["SequenceNumber"].take().is_string());
    assert!(record["dynamodb"]["SizeBytes"].take().is_number());
    assert_eq!(
        record,
        json!({
            "eventID": null,
            "eventName": "INSERT",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "us-east-1",
            "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/Things/stream/local",
            "dynamodb": {
                "ApproximateCreationDateTime": 1_700_000_000.0,
                "Keys": {"pk": {"S": "request#a"}},
                "NewImage": {"pk": {"S": "request#a"}, "n": {"N": "1"}},
                "SequenceNumber": null,
                "SizeBytes": null,
                "StreamViewType": "NEW_IMAGE",
            },
        })
    );
}

#[tokio::test]
async fn the_filter_and_the_batch_size_hold() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a", "b"]);
    fixture.put("token#x");
    fixture.put_all(&["c", "d", "e"]);
    fixture.delete("request#a");
    let function = fixture.function(fine);
    let progress = fixture.poller.run_once(&function).await.expect("runs");
    assert_eq!(fixture.seen(), ["a b c d", "e"]);
    assert_eq!((progress.delivered, progress.pending), (5, 0));
    let nothing = fixture
        .poller
        .run_once(&fixture.function(fine))
        .await
        .expect("runs");
    assert_eq!(nothing, Progress::default());
}

#[tokio::test]
async fn a_partial_failure_resumes_at_the_failed_record() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a", "b", "c"]);
    let function = fixture.function(stops_at("b"));
    let progress = fixture.poller.run_once(&function).await.expect("runs");
    assert_eq!((progress.delivered, progress.pending), (1, 2));
    let rest = fixture
        .poller
        .drain(&fixture.function(fine))
        .await
        .expect("runs");
    assert_eq!((rest.delivered, rest.pending), (2, 0));
    assert_eq!(fixture.seen(), ["a b c", "b c"]);
}

#[tokio::test]
async fn a_batch_that_fails_holds_up_all_behind_it() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a", "b", "c", "d", "e"]);
    let function = fixture.function(stops_at("a"));
    let progress = fixture.poller.drain(&function).await.expect("runs");
    assert_eq!(
        (progress.delivered, progress.pending, progress.invocations),
        (0, 5, 1)
    );
}

#[tokio::test]
async fn bisecting_isolates_the_bad_record() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a", "b", "c", "d"]);
    let function = fixture.function(crashes_at("c"));
    let progress = fixture.poller.drain(&function).await.expect("runs");
    assert_eq!(fixture.seen(), ["a b c d", "a b", "c d", "c"]);
    assert_eq!((progress.delivered, progress.pending), (2, 2));
}

#[tokio::test]
async fn records_that_are_too_old_go_to_the_destination_untried() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a"]);
    fixture.clock.set(START + 1_000);
    fixture.put_all(&["b"]);
    fixture.clock.set(START + 1_800);
    let function = fixture.function(stops_at("a"));
    fixture.poller.run_once(&function).await.expect("runs");
    assert_eq!(fixture.seen(), ["a b"]);
    fixture.clock.set(START + 1_801);
    let function = fixture.function(fine);
    let progress = fixture.poller.drain(&function).await.expect("runs");
    assert_eq!((progress.delivered, progress.discarded), (1, 1));
    assert_eq!(fixture.seen(), ["a b", "b"]);
    let dead = fixture.poller.dead_letters();
    assert_eq!(dead.iter().flatten().map(name).collect::<Vec<_>>(), ["a"]);
}

#[tokio::test]
async fn an_unreachable_function_splits_nothing() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a", "b"]);
    for _ in 0..3 {
        let function =
            fixture.function(|_| Err(InvokeError::Unreachable("no one there".to_owned())));
        fixture.poller.run_once(&function).await.expect("runs");
    }
    assert_eq!(fixture.seen(), ["a b", "a b", "a b"]);
}

#[tokio::test]
async fn draining_follows_what_the_function_writes_itself() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a"]);
    let database = fixture.database.clone();
    let rounds = AtomicUsize::new(0);
    let function = fixture.function(move |_| {
        if rounds.fetch_add(1, Ordering::Relaxed) == 0 {
            let request = json!({"TableName": TABLE, "Item": {"pk": {"S": "request#b"}}});
            let request: PutItemRequest = serde_json::from_value(request).expect("valid");
            database.put_item(request).expect("puts");
        }
        Ok(Value::Null)
    });
    fixture.poller.drain(&function).await.expect("runs");
    assert_eq!(fixture.seen(), ["a", "b"]);
}

#[tokio::test]
async fn the_running_poller_waits_longer_after_each_failure() {
    let mut fixture = PollerFixture::new();
    fixture.put_all(&["a"]);
    let mut tried_at = Vec::new();
    // Eighths of a second, because floating point adds them up exactly.
    for eighth in 0..56 {
        let function = fixture.function(stops_at("a"));
        let before = fixture.seen().len();
        fixture.run_due(&function).await;
        if fixture.seen().len() > before {
            tried_at.push(eighth);
        }
        fixture.clock.tick(Duration::from_millis(125));
    }
    assert_eq!(tried_at, [0, 4, 12, 28]);
}

#[tokio::test]
async fn a_batch_waits_for_more_until_it_is_full_or_its_window_is_over() {
    let mut fixture = PollerFixture::with(StreamMapping {
        window: Duration::from_secs(1),
        ..mapping()
    });
    let function = fixture.function(fine);
    fixture.put_all(&["a"]);
    fixture.run_due(&function).await;
    fixture.clock.tick(Duration::from_millis(900));
    fixture.put_all(&["b"]);
    fixture.run_due(&function).await;
    assert!(fixture.seen().is_empty());
    fixture.clock.tick(Duration::from_millis(100));
    fixture.run_due(&function).await;
    assert_eq!(fixture.seen(), ["a b"]);
    fixture.put_all(&["c", "d", "e", "f", "g"]);
    fixture.run_due(&function).await;
    assert_eq!(fixture.seen(), ["a b", "c d e f"]);
}

#[tokio::test]
async fn records_of_one_key_are_in_one_lane_and_a_lane_that_fails_holds_up_no_other() {
    let mut fixture = PollerFixture::with(StreamMapping {
        lanes: 4,
        ..mapping()
    });
    let names: Vec<_> = (0..16).map(|n| format!("{n:02}")).collect();
    for _ in 0..2 {
        for name in &names {
            fixture.put(&format!("request#{name}"));
        }
    }
    let function = fixture.function(fine);
    fixture.poller.read().expect("reads");
    let lanes: Vec<_> = fixture.poller.lanes.iter().map(Lane::pending).collect();
    assert_eq!(lanes.iter().sum::<usize>(), 32);
    assert!(lanes.iter().all(|held| held % 2 == 0), "{lanes:?}");
    assert!(
        lanes.iter().filter(|held| **held > 0).count() > 1,
        "{lanes:?}"
    );
    let progress = fixture.poller.run_once(&function).await.expect("runs");
    assert_eq!((progress.delivered, progress.pending), (32, 0));

    // All lanes but one go on.
    for name in &names {
        fixture.put(&format!("request#{name}"));
    }
    let function = fixture.function(stops_at("00"));
    let progress = fixture.poller.run_once(&function).await.expect("runs");
    let (delivered, pending) = (progress.delivered, progress.pending);
    assert!(delivered > 0 && pending > 0, "{progress:?}");
}

#[test]
fn an_unknown_filter_names_the_place_of_the_mapping() {
    let fixture = PollerFixture::new();
    let bad = StreamMapping {
        filters: vec![json!({"eventName": [{"wildcard": "*"}]})],
        ..mapping()
    };
    let error = StreamPoller::new(fixture.database, bad, fixture.clock.arc(), |_| ())
        .err()
        .expect("refused");
    let text = format!("{error:#}");
    assert!(text.starts_with("Resources.Worker.Properties.Events.Things.Properties.FilterCriteria: pattern.eventName: "), "{text}");
}
