"""The functions, and what each one is told."""

import copy

import expected
import sam

FUNCTION = "AWS::Lambda::Function"


def variables(function: dict) -> dict:
    return function.get("Environment", {}).get("Variables", {})


def environment(deployment):
    """Each function is told exactly what it reads."""
    found = deployment.of_type(FUNCTION)
    if found.keys() != expected.ENVIRONMENT.keys():
        yield f"the functions are {', '.join(sorted(found))}"
    for name, names in expected.ENVIRONMENT.items():
        for variable in sorted(variables(found.get(name, {})).keys() ^ names):
            yield f"{name} {'lacks' if variable in names else 'is told'} {variable}"


def values(deployment):
    """Each variable has the value of the parameter of its name, or its own."""
    parameters = deployment.template["Parameters"]
    for name, function in deployment.template["Resources"].items():
        if function["Type"] != FUNCTION:
            continue
        resolved = variables(deployment.properties(name))
        special = expected.VALUES | {
            "USERS_TABLE": deployment.users_table,
            "PUBLIC_URL": deployment.origin,
            "SES_CONFIGURATION_SET": deployment.parameters.get(
                "SesConfigurationSet", "${ConfigurationSet}"
            ),
            "EDGE_SECRET": expected.EDGE_SECRET if "EdgeMode" in deployment.parameters else "",
            "REQUEST_RESET_MODE": expected.MODES.get(name),
        }
        for variable, value in variables(function["Properties"]).items():
            parameter = "".join(word.capitalize() for word in variable.split("_"))
            if parameter in parameters and variable not in special:
                if value != expected.CONDITIONAL.get(variable, {"Ref": parameter}):
                    yield f"{name} does not take {variable} from {parameter}"
            elif resolved[variable] != special.get(variable):
                yield f"{name} has {resolved[variable]} in {variable}"


def runtime(deployment):
    """Runtime, size and tracing."""
    for name, (memory, timeout) in expected.SIZES.items():
        function = deployment.properties(name)
        wanted = {
            "Runtime": "provided.al2023",
            "Handler": "bootstrap",
            "Architectures": ["arm64"],
            "MemorySize": memory,
            "Timeout": timeout,
            "TracingConfig": {"Mode": "Active"},
        }
        for key, value in wanted.items():
            if function.get(key) != value:
                yield f"{name} has {function.get(key)} as {key}"
        layers = function.get("Layers", [])
        if len(layers) != 1 or not layers[0].startswith("${AppsLayer"):
            yield f"{name} has not the layer with the apps"


def logs(deployment):
    """JSON into a group of the function's own, no line dropped by Lambda, none kept for longer than asked
    for."""
    for name in expected.ENVIRONMENT:
        config = deployment.properties(name).get("LoggingConfig", {})
        group = name.removesuffix("Function") + "LogGroup"
        wanted = {
            "LogFormat": "JSON",
            # The lines with metrics have no level, and would go first.
            "ApplicationLogLevel": "TRACE",
            "SystemLogLevel": "INFO",
            "LogGroup": "${" + group + "}",
        }
        if config != wanted:
            yield f"{name} logs by {config}"
    days = deployment.parameters.get("LogRetentionDays", 30)
    wanted = {
        name: {"LogGroupName": group, "RetentionInDays": days}
        for name, group in expected.LOG_GROUPS.items()
    }
    found = deployment.of_type("AWS::Logs::LogGroup")
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            yield f"{name} is {found.get(name)}"
    for name in found:
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if deployment.resources[name].get(policy) != "Delete":
                yield f"{name} outlives the stack"


def releases(deployment):
    """Each deployment is a version, which takes over by degrees and goes back when an alarm rings."""
    style = deployment.parameters.get("DeploymentStyle", "Canary10Percent5Minutes")
    template = deployment.template["Resources"]
    for name in expected.ENVIRONMENT:
        alias = template.get(name + expected.ALIAS, {})
        policy = alias.get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate", {})
        if policy.get("DeploymentGroupName") != {"Ref": f"{name}DeploymentGroup"}:
            yield f"the alias of {name} moves at once"
        group = deployment.properties(f"{name}DeploymentGroup")
        alarms = group.get("AlarmConfiguration", {})
        watched = [alarm["Name"] for alarm in alarms.get("Alarms", [])]
        if not alarms.get("Enabled") or watched != expected.ROLLBACK[name]:
            yield f"{name} goes back by {watched}"
        if group.get("DeploymentConfigName") != f"CodeDeployDefault.Lambda{style}":
            yield f"{name} is deployed by {group.get('DeploymentConfigName')}"
        if group.get("ServiceRoleArn") != "${DeploymentRole.Arn}":
            yield f"{name} is deployed by the role {group.get('ServiceRoleArn')}"


def versions(deployment):
    """A release that differs in nothing but its settings is a version of its own all the same."""

    def published(release: str) -> set[str]:
        source = copy.deepcopy(deployment.source)
        variables = source["Globals"]["Function"]["Environment"]["Variables"]
        if "RELEASE" in variables:
            variables["RELEASE"] = release
        resources = sam.transform(source, deployment.parameters)["Resources"]
        return {name for name, it in resources.items() if it["Type"] == "AWS::Lambda::Version"}

    same = published("one") & published("another")
    if same:
        yield f"{', '.join(sorted(same))} would not be published anew"


def secrets(deployment):
    """Secrets are drawn at random, long, and there only where they are needed."""
    wanted = {"PseudonymKey": "Key of the pseudonyms in the logs of ${AWS::StackName}"}
    if "EdgeMode" in deployment.parameters:
        wanted["EdgeSecret"] = "What the edge shows to ${AWS::StackName}"
    found = deployment.of_type("AWS::SecretsManager::Secret")
    drawn = {"PasswordLength": 64, "ExcludePunctuation": True}
    for name in sorted(found.keys() | wanted.keys()):
        secret = found.get(name, {})
        if name not in wanted or secret != {
            "Description": wanted[name],
            "GenerateSecretString": drawn,
        }:
            yield f"{name} is {secret}"


def concurrency(deployment):
    """Nothing is reserved unless asked for."""
    wanted = deployment.parameters.get("ReservedConcurrency")
    for name, function in deployment.of_type(FUNCTION).items():
        if function.get("ReservedConcurrentExecutions") != wanted:
            yield f"{name} reserves {function.get('ReservedConcurrentExecutions')}"
