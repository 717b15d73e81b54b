"""Lets checkov look at the templates as CloudFormation would get them: python infra/checks/scan CHECKOV

CHECKOV is its executable, of a Python environment of its own: it wants other versions of what the
checks beside it use. A broken copy goes with them, so that a scan that sees nothing is noticed.
"""

import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import deployments  # noqa: E402
import edge  # noqa: E402
import sam  # noqa: E402

CONFIG = Path(__file__).with_name("config.yaml")
BROKEN = "broken"
# What checkov has to find in the broken copy, and nowhere else.
FOUND = {"CKV_AWS_53", "CKV_AWS_111"}


def templates() -> dict:
    """The resources of each kind of deployment, without parameters and conditions."""
    found = {it.name: it.resources for it in deployments.built(sam.load())}
    found["in-front"] = sam.resolve(edge.load(), edge.PARAMETERS)
    return found


def broken(resources: dict) -> dict:
    """A copy whose dead letters may be public, and whose worker may do anything to any table."""
    resources = copy.deepcopy(resources)
    bucket = resources["DeadLetterBucket"]["Properties"]
    bucket["PublicAccessBlockConfiguration"]["BlockPublicAcls"] = False
    policy = resources["MailWorkerRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    policy["Statement"].append({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    return resources


def scan(checkov: str, folder: str) -> list[tuple[str, str, str]]:
    """What checkov finds in a folder: template, rule, and what the rule says of which resource."""
    command = [checkov, "--config-file", str(CONFIG), "--directory", folder, "--output", "json"]
    result = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE)
    report = json.loads(result.stdout[result.stdout.index("{") :])
    return [
        (
            Path(failed["file_path"]).stem,
            failed["check_id"],
            f"{failed['check_name']}: {failed['resource']}",
        )
        for failed in report["results"]["failed_checks"]
    ]


def main(checkov: str) -> int:
    found = templates()
    found[BROKEN] = broken(found["plain"])
    with tempfile.TemporaryDirectory() as folder:
        for name, resources in found.items():
            template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
            Path(folder, f"{name}.json").write_text(json.dumps(template))
        failed = scan(checkov, folder)
    blind = FOUND - {rule for name, rule, _ in failed if name == BROKEN}
    real = [(name, rule, text) for name, rule, text in failed if name != BROKEN]
    for name, rule, text in real:
        print(f"{name}: {rule} {text}", file=sys.stderr)
    if blind:
        print(f"checkov does not see {', '.join(sorted(blind))} in a broken copy", file=sys.stderr)
    if not (real or blind):
        print(f"scan: nothing in {len(found) - 1} templates, and all that is wrong in a broken one")
    return 1 if real or blind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
