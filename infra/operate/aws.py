"""A deployment, as its stack describes it."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).absolute().parents[2]
SETTINGS = "infra/settings/settings.json"
SCHEMA = "infra/schemas/settings.schema.json"
# The longest that the mail worker works on one call: its Timeout in template.yaml.
WORKER_SECONDS = 300
# How patient a client is, by what it is for.
PATIENCE = {
    # Somebody waits in front of a terminal.
    "short": Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 3}),
    # A call of the mail worker, which must not be made twice.
    "once": Config(
        connect_timeout=3,
        read_timeout=WORKER_SECONDS + 10,
        tcp_keepalive=True,
        retries={"total_max_attempts": 1},
    ),
    # Many calls at once, of which each has to get through.
    "long": Config(
        connect_timeout=3,
        read_timeout=20,
        max_pool_connections=40,
        retries={"mode": "standard", "total_max_attempts": 10},
    ),
}


class Missing(LookupError):
    """The stack lacks what every stack of this template has."""


class StackValues(dict):
    """Things of a stack by name. One that is missing is told in words."""

    def __init__(self, kind: str, pairs: dict):
        super().__init__(pairs)
        self.kind = kind

    def __missing__(self, name: str):
        raise Missing(
            f"the stack has no {self.kind} {name}: is it a stack of this template, "
            "and was it deployed to the end?"
        )


def settings() -> dict:
    """The settings file of this tree, which should be the one that was deployed."""
    return json.loads((ROOT / SETTINGS).read_text())


def defaults(section: str) -> dict:
    """What a section of the settings is where the file says nothing."""
    return json.loads((ROOT / SCHEMA).read_text())["properties"][section]["default"]


def setting(section: str, name: str):
    """One setting, as the functions have it."""
    return (defaults(section) | settings().get(section, {}))[name]


def apps() -> dict:
    """The apps of the settings file, by id."""
    return settings()["apps"]


def app_ids(only: str | None = None) -> list[str]:
    """The ids of all apps, or the one that is named, if there is one of that name."""
    known = list(apps())
    if only and only not in known:
        raise Missing(f"{SETTINGS} has no app {only}; it has {', '.join(known)}")
    return [only] if only else known


@dataclass
class Deployment:
    """One stack. Nothing is asked of AWS before it is needed."""

    stack: str
    session: boto3.Session = field(default_factory=boto3.Session, repr=False)
    clients: dict = field(default_factory=dict, repr=False)

    def client(self, service: str, patience: str = "short"):
        """A client of a service, made once."""
        key = service, patience
        if key not in self.clients:
            self.clients[key] = self.session.client(service, config=PATIENCE[patience])
        return self.clients[key]

    @cached_property
    def description(self) -> dict:
        found = self.client("cloudformation").describe_stacks(StackName=self.stack)
        return found["Stacks"][0]

    @cached_property
    def outputs(self) -> dict:
        found = self.description.get("Outputs", [])
        return StackValues("output", {it["OutputKey"]: it["OutputValue"] for it in found})

    @cached_property
    def parameters(self) -> dict:
        found = self.description.get("Parameters", [])
        return StackValues(
            "parameter", {it["ParameterKey"]: it.get("ParameterValue", "") for it in found}
        )

    @cached_property
    def resources(self) -> dict:
        """Physical ids by logical ids, those of nested stacks among them."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        found, stacks = {}, [self.stack]
        for stack in stacks:
            for page in pages.paginate(StackName=stack):
                for it in page["StackResourceSummaries"]:
                    if "PhysicalResourceId" not in it:
                        continue
                    found[it["LogicalResourceId"]] = it["PhysicalResourceId"]
                    if it["ResourceType"] == "AWS::CloudFormation::Stack":
                        stacks.append(it["PhysicalResourceId"])
        return StackValues("resource", found)

    @cached_property
    def tokens_table(self) -> str:
        return self.outputs["TokensTableName"]
