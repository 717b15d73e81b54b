"""What each function may do."""

import expected


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def normalised(statement: dict) -> dict:
    """A statement whose order and shorthand do not matter; `expected.allow` makes the same form."""
    condition = statement.get("Condition")
    if condition:
        condition = {
            operator: {key: sorted(v) if isinstance(v, list) else v for key, v in keys.items()}
            for operator, keys in condition.items()
        }
    known = {"Sid", "Effect", "Action", "Resource", "Condition"}
    return {
        "Effect": statement["Effect"],
        "Action": sorted(as_list(statement.get("Action", []))),
        "Resource": sorted(as_list(statement.get("Resource", []))),
        "Condition": condition,
    } | {key: value for key, value in statement.items() if key not in known}


def statements_of(role: dict) -> list[dict]:
    return [
        normalised(statement)
        for policy in role.get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def statements(deployment):
    """The statements of each function's role, no more and no fewer."""
    for name, wanted in deployment.statements.items():
        role = deployment.properties(name).get("Role", "").removeprefix("${").removesuffix(".Arn}")
        found = statements_of(deployment.properties(role))
        for statement in found:
            if statement not in wanted:
                yield f"{name} may {statement}"
        for statement in wanted:
            if statement not in found:
                yield f"{name} may not {statement}"


def roles(deployment):
    """One role for each function, for Lambda alone, and one that deploys; no policies from elsewhere."""
    found = deployment.of_type("AWS::IAM::Role")
    used = [
        function.get("Role") for function in deployment.of_type("AWS::Lambda::Function").values()
    ]
    used.append("${DeploymentRole.Arn}")
    if sorted(used) != sorted("${" + name + ".Arn}" for name in found):
        yield f"the functions use the roles {used}"
    for name, role in found.items():
        if role.get("ManagedPolicyArns"):
            yield f"{name} has a managed policy"
        service = "codedeploy" if name == "DeploymentRole" else "lambda"
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            if statement["Principal"] != {"Service": f"{service}.amazonaws.com"}:
                yield f"{name} can be assumed by {statement['Principal']}"
    for kind in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"):
        if deployment.of_type(kind):
            yield f"there is a policy of the type {kind}"


def deploying(deployment):
    """Whoever deploys moves the aliases and watches the alarms, and can do nothing else."""
    found = statements_of(deployment.properties("DeploymentRole"))
    if found != expected.DEPLOYMENT:
        yield f"the deployment may {found}"


def wildcards(deployment):
    """Every action is named, and only X-Ray's are allowed on everything."""
    for name, role in deployment.of_type("AWS::IAM::Role").items():
        for statement in statements_of(role):
            if any("*" in action for action in statement["Action"]):
                yield f"{name} has a wildcard in {statement['Action']}"
            if "*" in statement["Resource"] and statement != expected.TRACES:
                yield f"{name} may {statement['Action']} on everything"
