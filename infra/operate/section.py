"""Says what a section of the configuration of `sam deploy` has: python infra/operate/section.py NAME

NAME is one of its own words, such as region, or a parameter of the template, which has the template's default
where the section says nothing. What has neither is an empty line.
"""

import argparse
import re
import sys
from functools import cache
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from aws import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def settings(text: str, section: str) -> dict:
    """What a section says, as `sam deploy` reads it."""
    return tomllib.loads(text).get(section, {}).get("deploy", {}).get("parameters", {})


def overrides(found: dict) -> dict:
    """The parameters of a section, which may be a list or one text."""
    given = found.get("parameter_overrides", [])
    text = " ".join(given) if isinstance(given, list) else given
    return dict(re.findall(r"(\w+)=\"?([^\s\"]*)\"?", text))


@cache
def template() -> dict:
    """The template, as it is written."""
    return yaml_parse((ROOT / "template.yaml").read_text())


def declared() -> dict:
    """The parameters of the template."""
    return template()["Parameters"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, default=ROOT / "infra" / "samconfig.toml")
    parser.add_argument("--section", default="default")
    parser.add_argument("name")
    options = parser.parse_args()
    found = settings(options.config.read_text(), options.section)
    said = overrides(found) | found
    if options.name not in said:
        said |= {name: it.get("Default", "") for name, it in declared().items() if name not in said}
    print(said.get(options.name, ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
