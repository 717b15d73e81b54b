"""The functions, and what each one is told."""

import expected

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
            "REQUEST_RESET_MODE": expected.MODES.get(name),
        }
        for variable, value in variables(function["Properties"]).items():
            parameter = "".join(word.capitalize() for word in variable.split("_"))
            if parameter in parameters:
                if value != {"Ref": parameter}:
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
    """JSON into a group of the function's own, no line dropped that LogLevel wants, none forever."""
    level = deployment.parameters.get("LogLevel", "info").upper()
    for name in expected.ENVIRONMENT:
        config = deployment.properties(name).get("LoggingConfig", {})
        group = name.removesuffix("Function") + "LogGroup"
        wanted = {
            "LogFormat": "JSON",
            "ApplicationLogLevel": level,
            "SystemLogLevel": "INFO",
            "LogGroup": "${" + group + "}",
        }
        if config != wanted:
            yield f"{name} logs by {config}"
        if not deployment.properties(group).get("RetentionInDays"):
            yield f"{group} is kept forever"


def concurrency(deployment):
    """Nothing is reserved unless asked for."""
    wanted = deployment.parameters.get("ReservedConcurrency")
    for name, function in deployment.of_type(FUNCTION).items():
        if function.get("ReservedConcurrentExecutions") != wanted:
            yield f"{name} reserves {function.get('ReservedConcurrentExecutions')}"
