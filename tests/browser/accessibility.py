"""What axe-core says about the page as it is at this moment."""

from axe_playwright_python.base import AXE_SCRIPT

SERIOUS = ("serious", "critical")
# Nothing is preloaded, because the engine would fetch style sheets, which the page's policy
# forbids it. Where scripts are switched off, timers never fire and the engine would wait for
# ever; it uses them only to put things off, so they become microtasks.
RUN = """async (withoutTimers) => {
    if (withoutTimers) {
        window.setTimeout = (job) => { Promise.resolve().then(job); return 0; };
    }
    const options = { preload: false, resultTypes: ["violations"] };
    return (await axe.run(document, options)).violations;
}"""


def problems(page, script: bool) -> list[str]:
    """One line for each element with something serious or critical."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, not script)
    return [
        f"{rule['impact']} {rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
