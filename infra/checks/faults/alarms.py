"""Faults of what rings."""

from faults.changes import drop, extra, properties, put, ref, resource

FAULTS = {
    "alarms.mails": {
        "rings too late": put(*properties("MailDelayAlarm"), "Threshold", 3_600_000),
        "parked jobs unnoticed": drop(*resource("MailAttentionFilter")),
        "held jobs unnoticed": drop(*resource("MailHeldFilter")),
        "held jobs counted as others": put(
            *properties("MailHeldFilter", "MetricTransformations", 0), "MetricName", "Held"
        ),
    },
    "alarms.all_of_them": {
        "no dead-letter alarm": drop(*resource("MailDeadLetterAlarm")),
        "another function": put(
            *properties("MailDelayAlarm", "Dimensions", 0), "Value", ref("VerifyTokenFunction")
        ),
        "another metric": put(*properties("ApiErrorAlarm"), "MetricName", "4xx"),
        "another stack's surge": put(*properties("SurgeAlarm"), "Namespace", "resets"),
        "a function left out of a sum": drop(*properties("ThrottleAlarm", "Metrics", 5)),
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
        "one that is not shown": extra("OddAlarm", "AWS::CloudWatch::Alarm", MetricName="Errors"),
    },
}
