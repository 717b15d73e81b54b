"""What holds of the template as a whole."""

import re
from graphlib import CycleError, TopologicalSorter

import expected

# What no text of a parameter may be: it has to be held at both ends, and to what is meant.
NONSENSE = ('x"y', "${x}", "a\nb", "*", "'", "<x>")
CONSTRAINTS = ("AllowedValues", "AllowedPattern", "MinValue")
API = "${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"


def dns_records(prefix: str, identity: str, subdomain: str | None) -> dict:
    """The outputs that say the DNS records of a sender's domain."""
    name = f"{subdomain}.{identity}"
    wanted = {
        f"{prefix}DkimRecord{number}": "${%s.DkimDNSTokenName%d} ${%s.DkimDNSTokenValue%d}"
        % (prefix, number, prefix, number)
        for number in (1, 2, 3)
    }
    if subdomain:
        mx = f"{name} 10 feedback-smtp.${{AWS::Region}}.amazonses.com"
        wanted[f"{prefix}MailFromMxRecord"] = mx
        wanted[f"{prefix}MailFromSpfRecord"] = f'{name} "v=spf1 include:amazonses.com -all"'
    return wanted


def wanted_outputs(deployment) -> dict:
    """What people need to know after a deployment."""
    given = deployment.parameters
    wanted = {
        "ApiUrl": deployment.origin,
        "ApiHost": API,
        "TokensTableName": "${TokensTable}",
        "TokensTableStreamArn": "${TokensTable.StreamArn}",
        "UsersTableName": deployment.users_table,
        "DeadLetterBucketName": "${DeadLetterBucket}",
        "MailWorkerFunctionName": "${MailWorkerFunction}",
        "ConfigurationSetName": given.get("SesConfigurationSet", "${ConfigurationSet}"),
    }
    if "EdgeMode" in given:
        wanted["EdgeSecretArn"] = "${EdgeSecret}"
    if "DomainName" in given:
        wanted["DomainTarget"] = "${Domain.RegionalDomainName}"
    if given.get("CreateSenderIdentities") == "true":
        for prefix in ("Sender", "SecondSender"):
            identity = given.get(f"{prefix}Identity", "@")
            if "@" not in identity:
                wanted |= dns_records(prefix, identity, given.get("MailFromSubdomain"))
    return wanted


def parameters(deployment):
    """Each has a description, a default and a constraint, and numbers have the functions' limits."""
    declared = deployment.template["Parameters"]
    for name, parameter in declared.items():
        if not parameter.get("Description"):
            yield f"{name} has no description"
        if not any(constraint in parameter for constraint in CONSTRAINTS):
            yield f"{name} has no constraint"
        pattern = parameter.get("AllowedPattern")
        for text in NONSENSE:
            if pattern and re.search(pattern, text):
                yield f"{name} may be {text!r}"
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
    """People are told what they need to know after a deployment."""
    wanted = wanted_outputs(deployment)
    for name in sorted(deployment.outputs.keys() | wanted.keys()):
        if deployment.outputs.get(name) != wanted.get(name):
            yield f"the output {name} is {deployment.outputs.get(name)}"
