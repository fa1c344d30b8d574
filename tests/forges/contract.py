"""GitHub's own description of its API: every request and every response of the fake server is held against it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

FILE = Path(__file__).parent / "schema" / "github.json"
FORMATS = {"uri": "https://github.example/x", "date-time": "2026-12-01T12:00:00Z"}
BASIC = {"string": "x", "integer": 1, "number": 1, "boolean": False, "array": [], "object": {}}


class Operation(NamedTuple):
    """One method of one path: its template, and what the path holds in the place of names."""

    template: str
    names: Mapping[str, str]
    described: Mapping[str, Any]


@cache
def description() -> dict[str, Any]:
    """The document, in which `nullable` is said as JSON Schema says it."""
    return dict(nullable(json.loads(FILE.read_text())))


def nullable(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema."""
    if isinstance(value, dict):
        found = {key: nullable(each) for key, each in value.items()}
        if found.pop("nullable", False) is True:
            return {"anyOf": [found, {"type": "null"}]}
        return found
    return [nullable(each) for each in value] if isinstance(value, list) else value


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema behind its references, and behind the choice of nothing."""
    while "$ref" in schema or "anyOf" in schema or "allOf" in schema:
        if "$ref" in schema:
            found: Any = description()
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        elif "allOf" in schema:
            parts = [resolved(each) for each in schema["allOf"]]
            properties = {key: value for each in parts for key, value in each.get("properties", {}).items()}
            required = [key for each in parts for key in each.get("required", ())]
            schema = {"type": "object", "properties": properties, "required": required}
        else:
            schema = schema["anyOf"][0]
    return schema


def operation(method: str, path: str) -> Operation:
    """What the document says of a call. Raises `AssertionError` for one that it does not know."""
    for template, methods in description()["paths"].items():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)).replace("(?P<ref>[^/]+)", "(?P<ref>.+)")
        found = re.fullmatch(pattern, path)
        if found and method.lower() in methods:
            return Operation(template, found.groupdict(), methods[method.lower()])
    raise AssertionError(f"GitHub describes no {method} {path}")


def check(schema: Mapping[str, Any], value: Any, what: str) -> None:
    """Hold a value against a schema."""
    validator = Draft202012Validator({**schema, "components": description()["components"]})
    errors = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
    assert not errors, f"{what}: {errors[:5]}"


def check_request(found: Operation, query: Mapping[str, str], body: Any) -> None:
    """Hold a request against the document: each parameter is one that the call takes, and the body is as described."""
    parameters = [resolved(each) for each in found.described.get("parameters", ())]
    known = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    for name, value in query.items():
        assert name in known, f"{found.template} takes no parameter {name}"
        kind = resolved(known[name]).get("type")
        check(known[name], int(value) if kind == "integer" else value, f"{found.template}?{name}")
    content = found.described.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        assert body is None, f"{found.template} takes no body"
        return
    check(content["schema"], body, found.template)
    properties = resolved(content["schema"]).get("properties")
    if properties is not None and isinstance(body, dict):
        assert not body.keys() - properties.keys(), f"{found.template} knows no {body.keys() - properties.keys()}"


def check_response(found: Operation, status: int, body: Any) -> None:
    """Hold a response against the document. What no document says (a broken server) is not held against it."""
    described = found.described["responses"].get(str(status))
    if status >= 500 or status == 429:
        return
    assert described is not None, f"{found.template} answers with no {status}"
    content = resolved(described).get("content", {}).get("application/json")
    if content is not None:
        check(content["schema"], body, f"{found.template} → {status}")


def made(schema: Mapping[str, Any], given: Any = None) -> Any:
    """A value that a schema takes: what is given, and for the rest of what is required anything that fits."""
    schema = resolved(schema)
    if "enum" in schema and given is None:
        return schema["enum"][0]
    if schema.get("type") == "object" or "properties" in schema:
        given = given or {}
        properties = schema.get("properties", {})
        unknown = given.keys() - properties.keys()
        assert not unknown, f"the schema knows no {unknown}"
        found = {key: made_or_null(properties[key], value) for key, value in given.items()}
        return found | {key: made(properties[key]) for key in schema.get("required", ()) if key not in found}
    if given is not None:
        return [made(schema["items"], each) for each in given] if isinstance(given, list) else given
    if "oneOf" in schema:
        return made(schema["oneOf"][0])
    return FORMATS.get(schema.get("format", ""), BASIC.get(schema.get("type", "string")))


def made_or_null(schema: Mapping[str, Any], value: Any) -> Any:
    """The same for a property that is given; None where it is given as nothing."""
    return None if value is None else made(schema, value)


def schema(name: str) -> Mapping[str, Any]:
    """A named schema."""
    return {"$ref": f"#/components/schemas/{name}"}
