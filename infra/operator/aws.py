"""A deployment, as its stack describes it."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).absolute().parents[2]
# Somebody waits in front of a terminal.
CONFIG = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 3})


def apps() -> dict:
    """The apps file of this tree, which should be the one that was deployed."""
    return json.loads((ROOT / "infra" / "apps" / "apps.json").read_text())


@dataclass
class Deployment:
    """One stack. Nothing is asked of AWS before it is needed."""

    stack: str
    session: boto3.Session = field(default_factory=boto3.Session, repr=False)
    clients: dict = field(default_factory=dict, repr=False)

    def client(self, service: str):
        """A client of a service, made once."""
        if service not in self.clients:
            self.clients[service] = self.session.client(service, config=CONFIG)
        return self.clients[service]

    @cached_property
    def description(self) -> dict:
        found = self.client("cloudformation").describe_stacks(StackName=self.stack)
        return found["Stacks"][0]

    @cached_property
    def outputs(self) -> dict:
        return {it["OutputKey"]: it["OutputValue"] for it in self.description.get("Outputs", [])}

    @cached_property
    def parameters(self) -> dict:
        found = self.description.get("Parameters", [])
        return {it["ParameterKey"]: it.get("ParameterValue", "") for it in found}

    @cached_property
    def resources(self) -> dict:
        """Physical ids by logical ids."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return {
            it["LogicalResourceId"]: it["PhysicalResourceId"]
            for page in pages.paginate(StackName=self.stack)
            for it in page["StackResourceSummaries"]
            if "PhysicalResourceId" in it
        }

    @cached_property
    def tokens_table(self) -> str:
        return self.outputs["TokensTableName"]

    def senders(self) -> list[str]:
        """The identities that mails are sent from."""
        names = ("SenderIdentity", "SecondSenderIdentity")
        return [self.parameters[name] for name in names if self.parameters.get(name)]
