"""The template as CloudFormation would get it: transformed by SAM, then with its functions resolved."""

import copy
import logging
import os
import re
from pathlib import Path

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
# Stands for what `sam deploy` uploads; the transform takes nothing local.
UPLOADED = "s3://bucket/key"
CODE = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}
STACK = "AWS::CloudFormation::Stack"
NOTHING = object()

# It warns that nobody collects its metrics.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


def load() -> dict:
    """The template as it is written, with the nested ones in their places."""
    template = yaml_parse((ROOT / "template.yaml").read_text())
    for nested in stacks(template).values():
        nested["TemplateURL"] = yaml_parse((ROOT / nested["TemplateURL"]).read_text())
    return template


def stacks(template: dict) -> dict:
    """The properties of the nested stacks, by name; each gets things only of those before it."""
    resources = template["Resources"].items()
    return {name: it["Properties"] for name, it in resources if it["Type"] == STACK}


def transform(source: dict, parameters: dict) -> dict:
    """What the SAM transform makes of a template, offline."""
    # It asks for a Region, and would look for one in the user's configuration.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    source = copy.deepcopy(source)
    for resource in source["Resources"].values():
        if resource["Type"] in CODE:
            resource["Properties"][CODE[resource["Type"]]] = UPLOADED
        if resource["Type"] == STACK:
            resource["Properties"]["TemplateURL"] = f"https://s3.amazonaws.com/{UPLOADED[5:]}"
    # The map of managed policies is empty: no role here uses one.
    return Translator({}, Parser()).translate(source, dict(parameters))


def resolve(template: dict, parameters: dict) -> dict:
    """A transformed template without conditions and functions.

    A parameter becomes its value. What only a deployment knows becomes a name: a reference to a
    resource reads ${Table}, an attribute of it ${Table.Arn}.
    """
    return Resolver(template, parameters).present(template["Resources"])


def outputs(template: dict, parameters: dict) -> dict:
    """What a deployment says of itself, in the same words."""
    found = Resolver(template, parameters).present(template.get("Outputs", {}))
    return {name: output["Value"] for name, output in found.items()}


def refused(template: dict, parameters: dict) -> list[str]:
    """What the template's own rules say against these parameters."""
    resolver = Resolver(template, parameters)
    return [
        assertion.get("AssertDescription", name)
        for name, rule in template.get("Rules", {}).items()
        if "RuleCondition" not in rule or resolver.holds(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not resolver.holds(assertion["Assert"])
    ]


class Resolver:
    def __init__(self, template: dict, parameters: dict):
        declared = template.get("Parameters", {})
        self.parameters = {
            name: declared[name].get("Default", "") for name in declared
        } | parameters
        self.conditions = template.get("Conditions", {})
        self.mappings = template.get("Mappings", {})

    def present(self, section: dict) -> dict:
        """Those parts of a section whose condition holds, with their functions resolved."""
        return self.value(
            {
                name: part
                for name, part in section.items()
                if "Condition" not in part or self.holds(part["Condition"])
            }
        )

    def value(self, node):
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self.call(name, argument)
        values = {name: self.value(child) for name, child in node.items()}
        return {name: value for name, value in values.items() if value is not NOTHING}

    def call(self, name: str, argument):
        match name:
            case "Ref":
                return self.reference(argument)
            case "Fn::GetAtt":
                return "${" + (argument if isinstance(argument, str) else ".".join(argument)) + "}"
            case "Fn::Sub":
                text, local = (argument, {}) if isinstance(argument, str) else argument
                return self.substitute(text, local)
            case "Fn::If":
                condition, yes, no = argument
                return self.value(yes if self.holds(condition) else no)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(map(str, self.value(parts)))
            case "Fn::Split":
                separator, text = argument
                return self.value(text).split(separator)
            case "Fn::Select":
                position, parts = argument
                return self.value(parts)[int(position)]
            case "Fn::FindInMap":
                table, first, second = map(self.value, argument)
                return self.mappings.get(table, {}).get(first, {}).get(second)
        raise ValueError(f"the checks cannot resolve {name}")

    def reference(self, name: str):
        if name == "AWS::NoValue":
            return NOTHING
        return self.parameters.get(name, "${" + name + "}")

    def substitute(self, text: str, local: dict) -> str:
        def value(match):
            return str(
                self.value(local[match[1]]) if match[1] in local else self.reference(match[1])
            )

        return re.sub(r"\$\{([^}]+)\}", value, text)

    def holds(self, condition) -> bool:
        if isinstance(condition, str):
            return self.holds(self.conditions[condition])
        ((name, arguments),) = condition.items()
        match name:
            case "Fn::Equals":
                first, second = map(self.value, arguments)
                return first == second
            case "Condition":
                return self.holds(self.conditions[arguments])
            case "Fn::Not":
                return not self.holds(arguments[0])
            case "Fn::And":
                return all(map(self.holds, arguments))
            case "Fn::Or":
                return any(map(self.holds, arguments))
        raise ValueError(f"the checks cannot evaluate {name}")
