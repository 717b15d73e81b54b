"""Faults of what rings."""

from faults.changes import at, drop, extra, properties, put, ref, resource

SURGE = properties("SurgeAlarm")


def on_dashboard(old: str, new: str):
    """Writes something else onto the dashboard."""

    def change(template: dict):
        body = at(template, *properties("Dashboard", "DashboardBody"))
        assert old in body["Fn::Sub"]
        body["Fn::Sub"] = body["Fn::Sub"].replace(old, new)

    return change


FAULTS = {
    "alarms.mails": {
        "rings too late": put(*properties("MailDelayAlarm"), "Threshold", 3_600_000),
        "counts what is logged": extra(
            "MailHeldFilter",
            "AWS::Logs::MetricFilter",
            LogGroupName=ref("MailWorkerLogGroup"),
            FilterPattern='{ $.event = "mail-held" }',
            MetricTransformations=[
                {"MetricName": "MailsHeld", "MetricNamespace": "resets", "MetricValue": "1"}
            ],
        ),
    },
    "alarms.all_of_them": {
        "no dead-letter alarm": drop(*resource("MailDeadLetterAlarm")),
        "another function": put(
            *properties("MailDelayAlarm", "Dimensions", 0), "Value", ref("VerifyTokenFunction")
        ),
        "another metric": put(*properties("ApiErrorAlarm"), "MetricName", "4xx"),
        "another stack's surge": put(*properties("SurgeAlarm"), "Namespace", "resets"),
        "another function's mails": put(
            *properties("MailHeldAlarm", "Dimensions", 0), "Value", "mail-reports"
        ),
        "many lost before it rings": put(*properties("MailDeadLetterAlarm"), "Threshold", 1000),
        "no failures ring": put(*properties("ConfirmResetErrorAlarm"), "Threshold", 1_000_000),
        "once is enough": drop(*properties("RequestResetErrorAlarm", "DatapointsToAlarm")),
        "rings a day later": put(*properties("MailLostAlarm"), "Period", 86_400),
        "many bounces": put(*properties("BounceRateAlarm"), "Threshold", 0.9),
        "many complaints": put(*properties("ComplaintRateAlarm"), "Threshold", 0.05),
        "any surge": put(*SURGE, "Threshold", 3_000_000),
        "the least of all": put(*properties("ApiErrorAlarm"), "Statistic", "Minimum"),
        "the youngest mail": put(*properties("MailDelayAlarm"), "Statistic", "Minimum"),
        "the fastest calls": put(*properties("VerifyTokenSlowAlarm"), "ExtendedStatistic", "p10"),
        "a function left out of a sum": drop(*properties("ThrottleAlarm", "Metrics", 5)),
        "mails put off left out": drop(*properties("MailFailureAlarm", "Metrics", 1)),
        "an average of a sum": put(
            *properties("AnswerErrorAlarm", "Metrics", 1, "MetricStat"), "Stat", "Average"
        ),
        "a sum of something else": put(
            *properties("AnswerErrorAlarm", "Metrics", 0), "Expression", "MIN(METRICS())"
        ),
        "slow only when cut off": put(*properties("ConfirmResetSlowAlarm"), "Threshold", 29_000),
        "one that nobody knows": extra(
            "OddAlarm",
            "AWS::CloudWatch::Alarm",
            Namespace="AWS/Lambda",
            MetricName="Errors",
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
        ),
    },
    "alarms.told": {
        "rings when well": put(
            *properties("MailLostAlarm"), "ComparisonOperator", "LessThanThreshold"
        ),
        "tells nobody": drop(*properties("MailLostAlarm", "AlarmActions")),
        "rings at night without data": put(
            *properties("SurgeAlarm"), "TreatMissingData", "breaching"
        ),
        "says nothing": drop(*properties("BounceRateAlarm", "AlarmDescription")),
    },
    "alarms.runbook": {
        "one without a section": extra("OddAlarm", "AWS::CloudWatch::Alarm", MetricName="Errors"),
    },
    "alarms.dashboard": {
        "no JSON": put(*properties("Dashboard"), "DashboardBody", "{"),
        "an alarm less": put(
            *properties("Dashboard"),
            "DashboardBody",
            '{"widgets": [{"type": "alarm", "properties": {"alarms": []}}]}',
        ),
        "a metric that there is not": on_dashboard('"Requested"', '"Requestd"'),
        "a metric of another function": on_dashboard(
            '"Confirmed", "Function", "confirm-reset"', '"Confirmed", "Function", "verify-token"'
        ),
        "a metric less": on_dashboard(
            '["AWS/Lambda", "Errors", "FunctionName", "${VerifyTokenFunction}"],', ""
        ),
        "a search without quotes": on_dashboard(
            '{\\"${AWS::StackName}\\",', "{${AWS::StackName},"
        ),
        "one that is not shown": extra("OddAlarm", "AWS::CloudWatch::Alarm", MetricName="Errors"),
    },
}
