"""What an IAM linter says of the roles, with names in place of what only a deployment knows."""

import json
import re
import warnings

# How parliament reads its own data is going out of use.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
from parliament import analyze_policy_string  # noqa: E402

import deployments  # noqa: E402
import rules  # noqa: E402

# What parliament says and is not so here, by the issue and what it is about.
KNOWN = {
    # AWS's own policy for readers of streams names the streams of one table here, as this one does.
    ("RESOURCE_MISMATCH", "dynamodb:ListStreams"),
}
ACCOUNT = {
    "${AWS::Partition}": "aws",
    "${AWS::Region}": "us-east-1",
    "${AWS::AccountId}": "000000000000",
    "${AWS::URLSuffix}": "amazonaws.com",
    "${AWS::StackName}": "stack",
    "${ConfigurationSet}": "set",
}
# ARNs of resources, by what their names end in.
ARNS = {
    r"\$\{(\w+Table)\.Arn\}": r"arn:aws:dynamodb:us-east-1:000000000000:table/\1",
    r"\$\{(\w+Table)\.StreamArn\}": r"arn:aws:dynamodb:us-east-1:000000000000:table/\1/stream/s",
    r"\$\{(\w+LogGroup)\.Arn\}": r"arn:aws:logs:us-east-1:000000000000:log-group:\1:*",
    r"\$\{(\w+Bucket)\.Arn\}": r"arn:aws:s3:::\1",
    r"\$\{(\w+Queue)\.Arn\}": r"arn:aws:sqs:us-east-1:000000000000:\1",
    r"\$\{(\w+Function)\.Arn\}": r"arn:aws:lambda:us-east-1:000000000000:function:\1",
}


def named(statement: dict) -> str:
    """A policy of one statement as IAM would get it."""
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for placeholder, name in ACCOUNT.items():
        text = text.replace(placeholder, name)
    for pattern, arn in ARNS.items():
        text = re.sub(pattern, arn, text)
    if "${" in text:
        raise ValueError(f"no name for {re.findall(r'[$][{][^}]+[}]', text)}")
    return text


def subject(detail) -> str:
    """What a finding is about: an action, or its words."""
    if isinstance(detail, list) and detail and "action" in detail[0]:
        return detail[0]["action"]
    return str(detail)


def problems(source: dict) -> list[str]:
    """What is wrong with the policies of a template, in every kind of deployment."""
    return [
        f"{name}: {finding.issue} {subject(finding.detail)} ({deployment.name})"
        for deployment in deployments.built(source)
        for name, statement in rules.statements(deployment)
        for finding in analyze_policy_string(named(statement)).findings
        if (finding.issue, subject(finding.detail)) not in KNOWN
    ]
