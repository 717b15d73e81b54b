"""Asks for a reset in somebody's place. The mail goes to the account's own address, and nobody else
sees the link: this is the request that the person's browser would have sent."""

import json
import urllib.error
import urllib.request


def post(url: str, headers: dict, body: dict) -> int:
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def send(api: str, app: str, address: str) -> list[str]:
    """Asks, under the same limits as everybody."""
    headers = {"content-type": "application/json", "x-app-name": app}
    status = post(f"{api}/v1/request-reset", headers, {"email": address})
    match status:
        case 202:
            return [
                "asked for; whether there is an account is not said here either. `make why` tells "
                "what became of the mail"
            ]
        case 429:
            return ["this network has asked too often; wait for SourceWindowSeconds"]
    return [f"the API answered {status}"]
