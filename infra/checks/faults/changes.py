"""Changes of a template, to put faults together from."""

VARIABLES = ("Globals", "Function", "Environment", "Variables")
LOGGING = ("Globals", "Function", "LoggingConfig")


def at(template: dict, *path):
    """The part of a template at a path of names and positions."""
    for step in path:
        template = template[step]
    return template


def put(*path):
    """Sets the last but one step of a path to the last."""
    *way, key, value = path
    return lambda template: at(template, *way).__setitem__(key, value)


def drop(*path):
    """Removes what is at a path."""
    *way, key = path
    return lambda template: at(template, *way).__delitem__(key)


def resource(name: str, *path) -> tuple:
    """The path of a resource, or of a part of it."""
    return ("Resources", name, *path)


def properties(name: str, *path) -> tuple:
    """The path of a resource's properties, or of one of them."""
    return resource(name, "Properties", *path)


def event(function: str, name: str, *path) -> tuple:
    """The path of what calls a function."""
    return properties(function, "Events", name, "Properties", *path)


def variable(function: str, name: str, value):
    """Tells a function a value."""
    return put(*properties(function, "Environment", "Variables"), name, value)


def extra(name: str, kind: str, **added):
    """Adds a resource."""
    return put("Resources", name, {"Type": kind, "Properties": added})


def policy(template: dict, role: str) -> list[dict]:
    return at(template, *properties(role, "Policies", 0, "PolicyDocument", "Statement"))


def statement(template: dict, role: str, sid: str) -> dict:
    return next(each for each in policy(template, role) if each.get("Sid") == sid)


def in_statement(role: str, sid: str, **changes):
    """Changes a statement of a role."""
    return lambda template: statement(template, role, sid).update(changes)


def extra_statement(role: str, **added):
    """Lets a role do one thing more."""
    return lambda template: policy(template, role).append({"Effect": "Allow", **added})


def keys(role: str, sid: str, patterns: list[str]):
    """Changes which items a statement is about."""
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": patterns}}
    return lambda template: statement(template, role, sid)["Condition"].update(condition)


def get(resource_name: str, attribute: str) -> dict:
    """An attribute of a resource, as a template refers to it."""
    return {"Fn::GetAtt": [resource_name, attribute]}


def ref(name: str) -> dict:
    """A resource or a parameter, as a template refers to it."""
    return {"Ref": name}
