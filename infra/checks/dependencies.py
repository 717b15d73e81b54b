"""Crates that must not be below what is deployed: a second TLS or HTTP stack, and sign-on clients.

Each costs size and cold start, and the first also brings a second set of security updates.
"""

import re
import subprocess
import sys

PACKAGES = ["request-reset", "verify-token", "confirm-reset"]
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]
# The beginning of "name version".
BANNED = ["ring ", "rustls 0.21.", "hyper 0.14.", "aws-sdk-sso ", "aws-sdk-ssooidc "]
LINE = re.compile(r"(?P<name>[\w-]+) v(?P<version>\S+)")


def tree(target: str) -> str:
    """All crates that the functions link on a target, one to a line."""
    packages = [word for package in PACKAGES for word in ("--package", package)]
    options = ["--locked", "--edges", "normal", "--prefix", "none", "--target", target]
    result = subprocess.run(
        ["cargo", "tree", *packages, *options], check=True, text=True, stdout=subprocess.PIPE
    )
    return result.stdout


def banned(lines: str) -> list[str]:
    """Those crates of a tree that must not be in it."""
    matches = filter(None, map(LINE.match, lines.splitlines()))
    crates = {f"{match['name']} {match['version']}" for match in matches}
    if not crates:
        raise ValueError("the tree is empty")
    return sorted(crate for crate in crates if crate.startswith(tuple(BANNED)))


def main() -> int:
    found = {(crate, target) for target in TARGETS for crate in banned(tree(target))}
    for crate, target in sorted(found):
        print(
            f"{crate} is below the functions on {target}; see: cargo tree --invert", file=sys.stderr
        )
    if not found:
        print(f"dependencies: none of {', '.join(name.strip(' .') for name in BANNED)} is deployed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
