"""What holds of the template as a whole."""

import re
from graphlib import CycleError, TopologicalSorter

import expected

CONSTRAINTS = ("AllowedValues", "AllowedPattern", "MinValue")
OUTPUTS = {
    "ApiUrl",
    "ApiHost",
    "TokensTableName",
    "TokensTableStreamArn",
    "UsersTableName",
    "DeadLetterBucketName",
    "MailWorkerFunctionName",
    "ConfigurationSetName",
    "EdgeSecretArn",
    "DomainTarget",
    "SenderDkimRecord1",
    "SenderDkimRecord2",
    "SenderDkimRecord3",
}


def parameters(deployment):
    """Each has a description, a default and a constraint, and numbers have the functions' limits."""
    declared = deployment.template["Parameters"]
    for name, parameter in declared.items():
        if not parameter.get("Description"):
            yield f"{name} has no description"
        if not any(constraint in parameter for constraint in CONSTRAINTS):
            yield f"{name} has no constraint"
        if ("Default" in parameter) == (name in expected.WITHOUT_DEFAULT):
            yield f"{name} has a default, or none"
    for name, wanted in expected.NUMBERS.items():
        parameter = declared.get(name, {})
        found = tuple(parameter.get(key) for key in ("Default", "MinValue", "MaxValue"))
        if found != wanted:
            yield f"{name} has default and limits {found}"


def references(node) -> set[str]:
    """The names of all that a part of the template refers to."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    found = set()
    for name, child in node.items():
        if name == "Ref":
            found.add(child)
        elif name == "Fn::GetAtt":
            found.add(child.split(".")[0] if isinstance(child, str) else child[0])
        elif name == "Fn::Sub":
            text = child if isinstance(child, str) else child[0]
            found |= {match.split(".")[0] for match in re.findall(r"\$\{([^}!]+)\}", text)}
            found |= references(child) if isinstance(child, list) else set()
        elif name == "DependsOn":
            found |= set(child if isinstance(child, list) else [child])
        else:
            found |= references(child)
    return found


def cycles(deployment):
    """No resource waits for itself."""
    resources = deployment.template["Resources"]
    graph = {name: references(resource) & resources.keys() for name, resource in resources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield " needs ".join(error.args[1])


def outputs(deployment):
    """What people need to know after a deployment."""
    missing = OUTPUTS - deployment.template.get("Outputs", {}).keys()
    if missing:
        yield f"there is no output {', '.join(sorted(missing))}"
