"""The OpenAPI document. That it is one is what `npm run lint` in tests/client says; that its routes are those
of the code and of the template, tests/integration/openapi.rs.
"""

import yaml

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


def unknown_servers(document: dict):
    """Servers that nobody knows: each deployment has a host of its own."""
    for server in document.get("servers", []):
        variables = server.get("variables", {}).values()
        for url in [server["url"], *(variable["default"] for variable in variables)]:
            if "//" in url and not url.startswith("http://127.0.0.1:"):
                yield f"{url} is nobody's"
