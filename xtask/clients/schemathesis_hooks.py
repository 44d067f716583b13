"""What no schema says of a write. Without it hardly an object is made, and links lead nowhere."""

import itertools

import schemathesis
from schemathesis import GenerationMode

NAMES = (f"made-{number}" for number in itertools.count())


@schemathesis.hook
def before_call(context, case, kwargs):
    """Has the stateful phase's writes stored, under names of their own; all other requests are left as they are."""
    meta = case.meta
    if case.method == "GET" or meta is None or meta.phase.name.value != "stateful":
        return
    if meta.generation.mode is not GenerationMode.POSITIVE:
        return
    # `dryRun` stores and deletes nothing.
    case.query = {}
    if case.method in ("POST", "PUT") and isinstance(case.body, dict):
        # The keys of labels and annotations have a grammar that OpenAPI 3.0 cannot say.
        case.body["metadata"] = {"name": case.path_parameters.get("name") or next(NAMES)}


@schemathesis.hook
def filter_case(context, case):
    """Leaves a wrong body out whose null stands where there is a default: Kubernetes takes it for a field that is absent."""
    meta = case.meta
    if meta is None or meta.generation.mode is GenerationMode.POSITIVE:
        return True
    return not any(name in defaulted(case.operation.schema.raw_schema) for name in nulls(case.body))


def nulls(value):
    """The names of all fields that are null."""
    if isinstance(value, dict):
        yield from (name for name, field in value.items() if field is None)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nulls(item)


def defaulted(document):
    """The names of all properties that have a default."""
    for schema in document["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            if "x-crdgen-default" in field:
                yield name
