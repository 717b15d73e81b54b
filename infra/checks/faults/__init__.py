"""Ways to break the template, by the rule that has to notice. A fault changes a copy in place."""

from faults import access, alarms, api, functions, outbox, tables, whole

ALL = (
    api.FAULTS
    | functions.FAULTS
    | access.FAULTS
    | tables.FAULTS
    | outbox.FAULTS
    | alarms.FAULTS
    | whole.FAULTS
)
