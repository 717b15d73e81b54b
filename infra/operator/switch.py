"""Switches the feature off at once, and on again.

A setting (`ResetEnabled`) takes a deployment; this takes seconds, and answers 503 where the setting
would say 403. Mails that were accepted are still sent.
"""

FUNCTIONS = ("RequestResetFunction", "ConfirmResetFunction")


def off(deployment) -> list[str]:
    client = deployment.client("lambda")
    for name in FUNCTIONS:
        function = deployment.resources[name]
        client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
    return ["off: nobody can ask for a reset or finish one (503), and ThrottleAlarm rings"]


def on(deployment) -> list[str]:
    client = deployment.client("lambda")
    reserved = deployment.parameters.get("ReservedConcurrency")
    for name in FUNCTIONS:
        function = deployment.resources[name]
        if reserved:
            client.put_function_concurrency(
                FunctionName=function, ReservedConcurrentExecutions=int(reserved)
            )
        else:
            client.delete_function_concurrency(FunctionName=function)
    return ["on, as the stack's own setting says"]
