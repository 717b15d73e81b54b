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
    """The statements of a role's own policies."""
    return [
        normalised(statement)
        for policy in role.get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


# The one policy that stands apart from its role, because it names what waits for that.
APART = "DeploymentPolicy"


def statements_apart(deployment) -> list[dict]:
    document = deployment.properties(APART).get("PolicyDocument", {})
    return [normalised(statement) for statement in document.get("Statement", [])]


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
        assumed = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        if role["AssumeRolePolicyDocument"]["Statement"] != [assumed]:
            yield f"{name} can be assumed by {role['AssumeRolePolicyDocument']['Statement']}"
    for kind in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"):
        for name in deployment.of_type(kind).keys() - {APART}:
            yield f"there is a policy of the type {kind}: {name}"


def deploying(deployment):
    """Whoever deploys moves the aliases and watches the alarms, and can do nothing else."""
    found = statements_of(deployment.properties("DeploymentRole")) + statements_apart(deployment)
    if found != expected.DEPLOYMENT:
        yield f"the deployment may {found}"
    if deployment.properties(APART).get("Roles") != ["${DeploymentRole}"]:
        yield f"the roles {deployment.properties(APART).get('Roles')} may deploy"


def wildcards(deployment):
    """Every action is named, and only X-Ray's are allowed on everything."""
    roles = deployment.of_type("AWS::IAM::Role").items()
    policies = {name: statements_of(role) for name, role in roles}
    policies[APART] = statements_apart(deployment)
    for name, found in policies.items():
        for statement in found:
            if any("*" in action for action in statement["Action"]):
                yield f"{name} has a wildcard in {statement['Action']}"
            if "*" in statement["Resource"] and statement != expected.TRACES:
                yield f"{name} may {statement['Action']} on everything"
