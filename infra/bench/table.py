"""The table at the end: what was measured, and what was aimed at."""

# Dollars per million, as docs/costs.md has them.
PRICES = {"read_units": 0.125, "write_units": 0.625, "ses": 100.0}
FLOW = ["request", "reset mail", "verify by link", "confirm by link", "changed mail"]
MOST_ZIPPED = 4_000_000
MOST_CPU = 0.25
MOST_KIB = 16 * 1024
ARGON2_KIB = 19_456
FLOORS = {
    "request-reset": "hello, warm",
    "verify-token": "hello, warm",
    "confirm-reset": "hello, warm, with argon2's memory",
}


def rows(title: str, head: list, body: list) -> str:
    """One part of the table, its columns as wide as they need."""
    lines = [[title, *head], *body]
    widths = [max(len(str(line[place])) for line in lines) for place in range(len(lines[0]))]

    def text(line):
        first, *rest = line
        cells = (f"{cell!s:>{width}}" for cell, width in zip(rest, widths[1:]))
        return "  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()

    return "\n".join([text(lines[0]), "-" * (sum(widths) + 2 * (len(widths) - 1)), *map(text, body)])


def cold(measured: dict) -> str:
    body = [
        [
            name,
            f"{it['init']:.1f}",
            f"{it['init_at_once']:.1f}",
            f"{it['first']:.2f}",
            f"{it['warm']:.2f}",
            f"{it['peak_kib'] / 1024:.1f}",
        ]
        for name, it in measured["cold"].items()
    ]
    head = ["init ms", "without wait", "first ms", "warm ms", "peak MiB"]
    return rows("Start", head, body)


def warm(measured: dict) -> str:
    body = [
        [name, f"{it['p50']:.2f}", f"{it['cpu']:.3f}"]
        for name, it in (measured["warm"] | measured["http_path"]).items()
    ]
    return rows("Warm (CPU: median, of mails mean)", ["p50 ms", "CPU ms"], body)


def instructions(measured: dict) -> str:
    body = [
        [name, f"{it['start'] / 1e6:.1f}", f"{it['request'] / 1e6:.2f}"]
        for name, it in measured["instructions"].items()
    ]
    return rows("Million instructions", ["start and first", "each further"], body)


# Memory at which Lambda gives one whole processor, in MB, and sizes to choose from.
ONE_PROCESSOR = 1769
MEMORY_SIZES = [128, 256, 512, 1024, 1769]
# An assumption: what one call of DynamoDB or SES takes on AWS, in milliseconds.
CALL = {"dynamodb": 4, "ses": 60}
# What each function is measured by: its warm step, and the step whose calls it waits for.
STEPS = {
    "request-reset": ("request", "request"),
    "mail worker": ("reset mail, in batches", "reset mail"),
    "verify-token, link": ("verify by link", "verify by link"),
    "verify-token, code": ("verify by code", "verify by code"),
    "confirm-reset, link": ("confirm by link", "confirm by link"),
}


def at_size(size: int, cpu: float, wait: float) -> tuple:
    """Milliseconds, and gigabyte-milliseconds, of one warm request at a memory size in MB."""
    duration = cpu * max(1, ONE_PROCESSOR / size) + wait
    return duration, size / 1024 * duration


def memory(measured: dict) -> str:
    body = []
    for name, (step, waits) in STEPS.items():
        cpu = measured["warm"][step]["cpu_mean"]
        wait = sum(measured["calls"][waits][kind] * each for kind, each in CALL.items())
        sizes = (at_size(size, cpu, wait) for size in MEMORY_SIZES)
        body.append([name, *(f"{ms:.0f} ms {cost:.1f}" for ms, cost in sizes)])
    head = [f"{size} MB" for size in MEMORY_SIZES]
    return rows("Warm duration and GB-ms (calculated)", head, body)


def price(step: dict) -> float:
    """Dollars per million."""
    return sum(step[name] * each for name, each in PRICES.items())


def calls(measured: dict) -> str:
    body = [
        [
            name,
            it["dynamodb"],
            it["ses"],
            f"{abs(it['read_units']):g}",
            f"{abs(it['write_units']):g}",
            f"{price(it):.2f}",
        ]
        for name, it in measured["calls"].items()
    ]
    whole = sum(price(measured["calls"][step]) for step in FLOW)
    body.append(["a reset by link, as a whole", "", "", "", "", f"{whole:.2f}"])
    head = ["DynamoDB", "SES", "read units", "write units", "$ per million"]
    return rows("Calls", head, body)


def outbox(measured: dict) -> str:
    it = measured["outbox"]
    own = it["own_mails"]
    body = [
        ["a mail behind 300 requests for nobody, s", f"{it['behind_a_flood']:.2f}", "13"],
        ["between own mails around nobody, ms", f"{own['around_nobody']:.1f}", ""],
        ["between own mails around an account, ms", f"{own['around_an_account']:.1f}", ""],
        ["which of the two it was, known from one (AUC)", f"{own['auc']:.2f}", "0.92"],
    ]
    return rows("Outbox, four lanes", ["now", "one job after the other"], body)


def sizes(measured: dict) -> str:
    body = [
        [name, f"{it['plain'] / 1e6:.2f}", f"{it['zipped'] / 1e6:.2f}"]
        for name, it in measured["artefacts"].items()
    ]
    return rows("Megabytes", ["plain", "zipped"], body)


def goals(measured: dict) -> str:
    """What was aimed at, with what came of it."""
    found = []

    def at_most(what: str, value: float, most: float):
        found.append([what, f"{value:.2f}", f"{most:.2f}", "yes" if value <= most else "NO"])

    cold, warm = measured["cold"], measured["warm"]
    for name, floor in FLOORS.items():
        it, size = cold[name], measured["artefacts"][name]
        own = ARGON2_KIB if name == "confirm-reset" else 0
        at_most(f"{name}: init / {floor}", it["init"] / cold[floor]["init"], 1.5)
        plain = cold["hello"]["init_at_once"]
        at_most(f"{name}: init without wait / hello", it["init_at_once"] / plain, 2)
        at_most(f"{name}: first / warm", it["first"] / it["warm"], 3)
        at_most(f"{name}: peak MiB", it["peak_kib"] / 1024, (MOST_KIB + own) / 1024)
        at_most(f"{name}: zipped MB", size["zipped"] / 1e6, MOST_ZIPPED / 1e6)
    for step, it in measured["http_path"].items():
        at_most(f"{step}: CPU ms", it["cpu"], MOST_CPU)
    for step in ["request", "verify by link"]:
        at_most(f"{step}, with its calls: CPU ms", warm[step]["cpu"], MOST_CPU)
    outbox = measured["outbox"]
    at_most("a mail behind 300 requests for nobody, s", outbox["behind_a_flood"], 6)
    at_most("own mails tell: AUC from 0.5", abs(outbox["own_mails"]["auc"] - 0.5), 0.1)
    argon2 = measured["argon2id"]
    at_most("argon2id: later / C reference", argon2["later"] / argon2["reference"], 0.75)
    at_most("argon2id: first / C reference", argon2["first"] / argon2["reference"], 1)
    for step, most in [("request", 2), ("verify by link", 1), ("confirm by link", 3)]:
        at_most(f"{step}: calls of DynamoDB", measured["calls"][step]["dynamodb"], most)
    return rows("Aimed at", ["measured", "at most", "reached"], found)


def render(measured: dict) -> str:
    parts = [cold(measured), warm(measured)]
    if "instructions" in measured:
        parts.append(instructions(measured))
    parts += [calls(measured), outbox(measured), memory(measured), sizes(measured), goals(measured)]
    return "\n\n".join(parts) + "\n"
