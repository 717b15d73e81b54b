"""What rings, whom it tells, and what is written about it."""

import json
import re

import sam

RUNBOOK = sam.ROOT / "infra" / "RUNBOOK.md"
ALARM = "AWS::CloudWatch::Alarm"
LAMBDA = "AWS/Lambda"
FUNCTIONS = ("RequestReset", "VerifyToken", "ConfirmReset", "MailWorker", "MailReports")


def dimension(name: str, value: str) -> list[dict]:
    return [{"Name": name, "Value": value}]


def of_function(name: str) -> list[dict]:
    return dimension("FunctionName", "${" + name + "Function}")


# By the name of the alarm: what it watches. The timeouts behind the limits are expected.SIZES.
WANTED = {
    "MailDeadLetterAlarm": (
        LAMBDA,
        "OnFailureDestinationDeliveredEventCount",
        dimension("EventSourceMappingUUID", "${MailWorkerFunctionOutbox}"),
    ),
    "MailLostAlarm": (LAMBDA, "DestinationDeliveryFailures", of_function("MailWorker")),
    "MailDelayAlarm": (LAMBDA, "IteratorAge", of_function("MailWorker")),
    "MailAttentionAlarm": ("${AWS::StackName}", "MailNeedsAttention", []),
    "MailHeldAlarm": ("${AWS::StackName}", "MailHeld", []),
    "ApiErrorAlarm": ("AWS/ApiGateway", "5xx", dimension("ApiId", "${HttpApi}")),
    "BounceRateAlarm": ("AWS/SES", "Reputation.BounceRate", []),
    "ComplaintRateAlarm": ("AWS/SES", "Reputation.ComplaintRate", []),
    "SurgeAlarm": ("${AWS::StackName}", "Requested", dimension("Function", "request-reset")),
}
WANTED |= {f"{name}ErrorAlarm": (LAMBDA, "Errors", of_function(name)) for name in FUNCTIONS}
WANTED |= {f"{name}SlowAlarm": (LAMBDA, "Duration", of_function(name)) for name in FUNCTIONS[:4]}
# Of several metrics at once.
SUMS = {
    "ThrottleAlarm": [(LAMBDA, "Throttles", of_function(name)) for name in FUNCTIONS],
    "AnswerErrorAlarm": [
        ("${AWS::StackName}", "ServerErrors", dimension("Function", name))
        for name in ("request-reset", "verify-token", "confirm-reset")
    ],
}


def mails(deployment):
    """A job that ends without a mail is counted, and a late mail rings while there is time."""
    filters = deployment.of_type("AWS::Logs::MetricFilter").values()
    counted = [it for it in filters if it["LogGroupName"] == "${MailWorkerLogGroup}"]
    for metric, event in (("MailNeedsAttention", "mail-parked"), ("MailHeld", "mail-held")):
        if not any(
            event in it["FilterPattern"] and it["MetricTransformations"][0]["MetricName"] == metric
            for it in counted
        ):
            yield f"{metric} does not count {event}"
    age = deployment.properties("MailDelayAlarm").get("Threshold", 0)
    if not 0 < age < 300_000:
        yield "a late mail rings after a link may have ended"


def all_of_them(deployment):
    """Each alarm watches what it is there for, and slow calls ring before they are cut off."""
    found = deployment.of_type(ALARM)
    if found.keys() != WANTED.keys() | SUMS.keys():
        yield f"the alarms are {', '.join(sorted(found))}"
    for name, (namespace, metric, dimensions) in WANTED.items():
        alarm = found.get(name, {})
        watched = (alarm.get("Namespace"), alarm.get("MetricName"), alarm.get("Dimensions", []))
        if watched != (namespace, metric, dimensions):
            yield f"{name} watches {watched}"
    for name, wanted in SUMS.items():
        parts = found.get(name, {}).get("Metrics", [])[1:]
        metrics = [tuple(part["MetricStat"]["Metric"].values()) for part in parts]
        if metrics != wanted:
            yield f"{name} adds up {metrics}"
    for name in FUNCTIONS[:4]:
        limit = found.get(f"{name}SlowAlarm", {}).get("Threshold", 0)
        timeout = 1000 * deployment.properties(f"{name}Function").get("Timeout", 0)
        if not timeout / 2 <= limit < timeout:
            yield f"{name} is called slow at {limit} of {timeout} milliseconds"


def told(deployment):
    """Each alarm rings when there is too much, stays calm without data, and is heard where wanted."""
    topic = deployment.parameters.get("AlarmTopicArn")
    for name, alarm in deployment.of_type(ALARM).items():
        if alarm.get("ComparisonOperator") != "GreaterThanThreshold":
            yield f"{name} compares by {alarm.get('ComparisonOperator')}"
        if alarm.get("TreatMissingData") != "notBreaching":
            yield f"{name} rings without data"
        if alarm.get("AlarmActions", []) != ([topic] if topic else []):
            yield f"{name} tells {alarm.get('AlarmActions')}"
        if not alarm.get("AlarmDescription"):
            yield f"{name} says nothing"


def sections(text: str) -> dict:
    """The sections of the runbook, by their headings."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def runbook(deployment):
    """Each alarm has a section of the runbook that says what it means, where to look, what to do."""
    written = sections(RUNBOOK.read_text())
    for name in deployment.of_type(ALARM):
        text = written.get(name, "")
        for word in ("**Means.**", "**Look.**", "**Do.**", "```sh"):
            if word not in text:
                yield f"the runbook says nothing of {name} under {word}"


def dashboard(deployment):
    """The dashboard is JSON, shows every alarm, and names functions that there are."""
    body = deployment.properties("Dashboard").get("DashboardBody", "")
    try:
        widgets = json.loads(body)["widgets"]
    except (ValueError, KeyError):
        yield "the dashboard is no JSON with widgets"
        return
    shown = next((it["properties"]["alarms"] for it in widgets if it["type"] == "alarm"), [])
    wanted = {"${" + name + ".Arn}" for name in deployment.of_type(ALARM)}
    for arn in sorted(wanted ^ set(shown)):
        yield f"{arn} is shown and not there, or there and not shown"
    own = {"request-reset", "verify-token", "confirm-reset", "mail-worker", "mail-reports"}
    for widget in widgets:
        for metric in widget["properties"].get("metrics", []):
            if metric[0] == "${AWS::StackName}" and metric[3] not in own:
                yield f"no function is called {metric[3]}"
