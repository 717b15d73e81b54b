"""The OpenAPI document."""

import re

import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.exceptions import Unresolvable

import sam

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def load() -> dict:
    """The document as it is written."""
    return yaml.safe_load((sam.ROOT / "infra" / "openapi.yaml").read_text())


def operations(document: dict) -> dict:
    """The function of each operation, by route key."""
    return {
        f"{method.upper()} {path}": operation.get("x-function", "no function")
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def functions(routes: dict) -> dict:
    """The routes of the template in the words of the document, which has no default route."""
    return {
        key: re.sub(r"(?<!^)(?=[A-Z])", "-", function.removesuffix("Function")).lower()
        for key, function in routes.items()
        if key != "$default"
    }


def violations(document: dict):
    """What OpenAPI itself does not allow."""
    try:
        for error in OpenAPIV31SpecValidator(document).iter_errors():
            place = "/".join(map(str, error.absolute_path))
            yield f"{place}: {error.message}"
    except Unresolvable as error:
        yield f"{error.ref} leads nowhere"


def differences(document: dict, routes: dict):
    """Operations that are not the routes of the template."""
    found, wanted = operations(document), functions(routes)
    for key in sorted(found.keys() | wanted.keys()):
        if found.get(key) != wanted.get(key):
            yield f"{key} is of {found.get(key)} and not of {wanted.get(key)}"


def strangers(document: dict):
    """Servers that nobody knows: each deployment has a host of its own."""
    for server in document.get("servers", []):
        variables = server.get("variables", {}).values()
        for url in [server["url"], *(variable["default"] for variable in variables)]:
            if "//" in url and not url.startswith("http://127.0.0.1:"):
                yield f"{url} is nobody's"
