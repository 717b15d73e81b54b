"""What must hold of the template. A rule takes a deployment and yields what is wrong with it."""

import deployments
from rules import access, api, functions, outbox, tables, whole

ALL = [
    api.routes,
    api.permissions,
    api.cors,
    api.access_log,
    api.throttling,
    functions.environment,
    functions.values,
    functions.runtime,
    functions.logs,
    functions.concurrency,
    access.statements,
    access.roles,
    access.wildcards,
    tables.tokens,
    tables.users,
    tables.names,
    outbox.mapping,
    outbox.dead_letters,
    outbox.alarms,
    whole.parameters,
    whole.cycles,
    whole.outputs,
]


def name(rule) -> str:
    """A rule by its file and itself: api.routes"""
    return f"{rule.__module__.removeprefix('rules.')}.{rule.__name__}"


def problems(source: dict) -> list[str]:
    """All that is wrong with a template, each line with the name of the rule that says so."""
    return [
        f"{name(rule)}: {problem} ({deployment.name})"
        for deployment in (build(source) for build in deployments.ALL)
        for rule in ALL
        for problem in rule(deployment)
    ]
