"""Switches the feature off at once, and on again.

A setting (`enabled`) takes a deployment; this takes seconds, and answers 503 where the setting
would say 403. Mails that were accepted are still sent.
"""

from collections.abc import Iterator

from lines import FAILURES, Line, error_text

FUNCTIONS = ("RequestResetFunction", "ConfirmResetFunction")


def each(deployment, method: str, **options) -> Iterator[Line]:
    """Changes every function, also where another could not be changed."""
    change = getattr(deployment.client("lambda"), method)
    for name in FUNCTIONS:
        try:
            change(FunctionName=deployment.resources[name], **options)
        except FAILURES as error:
            yield Line(f"{name} is as it was: {error_text(error)}", is_bad=True)


def off(deployment) -> Iterator[Line]:
    failed = list(each(deployment, "put_function_concurrency", ReservedConcurrentExecutions=0))
    yield from failed
    if failed:
        yield Line("not all is off: see \"Switch it off by hand\" in docs/operations.md", is_bad=True)
        return
    yield Line(
        "off: nobody can ask for a reset, finish one, or say \"this wasn't me\" (503); "
        "ThrottleAlarm and ApiErrorAlarm fire"
    )
    yield Line(
        "still on: the pages and GET /v1/settings, which goes on saying that passwords can be "
        "reset; and the mails of requests that were accepted before"
    )
    yield Line("a deployment leaves it so, because the template says nothing of concurrency")


def on(deployment) -> Iterator[Line]:
    failed = list(each(deployment, "delete_function_concurrency"))
    yield from failed
    if not failed:
        yield Line("on")
