"""Faults of the template as a whole."""

from faults.changes import drop, get, properties, put, ref, variable

FAULTS = {
    "whole.parameters": {
        "no description": drop("Parameters", "SourceLimit", "Description"),
        "no constraint": drop("Parameters", "UsersTableName", "AllowedPattern"),
        "no default": drop("Parameters", "LogLevel", "Default"),
        "a constraint that holds nothing": put("Parameters", "DomainName", "AllowedPattern", "^.*$"),
        "a pattern that is open at its end": put(
            "Parameters", "UsersTableName", "AllowedPattern", "^([A-Za-z0-9_.-]{0,255})"
        ),
        "someone's domain": put("Parameters", "SenderIdentity", "Default", "example.com"),
        "another limit": put("Parameters", "CodeMaxTries", "MaxValue", 100),
        "another default": put("Parameters", "Argon2Iterations", "Default", 1),
    },
    "whole.cycles": {
        "a route's function knows the API": variable(
            "VerifyTokenFunction", "PUBLIC_URL", get("HttpApi", "ApiEndpoint")
        ),
        "through a text": put(
            *properties("PseudonymKey"), "Description", {"Fn::Sub": "of ${HttpApi}"}
        ),
    },
    "whole.outputs": {
        "no address": drop("Outputs", "ApiUrl"),
        "another host": put("Outputs", "ApiHost", "Value", ref("DomainName")),
        "records of an address": put("Outputs", "SenderDkimRecord1", "Condition", "CreateSenders"),
        "no records of the second": drop("Outputs", "SecondSenderDkimRecord3"),
        "another's bounces": put(
            "Outputs", "SecondSenderMailFromMxRecord", "Value", ref("SenderIdentity")
        ),
    },
}
