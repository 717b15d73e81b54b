"""What each kind of deployment comes to, condensed for reading: python infra/checks/snapshot.py

It writes a file for each kind below infra/checks/snapshots: the template after the SAM transform, with
its conditions and functions resolved; of the kinds that are not plain, what differs from it. A change of
the template is reviewed by what it changes there. What is condensed is condensed whole: a property that is
not known here is written as it is. Only the dashboard's layout is left out, and what SAM says the same of
every function.
"""

import copy
import json
import re
import sys
from pathlib import Path

import yaml

import deployments
import edge
import sam
from rules import as_list

FOLDER = Path(__file__).with_name("snapshots")
# Names that change with the content.
HASHES = re.compile(r"(FunctionVersion|Layer)[0-9a-f]{10}\b")
# What SAM writes about itself.
TAGS = {"lambda:createdBy", "httpapi:createdBy"}
WIDTH = 110


class Dumper(yaml.SafeDumper):
    """YAML in block style, but for what fits on a line."""

    def ignore_aliases(self, _):
        return True

    def represent_dict(self, data):
        return self.represent_mapping("tag:yaml.org,2002:map", data.items(), is_short(data))

    def represent_list(self, data):
        return self.represent_sequence("tag:yaml.org,2002:seq", data, is_short(data))


Dumper.add_representer(dict, Dumper.represent_dict)
Dumper.add_representer(list, Dumper.represent_list)


def is_short(data) -> bool:
    """Whether a collection has nothing but a few plain values."""
    parts = list(data.values()) if isinstance(data, dict) else data
    plain = all(not isinstance(it, dict | list) or not it for it in parts)
    return plain and len(str(data)) < WIDTH - 30


def statement(it: dict) -> str:
    """A statement of a policy in one sentence."""
    it = dict(it)
    sid, effect, actions = it.pop("Sid", "-"), it.pop("Effect"), as_list(it.pop("Action", []))
    resources = as_list(it.pop("Resource", []))
    conditions = "; ".join(
        f"{operator} {key} {' '.join(map(str, as_list(value)))}"
        for operator, keys in it.pop("Condition", {}).items()
        for key, value in keys.items()
    )
    text = f"{sid} - {effect} {' '.join(actions)} on {' '.join(resources)}"
    text += f" if {conditions}" if conditions else ""
    return text + more(it)


def more(it: dict) -> str:
    """What is left of something that was condensed."""
    left = {key: value for key, value in it.items() if value}
    return f" and {left}" if left else ""


def metric(it: dict) -> str:
    dimensions = "".join(f" {each['Name']}={each['Value']}" for each in it.pop("Dimensions", []))
    return f"{it.pop('Namespace')} {it.pop('MetricName')}{dimensions}"


def watched(alarm: dict) -> str:
    """What an alarm looks at."""
    if "Metrics" not in alarm:
        statistic = alarm.pop("Statistic", None) or alarm.pop("ExtendedStatistic")
        return f"{statistic} of {metric(alarm)} in {alarm.pop('Period')} s"
    whole, *parts = alarm.pop("Metrics")
    listed = [
        f"{part['Id']} = {it['Stat']} of {metric(it['Metric'])} in {it['Period']} s"
        for part in parts
        for it in [part["MetricStat"]]
    ]
    return f"{whole['Expression']} of: " + ", ".join(listed)


def alarm(properties: dict) -> dict:
    looked = watched(properties)
    points = properties.pop("EvaluationPeriods")
    times = f"{properties.pop('DatapointsToAlarm', points)} times of {points}"
    compared = properties.pop("ComparisonOperator")
    return {
        "says": properties.pop("AlarmDescription", ""),
        "when": f"{looked} is {compared} {properties.pop('Threshold')}, {times}",
        "missing": properties.pop("TreatMissingData", "missing"),
        "tells": properties.pop("AlarmActions", []),
    }


class Condenser:
    """The resources of a deployment; each that is condensed is taken out, and the rest stays."""

    def __init__(self, resources: dict):
        self.left = copy.deepcopy(resources)

    def take(self, kind: str) -> dict:
        """The properties of all resources of a type, which are then no longer there."""
        names = [name for name, it in self.left.items() if it["Type"] == kind]
        return {name: self.taken(name) for name in names}

    def taken(self, name: str) -> dict:
        resource = self.left.pop(name, {})
        found = resource.get("Properties", {})
        tags = found.get("Tags", {})
        if {it["Key"] if isinstance(it, dict) else it for it in tags} <= TAGS:
            found.pop("Tags", None)
        kept = {
            key: value
            for key, value in resource.items()
            if key not in ("Type", "Properties", "Condition", "Metadata")
        }
        return found | kept

    def routes(self) -> dict:
        found = {}
        for path, methods in self.left["HttpApi"]["Properties"]["Body"].pop("paths").items():
            for method, operation in methods.items():
                key = f"{method.upper()} {path}" if path != "$default" else path
                called = operation.pop("x-amazon-apigateway-integration")
                function = re.search(r"functions/\$\{(\w+)", called.pop("uri"))[1]
                about = " ".join(str(value) for value in called.values())
                found[key] = f"{function} {about}{more(operation)}"
        # By function, because SAM's order is not the same in each run.
        return dict(sorted(found.items(), key=lambda it: (it[1].split()[0], it[0].split()[::-1])))

    def roles(self) -> dict:
        found = {}
        for name, role in self.take("AWS::IAM::Role").items():
            assumed = role.pop("AssumeRolePolicyDocument")["Statement"]
            own = role.pop("Policies", [])
            found[name] = {
                "assumed": [
                    f"{it.pop('Effect')} {it.pop('Action')} by {it.pop('Principal')}{more(it)}"
                    for it in assumed
                ],
                "may": [statement(it) for each in own for it in each["PolicyDocument"]["Statement"]],
            } | role
        for name, policy in self.take("AWS::IAM::Policy").items():
            document = policy.pop("PolicyDocument")
            found[name] = {"may": list(map(statement, document["Statement"]))} | policy
        return found

    def functions(self) -> dict:
        for name in [it for it in self.left if HASHES.search(it) and "Function" in it]:
            self.taken(name)
        found = {}
        for name, function in self.take("AWS::Lambda::Function").items():
            function.pop("Code")
            group, alias = self.taken(f"{name}DeploymentGroup"), self.taken(f"{name}Aliaslive")
            alarms = group.pop("AlarmConfiguration", {})
            for known in ("ApplicationName", "AutoRollbackConfiguration", "DeploymentStyle"):
                group.pop(known, None)
            for known in ("FunctionName", "FunctionVersion", "UpdatePolicy"):
                alias.pop(known, None)
            function["deployed"] = {
                "by": group.pop("DeploymentConfigName", "nothing"),
                "role": group.pop("ServiceRoleArn", ""),
                "alias": alias.get("Name", "none"),
                "goes back by": [it["Name"] for it in alarms.get("Alarms", [])],
            } | {key: value for key, value in (group | alias).items() if key != "Name"}
            function["variables"] = function.pop("Environment", {}).get("Variables", {})
            found[name] = function
        return found

    def alarms(self) -> dict:
        found = {name: alarm(it) | it for name, it in self.take("AWS::CloudWatch::Alarm").items()}
        told = [it["tells"] for it in found.values()]
        if any(it != told[0] for it in told):
            return found
        for it in found.values():
            del it["tells"]
        return {"all tell": told[0]} | found

    def dashboard(self) -> dict:
        """The rows of each widget."""
        found = self.taken("Dashboard")
        widgets = json.loads(found.pop("DashboardBody"))["widgets"]
        rows = {}
        for it in widgets:
            about = it["properties"]
            title = f"{about.get('stat', '')} {about['title']}".strip()
            rows[title] = [
                " ".join(map(str, row)) if isinstance(row, list) else row
                for row in about.get("metrics", about.get("alarms", []))
            ]
        return rows | found

    def permissions(self) -> dict:
        found = {}
        for name, it in sorted(self.take("AWS::Lambda::Permission").items()):
            called = f"{it.pop('Action')} of {it.pop('FunctionName')} by {it.pop('Principal')}"
            found[name] = f"{called} for {it.pop('SourceArn', 'anything')}{more(it)}"
        return found

    def rest(self) -> dict:
        return {
            f"{name} ({self.left[name]['Type']})": self.taken(name) for name in list(self.left)
        }


def condensed(deployment) -> dict:
    """A deployment in the order in which a request goes through it."""
    it = Condenser(deployment.resources)
    return {
        "about": deployment.about,
        "parameters": deployment.parameters,
        "routes": it.routes(),
        "functions": it.functions(),
        "roles": it.roles(),
        "mappings": it.take("AWS::Lambda::EventSourceMapping"),
        "tables": it.take("AWS::DynamoDB::Table"),
        "permissions": it.permissions(),
        "alarms": it.alarms(),
        "dashboard": it.dashboard(),
        "rest": it.rest(),
        "outputs": deployment.outputs,
    }


def differing(found: dict, base: dict) -> dict:
    """What a deployment has otherwise than another one, or lacks."""
    result = {name: "none" for name in base if name not in found}
    for name, value in found.items():
        before = base.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            value = differing(value, before)
            before = {}
        if value != before:
            result[name] = value
    return result


def text(found: dict) -> str:
    """What is condensed, as a file."""
    options = {"width": WIDTH, "sort_keys": False, "allow_unicode": True}
    return "# Made by `make snapshots`.\n" + HASHES.sub(r"\1", yaml.dump(found, Dumper=Dumper, **options))


def files(source: dict) -> dict:
    """The text of each file, by its name; one more for the stack in front."""
    plain, *others = deployments.built(source)
    base = condensed(plain)
    found = {f"{plain.name}.yaml": base}
    found |= {f"{it.name}.yaml": differing(condensed(it), base) for it in others}
    found["in-front.yaml"] = sam.resolve(edge.load(), edge.PARAMETERS)
    return {name: text(it) for name, it in found.items()}


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, written in files(sam.load()).items():
        (FOLDER / name).write_text(written)
        print(f"{name}: {len(written.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
