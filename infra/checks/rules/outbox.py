"""The way of a mail from the stream to the worker, and what becomes of those that fail."""

import json

FILTERS = [
    {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "request#"}]}}},
    },
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "notice#"}]}}}},
]


def mapping(deployment):
    """One mapping, for jobs only, that tries as long as a link lives and then keeps the record."""
    mappings = deployment.of_type("AWS::Lambda::EventSourceMapping")
    if len(mappings) != 1:
        yield f"there are {len(mappings)} mappings"
    for found in mappings.values():
        filters = found.get("FilterCriteria", {}).get("Filters", [])
        if [json.loads(one["Pattern"]) for one in filters] != FILTERS:
            yield f"the filters are {filters}"
        wanted = {
            "EventSourceArn": "${TokensTable.StreamArn}",
            "FunctionName": "${MailWorkerFunction}",
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 10,
            "BisectBatchOnFunctionError": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "MaximumRecordAgeInSeconds": deployment.parameters.get("LinkLifetimeSeconds", 1800),
            "MaximumRetryAttempts": -1,
            "DestinationConfig": {"OnFailure": {"Destination": "${DeadLetterBucket.Arn}"}},
            "MetricsConfig": {"Metrics": ["EventCount"]},
        }
        for key, value in wanted.items():
            if found.get(key) != value:
                yield f"{key} is {found.get(key)}"


def dead_letters(deployment):
    """The bucket is closed, encrypted and emptied."""
    bucket = deployment.properties("DeadLetterBucket")
    if not bucket.get("BucketEncryption"):
        yield "the bucket does not encrypt"
    block = bucket.get("PublicAccessBlockConfiguration", {})
    if len(block) != 4 or not all(block.values()):
        yield "the bucket can be made public"
    rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
    if not any(rule["Status"] == "Enabled" and rule.get("ExpirationInDays") for rule in rules):
        yield "the bucket is never emptied"
    policy = deployment.properties("DeadLetterBucketPolicy")
    denied = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["${DeadLetterBucket.Arn}", "${DeadLetterBucket.Arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    if policy.get("PolicyDocument", {}).get("Statement") != [denied]:
        yield "the bucket can be used without TLS"


def alarms(deployment):
    """A mail that is given up on, lost or late rings, and the ringing is heard where wanted."""
    worker = {"Name": "FunctionName", "Value": "${MailWorkerFunction}"}
    wanted = {
        "OnFailureDestinationDeliveredEventCount": (
            "AWS/Lambda",
            [{"Name": "EventSourceMappingUUID", "Value": "${MailWorkerFunctionOutbox}"}],
        ),
        "DestinationDeliveryFailures": ("AWS/Lambda", [worker]),
        "IteratorAge": ("AWS/Lambda", [worker]),
        "MailNeedsAttention": ("${AWS::StackName}", []),
        "MailHeld": ("${AWS::StackName}", []),
    }
    found = {
        alarm["MetricName"]: alarm
        for alarm in deployment.of_type("AWS::CloudWatch::Alarm").values()
    }
    topic = deployment.parameters.get("AlarmTopicArn")
    for metric, (namespace, dimensions) in wanted.items():
        alarm = found.get(metric, {})
        if (alarm.get("Namespace"), alarm.get("Dimensions", [])) != (namespace, dimensions):
            yield f"nothing watches {metric}"
        if alarm.get("ComparisonOperator") != "GreaterThanThreshold":
            yield f"the alarm on {metric} compares by {alarm.get('ComparisonOperator')}"
        if alarm.get("AlarmActions", []) != ([topic] if topic else []):
            yield f"the alarm on {metric} tells {alarm.get('AlarmActions')}"
    filters = deployment.of_type("AWS::Logs::MetricFilter").values()
    counted = [it for it in filters if it["LogGroupName"] == "${MailWorkerLogGroup}"]
    for metric, event in (("MailNeedsAttention", "mail-parked"), ("MailHeld", "mail-held")):
        if not any(
            event in it["FilterPattern"] and it["MetricTransformations"][0]["MetricName"] == metric
            for it in counted
        ):
            yield f"{metric} does not count {event}"
    age = found.get("IteratorAge", {}).get("Threshold", 0)
    if not 0 < age < 300_000:
        yield "a late mail rings after a link may have ended"
