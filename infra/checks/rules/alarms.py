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


# A single invocation that was cut off is no reason to wake somebody; each mail that is lost is.
AT_ONCE = {"EvaluationPeriods": 1}
TWICE = {"EvaluationPeriods": 5, "DatapointsToAlarm": 2}
THRICE = {"EvaluationPeriods": 5, "DatapointsToAlarm": 3}


def watch(
    namespace: str,
    metric: str,
    dimensions: list[dict],
    threshold,
    statistic: str = "Sum",
    period: int = 60,
    when: dict = AT_ONCE,
) -> dict:
    """What an alarm watches, and when it rings."""
    watched = {
        "Namespace": namespace,
        "MetricName": metric,
        "ExtendedStatistic" if statistic.startswith("p") else "Statistic": statistic,
        "Period": period,
        "Threshold": threshold,
    }
    return watched | when | ({"Dimensions": dimensions} if dimensions else {})


OWN = "${AWS::StackName}"
WORKER = dimension("Function", "mail-worker")
WANTED = {
    "MailLostAlarm": watch(LAMBDA, "DestinationDeliveryFailures", of_function("MailWorker"), 0),
    # Milliseconds: less than the shortest life of a link, so that there is time to act.
    "MailDelayAlarm": watch(LAMBDA, "IteratorAge", of_function("MailWorker"), 120_000, "Maximum"),
    "MailAttentionAlarm": watch(OWN, "MailsNeedAttention", WORKER, 0),
    "MailHeldAlarm": watch(OWN, "MailsHeld", WORKER, 0),
    "ApiErrorAlarm": watch(
        "AWS/ApiGateway", "5xx", dimension("ApiId", "${HttpApi}"), 2, when=TWICE
    ),
    # Shares. SES reviews an account at 0.05 and 0.001.
    "BounceRateAlarm": watch("AWS/SES", "Reputation.BounceRate", [], 0.04, "Average", 900),
    "ComplaintRateAlarm": watch("AWS/SES", "Reputation.ComplaintRate", [], 0.0008, "Average", 900),
}
WANTED |= {
    f"{name}ErrorAlarm": watch(LAMBDA, "Errors", of_function(name), 0, when=TWICE)
    for name in FUNCTIONS
}
# Milliseconds: four fifths of the timeouts of expected.SIZES.
SLOW = {
    "RequestReset": 12_000,
    "VerifyToken": 20_000,
    "ConfirmReset": 23_000,
    "MailWorker": 240_000,
    "MailReports": 12_000,
}
WANTED |= {
    f"{name}SlowAlarm": watch(LAMBDA, "Duration", of_function(name), limit, "p99", when=THRICE)
    for name, limit in SLOW.items()
}
# Of several metrics at once: namespace, metric, dimensions; and the threshold of their sum.
SUMS = {
    "ThrottleAlarm": ([(LAMBDA, "Throttles", of_function(name)) for name in FUNCTIONS], 0),
    "AnswerErrorAlarm": (
        [
            (OWN, "ServerErrors", dimension("Function", name))
            for name in ("request-reset", "verify-token", "confirm-reset")
        ],
        2,
    ),
    "MailFailureAlarm": ([(OWN, "MailsDeferred", WORKER), (OWN, "MailsFailed", WORKER)], 2),
}
GIVEN_UP = [
    (LAMBDA, "OnFailureDestinationDeliveredEventCount", dimension("EventSourceMappingUUID", it))
    for it in ("${MailWorkerFunctionOutbox}", "${NoticesMapping}")
]
# What the rule `told` looks at.
TOLD = {"AlarmActions", "AlarmDescription", "ComparisonOperator", "TreatMissingData"}


def sum_of(metrics: list[tuple], threshold, when: dict = TWICE) -> dict:
    """An alarm on the sum of several metrics, as far as names do not matter."""
    whole = {"Expression": "SUM(METRICS())", "ReturnData": True}
    return {"Metrics": [whole, *parts_of(metrics)], "Threshold": threshold} | when


def silence() -> dict:
    """An alarm on requests that were accepted while the worker was not called."""
    expression = "IF(RUNNING_SUM(FILL(accepted, 0)) > 0 AND RUNNING_SUM(FILL(invoked, 0)) < 1, 1, 0)"
    accepted = (OWN, "Accepted", dimension("Function", "request-reset"))
    parts = parts_of([accepted, (LAMBDA, "Invocations", of_function("MailWorker"))])
    whole = {"Expression": expression, "ReturnData": True}
    ten_minutes = {"EvaluationPeriods": 10, "DatapointsToAlarm": 10}
    return {"Metrics": [whole, *parts], "Threshold": 0} | ten_minutes


def parts_of(metrics: list[tuple]) -> list[dict]:
    """The metrics of an alarm on several."""
    return [
        {
            "ReturnData": False,
            "MetricStat": {
                "Metric": {"Namespace": space, "MetricName": metric, "Dimensions": dimensions},
                "Period": 60,
                "Stat": "Sum",
            },
        }
        for space, metric, dimensions in metrics
    ]


def unnamed(alarm: dict) -> dict:
    """An alarm without the names of the parts of its sum."""
    if "Metrics" not in alarm:
        return alarm
    names = {"Id", "Label"}
    parts = [
        {key: value for key, value in part.items() if key not in names}
        for part in alarm["Metrics"]
    ]
    return alarm | {"Metrics": parts}


def mails(deployment):
    """A job that ends without a mail is counted whatever is logged, and a late mail rings in time."""
    # A filter of log lines counts none that LogLevel leaves out; the functions count for themselves.
    for name in deployment.of_type("AWS::Logs::MetricFilter"):
        yield f"{name} counts lines of a log"
    age = deployment.properties("MailDelayAlarm").get("Threshold", 0)
    if not 0 < age < 300_000:
        yield "a late mail rings after a link may have ended"


def all_of_them(deployment):
    """Each alarm rings by what it is there for, as soon as it should, and slow calls before they are
    cut off."""
    surge = deployment.parameters.get("SurgeThreshold", 300)
    requested = dimension("Function", "request-reset")
    wanted = WANTED | {name: sum_of(*it) for name, it in SUMS.items()}
    wanted["MailDeadLetterAlarm"] = sum_of(GIVEN_UP, 0, AT_ONCE)
    wanted["MailSilenceAlarm"] = silence()
    wanted["SurgeAlarm"] = watch(OWN, "Requested", requested, surge, period=300)
    found = deployment.of_type(ALARM)
    if found.keys() != wanted.keys():
        yield f"the alarms are {', '.join(sorted(found))}"
    for name, alarm in found.items():
        watched = {key: value for key, value in alarm.items() if key not in TOLD}
        if unnamed(watched) != wanted.get(name):
            yield f"{name} rings by {watched}"
    for name, limit in SLOW.items():
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


# The service's own metrics that the dashboard shows, by the function that counts them.
COUNTED = {
    "request-reset": {"Requested", "Accepted", "Throttled", "ServerErrors", "ColdStarts"},
    "verify-token": {"Argon2Milliseconds", "ServerErrors", "ColdStarts"},
    "confirm-reset": {"Confirmed", "Cancelled", "Argon2Milliseconds", "ServerErrors", "ColdStarts"},
    "mail-worker": {
        "MailsSent",
        "MailsSkipped",
        "MailsFailed",
        "MailsDeferred",
        "MailsHeld",
        "MailsNeedAttention",
        "MailAgeSeconds",
        "Argon2Milliseconds",
        "ColdStarts",
    },
    "mail-reports": {
        "MailsDelivered",
        "MailsBounced",
        "MailsComplained",
        "MailsRejected",
        "MailsDelayed",
        "ColdStarts",
    },
}
# AWS's metrics, by the first words of a row.
SHOWN = {(OWN, metric, "Function", name) for name, own in COUNTED.items() for metric in own}
SHOWN |= {
    (LAMBDA, metric, "FunctionName", "${" + name + "Function}")
    for metric in ("Errors", "Throttles", "Duration")
    for name in FUNCTIONS
}
SHOWN.add((LAMBDA, "IteratorAge", "FunctionName", "${MailWorkerFunction}"))
SHOWN |= {
    ("AWS/ApiGateway", metric, "ApiId", "${HttpApi}")
    for metric in ("Count", "4xx", "5xx", "Latency", "IntegrationLatency")
}
SHOWN |= {("AWS/SES", "Reputation.BounceRate"), ("AWS/SES", "Reputation.ComplaintRate")}
# CloudWatch wants names with a hyphen in quotes, and most stacks have one.
SEARCH = """SEARCH('{"${AWS::StackName}",Function,Reason} MetricName="Refused"', 'Sum', 300)"""


def dashboard(deployment):
    """The dashboard is JSON, shows every alarm, and metrics that there are, all of them."""
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
    rows = [row for widget in widgets for row in widget["properties"].get("metrics", [])]
    searches = [row[0]["expression"] for row in rows if isinstance(row[0], dict)]
    if searches != [SEARCH]:
        yield f"the dashboard looks for {searches}"
    found = {
        tuple(word for word in row if isinstance(word, str))
        for row in rows
        if isinstance(row[0], str)
    }
    for row in sorted(found ^ SHOWN):
        yield f"{' '.join(row)} is shown and not there, or there and not shown"
