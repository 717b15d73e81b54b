"""What must hold of the template. A rule takes a deployment and yields what is wrong with it."""

import deployments
from rules import access, alarms, api, functions, outbox, tables, whole

ALL = [
    api.routes,
    api.permissions,
    api.cors,
    api.access_log,
    api.throttling,
    api.domain,
    api.before_the_edge,
    functions.environment,
    functions.values,
    functions.runtime,
    functions.logs,
    functions.secrets,
    functions.concurrency,
    functions.releases,
    functions.versions,
    access.statements,
    access.roles,
    access.deploying,
    access.wildcards,
    tables.tokens,
    tables.users,
    tables.names,
    outbox.mapping,
    outbox.reports,
    outbox.senders,
    outbox.dead_letters,
    alarms.mails,
    alarms.all_of_them,
    alarms.told,
    alarms.runbook,
    alarms.dashboard,
    whole.parameters,
    whole.cycles,
    whole.outputs,
]


def name(rule) -> str:
    """A rule by its file and itself: api.routes"""
    return f"{rule.__module__.removeprefix('rules.')}.{rule.__name__}"


def notices(rule_name: str, source: dict) -> bool:
    """Whether a rule finds something wrong with a template, in whichever kind of deployment."""
    rule = next(rule for rule in ALL if name(rule) == rule_name)
    return any(any(rule(build(source))) for build in deployments.ALL)


def problems(source: dict) -> list[str]:
    """All that is wrong with a template, each line with the name of the rule that says so."""
    return [
        f"{name(rule)}: {problem} ({deployment.name})"
        for deployment in (build(source) for build in deployments.ALL)
        for rule in ALL
        for problem in rule(deployment)
    ]
