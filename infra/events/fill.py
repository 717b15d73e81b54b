"""Prints an event with its placeholders filled in.

A placeholder is the name of an environment variable in double braces, or a time: {{NOW}} and
{{IN_AN_HOUR}} are Unix seconds. A value inside "body" is escaped, because that is JSON in a string.

    TOKEN=... python fill.py verify-token.json
"""

import json
import os
import re
import sys
import time
from pathlib import Path

PLACEHOLDER = re.compile(r"\{\{([A-Z_]+)\}\}")


def value_of(name: str) -> str:
    now = int(time.time())
    times = {"NOW": now, "IN_AN_HOUR": now + 3600}
    if name in times:
        return str(times[name])
    if not os.environ.get(name):
        sys.exit(f"the event needs {name}: give it on the command line as {name}=...")
    return os.environ[name]


def fill(node, key=None):
    if isinstance(node, dict):
        return {name: fill(child, name) for name, child in node.items()}
    if isinstance(node, list):
        return [fill(child) for child in node]
    if not isinstance(node, str):
        return node
    escape = (lambda text: json.dumps(text)[1:-1]) if key == "body" else str
    return PLACEHOLDER.sub(lambda match: escape(value_of(match[1])), node)


if __name__ == "__main__":
    print(json.dumps(fill(json.loads(Path(sys.argv[1]).read_text()))))
