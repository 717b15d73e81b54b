"""GitHub's workflows run what is pinned, hold no key, and may do no more than they need."""

import os
import re
import subprocess
import unittest

import yaml

import sam

FOLDER = sam.ROOT / ".github" / "workflows"
# An action by its commit, with the release as a comment.
PINNED = re.compile(r"^[\w./-]+@[0-9a-f]{40} # v[\d.]+$")

# The other workflow of this tree, of the same commit.
OWN = "./.github/workflows/ci.yaml"


def as_list(value) -> list:
    return value if isinstance(value, list) else [value] if value else []


def problems(text: str):
    """What is wrong with a workflow."""
    for used in re.findall(r"uses: (.+)$", text, re.MULTILINE):
        if not PINNED.match(used) and used != OWN:
            yield f"{used} is not pinned by its commit"
    if re.search(r"\$\{\{\s*secrets\.", text):
        yield "it holds a secret"
    workflow = yaml.safe_load(text)
    if workflow.get("permissions") != {"contents": "read"}:
        yield f"it may {workflow.get('permissions')}"
    for name, job in workflow["jobs"].items():
        if job.get("uses"):
            continue
        if job.get("permissions"):
            # What may sign, publish or deploy builds nothing, and what it takes has passed the checks.
            ran = " ".join(step.get("run", "") for step in job["steps"])
            if re.search(r"cargo|rustup|make (?!\.tools/|doctor CHECK=)", ran):
                yield f"{name} may {job['permissions']} and builds"
            if ".tools/.installed" in ran and job.get("env", {}).get("PIP_ONLY_BINARY") != ":all:":
                yield f"{name} runs code of packages while it installs them"
            if "sam deploy" in ran and "operate/deploy.py" not in ran.partition("sam deploy")[0]:
                yield f"{name} deploys without looking whether the settings fit"
            if not any(workflow["jobs"][it].get("uses") == OWN for it in as_list(job.get("needs"))):
                yield f"{name} takes what was not checked"
        if "role-to-assume" in str(job) and "default_branch" not in job.get("if", ""):
            yield f"{name} deploys any branch"
        if not job.get("timeout-minutes"):
            yield f"{name} may run for hours"
        for step in job["steps"]:
            if "${{" in step.get("run", ""):
                yield f"{name} puts an expression into a shell"


class Workflows(unittest.TestCase):
    def test_keep_every_rule(self):
        found = sorted(FOLDER.glob("*.yaml"))
        self.assertEqual([path.name for path in found], ["ci.yaml", "deploy.yaml", "release.yaml"])
        for path in found:
            self.assertEqual(list(problems(path.read_text())), [], path.name)

    def test_run_what_has_to_pass(self):
        text = (FOLDER / "ci.yaml").read_text()
        self.assertIn("workflow_call:", text)
        for target in ("check", "test-all", "build ARCH=arm64"):
            self.assertIn(f"- run: make {target}\n", text)

    def test_make_check_is_all_that_runs_nothing(self):
        # What a make that runs this would pass on.
        passed = ("MAKE", "MFLAGS")
        clean = {name: it for name, it in os.environ.items() if not name.startswith(passed)}
        ran = subprocess.run(
            ["make", "--dry-run", "check"],
            cwd=sam.ROOT,
            env=clean,
            text=True,
            capture_output=True,
            check=True,
        )
        for part in (
            "cfn-lint --template template.yaml",
            "cfn-lint --template infra/edge.yaml",
            "cfn-lint --template infra/events.yaml",
            "cfn-lint --template infra/rollback.yaml",
            "cfn-lint --template infra/observability.yaml",
            "python infra/checks\n",
            "python infra/checks/scan ",
            "sam build ",
            "python infra/checks/artefacts.py ",
        ):
            self.assertIn(part, ran.stdout)
        self.assertRegex((sam.ROOT / ".ci" / "run").read_text(), r"(?m)^make .*check$\nmake test-all$")

    def test_name_targets_that_there_are(self):
        makefile = (sam.ROOT / "Makefile").read_text()
        for path in FOLDER.glob("*.yaml"):
            for target in re.findall(r"\bmake ([a-z-]+)", path.read_text()):
                self.assertRegex(makefile, rf"(?m)^{target}:", path.name)

    def test_what_is_wrong_is_noticed(self):
        text = (FOLDER / "deploy.yaml").read_text()
        for change in (
            lambda it: re.sub(r"checkout@\S+ # v[\d.]+", "checkout@v5", it, count=1),
            lambda it: it.replace("vars.AWS_ROLE_ARN", "secrets.AWS_ROLE_ARN"),
            lambda it: it.replace("permissions:\n  contents: read", "permissions:\n  contents: write", 1),
            lambda it: it.replace("make .tools/.installed .tools", "make build .tools"),
            lambda it: it.replace('doctor CHECK="$PWD/dist/check" ', "doctor "),
            lambda it: re.sub(r"    timeout-minutes: \d+\n", "", it, count=1),
            lambda it: it.replace("$ENVIRONMENT\"\n", "${{ inputs.environment }}\"\n", 1),
            lambda it: it.replace("needs: [checks, build]", "needs: build"),
            lambda it: re.sub(r"    if: .+\n", "", it),
            lambda it: re.sub(r"      PIP_ONLY_BINARY: .+\n", "", it),
            lambda it: re.sub(r"      - run: .+deploy\.py .+\n", "", it),
        ):
            self.assertEqual(len(list(problems(change(text)))), 1)
