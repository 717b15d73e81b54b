//! The metrics that the functions count, that the dashboard shows and that alarms look at.

use std::collections::{BTreeMap, BTreeSet};

use integration_tests::app::project;
use integration_tests::logs::CapturedLogs;
use serde_json::Value;
use shared::ports::{Measurement, measure};

/// Name and unit of each metric of a line.
fn metrics_of(line: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let listed = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array();
    let listed = listed.expect("a list").iter();
    listed
        .map(|metric| (text(&metric["Name"]), text(&metric["Unit"])))
        .collect()
}

fn text_of(file: &str) -> String {
    std::fs::read_to_string(project().join(file)).expect("the template is there")
}

/// The service's own metrics that alarms look at.
fn watched() -> BTreeSet<String> {
    let templates = ["infra/observability.yaml", "infra/rollback.yaml"].map(text_of);
    let templates = templates.concat();
    let watched = templates.split("Namespace: !Ref Service\n").skip(1);
    let name = |rest: &str| {
        let name = rest.trim_start().strip_prefix("MetricName: ");
        let name = name.and_then(|it| it.lines().next());
        name.expect("a name behind the namespace").to_owned()
    };
    watched.map(name).collect()
}

/// The service's own metrics on the dashboard.
fn shown() -> BTreeSet<String> {
    let template = text_of("infra/observability.yaml");
    let widgets = template.lines().filter_map(|line| {
        let row = line.trim().strip_prefix("[\"${Service}\", \"")?;
        row.split('"').next().map(str::to_owned)
    });
    widgets.collect()
}

/// Called when every kind of event has been logged.
pub(crate) fn check_every_metric() {
    measure(Measurement::ColdStart);
    let lines = CapturedLogs::of_this_process().metrics();
    let mut counted = BTreeSet::new();
    for line in &lines {
        let metrics = metrics_of(line);
        assert!(!metrics.is_empty(), "{line}");
        let fields = line.as_object().expect("an object").keys();
        for field in fields {
            let known = ["_aws", "Function", "Reason", "Release"].contains(&field.as_str());
            assert!(known || metrics.contains_key(field), "{field} in {line}");
        }
        for name in metrics.keys() {
            assert!(line[name].is_number(), "{name} in {line}");
        }
        let definition = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(definition["Namespace"], "stack");
        let by_reason = definition["Dimensions"].to_string().contains("Reason");
        assert_eq!(by_reason, line["Reason"].is_string(), "{line}");
        assert!(line["_aws"]["Timestamp"].as_i64() > Some(1_700_000_000_000));
        counted.extend(metrics.into_keys());
    }
    let mut shown = shown();
    // By reason, so that a search stands for it.
    shown.insert("Refused".to_owned());
    // Counted by the functions behind pages and by codes; on no widget.
    shown.insert("Verified".to_owned());
    assert_eq!(counted, shown);
    let watched = watched();
    assert!(
        watched.len() > 1 && watched.is_subset(&counted),
        "{watched:?}"
    );
    let reasons = lines.iter().filter_map(|line| line["Reason"].as_str());
    assert_eq!(reasons.collect::<BTreeSet<_>>().len(), 11);
}
