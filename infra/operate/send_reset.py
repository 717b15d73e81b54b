"""Asks for a reset in somebody's place. The mail goes to the account's own address, and nobody else
sees the link: this is the request that the person's browser would have sent."""

import json
from collections.abc import Iterator

import web
from aws import setting
from lines import Line


def send(deployment, app: str, address: str) -> Iterator[Line]:
    """Asks, under the same limits as everybody."""
    headers = {"content-type": "application/json", "x-app-name": app}
    url = f"{deployment.outputs['ApiUrl']}/v1/request-reset"
    status, answered, _ = web.send(url, "POST", headers, json.dumps({"email": address}).encode())
    # What API Gateway calls the request.
    request_id = answered.get("apigw-requestid")
    facts = {"status": status} | ({"request_id": request_id} if request_id else {})
    match status:
        case 202:
            text = (
                "asked for. Whether there is an account is not said here either, nor whether the "
                f"address had its {limits(deployment.parameters)} already, which sends nothing "
                "more. make why tells what became of the mail"
            )
        case 403 if request_id is None:
            text = "refused before it came to the API: by the edge's firewall, or a proxy in between"
        case 403:
            text = "resets are switched off (enabled)"
        case 429:
            text = "this network has asked too often; wait for limits.source_window_seconds"
        case 503:
            text = "the API answered 503: make off, or an outage; make doctor says which"
        case _:
            text = f"the API answered {status}"
    yield Line(text, is_bad=status != 202, facts=facts)


def limits(parameters: dict) -> str:
    """How often one address is mailed."""
    often, pause = (setting("limits", f"address_{it}") for it in ("requests", "cooldown_seconds"))
    lifetime = int(parameters.get("LinkLifetimeSeconds", "1800")) // 60
    return f"{often} mails in {lifetime} minutes, or one in the last {pause} seconds,"
