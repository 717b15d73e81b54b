"""What axe-core says about the page as it is at this moment."""

from axe_playwright_python.base import AXE_SCRIPT

SERIOUS = ("serious", "critical")
# The rules that look at colours, which are all that our dark styles change.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
ALL = {}
# Nothing is preloaded, because the engine would fetch style sheets, which the page's policy
# forbids it. Where scripts are switched off, timers never fire and the engine would wait for
# ever; it uses them only to put things off, so they become microtasks.
RUN = """async ([withoutTimers, rules]) => {
    if (withoutTimers) {
        window.setTimeout = (job) => { Promise.resolve().then(job); return 0; };
    }
    const options = { preload: false, resultTypes: ["violations"], ...rules };
    return (await axe.run(document, options)).violations;
}"""


def problems(page, script: bool, rules: dict = ALL) -> list[str]:
    """One line for each element with something serious or critical."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, [not script, rules])
    return [
        f"{rule['impact']} {rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
