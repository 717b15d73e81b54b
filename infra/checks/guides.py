"""What the guides for operators name is in the template and in the Makefile, and their sums are right."""

import re

import deployments
import sam

DOCS = sam.ROOT / "docs"
COSTS = DOCS / "costs.md"
GUIDES = [DOCS / "operations.md", DOCS / "deployment.md", COSTS]
RESOURCE = re.compile(r"\$\(resource (\w+)\)")
# Of a nested stack.
INNER = re.compile(r"\$\(resource (\w+) \$\(resource (\w+)\)\)")
OUTPUT = re.compile(r"\$\(output (\w+)\)")
GROUP = re.compile(r"(/(?:aws|forgot-password)/[\w/$-]*\$STACK[\w/-]*)")
TARGET = re.compile(r"\bmake ([a-z-]+) (?:STACK|ENV)=")


def unknown(text: str, source: dict) -> list[str]:
    """What a text names that a stack does not have."""
    template = deployments.edge(source).template
    groups = {
        it["Properties"]["LogGroupName"]["Fn::Sub"].replace("${AWS::StackName}", "$STACK")
        for it in template["Resources"].values()
        if it["Type"] == "AWS::Logs::LogGroup"
    }
    nested = sam.stacks(source)
    makefile = (sam.ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    return sorted(
        {it for it in RESOURCE.findall(text) if it not in template["Resources"]}
        | {it for it, stack in INNER.findall(text) if it not in nested[stack]["TemplateURL"]["Resources"]}
        | {it for it in OUTPUT.findall(text) if it not in template["Outputs"]}
        | {it for it in GROUP.findall(text) if it not in groups}
        | {it for it in TARGET.findall(text) if it not in targets}
    )


def rows(text: str, begin: str = "| Component |") -> list[list[str]]:
    """The cells of each row of the table that begins so, by default that of a million resets."""
    table = text[text.index(begin) :].split("\n\n")[0]
    return [[it.strip() for it in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def number(text: str) -> float:
    return float(re.match(r"[\d,.]+", text.strip("* "))[0].replace(",", ""))


def wrong_sums(text: str) -> list[str]:
    """Rows whose cost is not units times price, and a sum that is not that of its rows."""
    found, total, stated = [], 0.0, None
    for component, _, units, price, cost in rows(text):
        if component == "Together":
            # The first; the next ones say what they replace.
            stated = number(cost) if stated is None else stated
            continue
        per = 1_000_000 if "million" in price else 1_000 if "1,000" in price else 1
        wanted = number(units) * number(price) / per
        if abs(wanted - number(cost)) > max(0.006, 0.005 * wanted):
            found.append(f"{component}: {wanted:.2f}")
        total += number(cost)
    return found if round(total) == stated else [*found, f"Together: {total:.2f}"]


def wrong_products(text: str) -> list[str]:
    """What is wrong in the table of an hour: each route takes 20 requests a second, each request so many units."""
    found = []
    for routes, requests, *units in rows(text, "| Routes |"):
        wanted = number(routes) * 20 * 3600
        factors = [re.match(r"x ([\d.]+) = ([\d,]+)", it) for it in units]
        right = all(round(wanted * float(it[1])) == number(it[2]) for it in factors if it)
        if number(requests) != wanted or not right:
            found.append(routes)
    return found


def wrong_flood(text: str) -> list[str]:
    """Columns of the table of a flood that do not add up."""
    _, *parts, total = rows(text, "| | Mail routes alone |")
    columns = zip(*(cells[1:] for cells in parts), strict=True)
    sums = [sum(number(it) for cell in column for it in cell.split(" + ")) for column in columns]
    return [f"{it:.0f}" for it, stated in zip(sums, total[1:], strict=True) if it != number(stated)]
