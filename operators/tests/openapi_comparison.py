"""Compares the OpenAPI document that a client was made from with the document of the server that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ANY = "any"


class Document:
    """One OpenAPI document, read through its references."""

    def __init__(self, content: Json) -> None:
        self.content = content

    @property
    def operations(self) -> Iterator[tuple[str, str, Json]]:
        """Each path and method with its operation."""
        for path, methods in self.content["paths"].items():
            for method, operation in methods.items():
                yield path, method, operation

    def alternatives(self, schema: Json) -> dict[str, list[Json]]:
        """What a value may be: each JSON type with the schemas that describe it; an open schema is of type ANY."""
        if "$ref" in schema:
            return self.alternatives(self._referred(schema["$ref"]))
        found: dict[str, list[Json]] = {}
        for choice in [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]:
            for kind, described in self.alternatives(choice).items():
                found.setdefault(kind, []).extend(described)
        if not found:
            kinds = schema.get("type", ANY)
            found = {kind: [schema] for kind in ([kinds] if isinstance(kinds, str) else kinds)}
        if schema.get("nullable"):
            found["null"] = []
        return found

    def fields(self, described: list[Json]) -> dict[str, Json]:
        return {name: value for schema in described for name, value in schema.get("properties", {}).items()}

    def _referred(self, reference: str) -> Json:
        found: Any = self.content
        for part in reference.removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        schema: Json = found
        return schema


@dataclass
class Findings:
    """What the client's document promises and the server's does not, and everything that was compared."""

    problems: list[str] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)


class Comparison:
    """Compares operations of two documents and adds what it finds to the findings."""

    def __init__(self, client: Document, server: Document, findings: Findings) -> None:
        self._client, self._server, self._findings = client, server, findings

    def operation(self, where: str, ours: Json, theirs: Json) -> None:
        self._parameters(where, ours, theirs)
        body = ours.get("requestBody")
        if body:
            if "requestBody" not in theirs:
                self._problem(where, "the server takes no body")
            else:
                self._sent(f"{where} request", _json(body), _json(theirs["requestBody"]))
        elif theirs.get("requestBody", {}).get("required"):
            self._problem(where, "the server wants a body")
        for status, response in ours["responses"].items():
            if status not in theirs["responses"]:
                self._problem(where, f"the server never answers {status}")
            elif "content" in response:
                self._received(f"{where} {status}", _json(response), _json(theirs["responses"][status]))

    def _parameters(self, where: str, ours: Json, theirs: Json) -> None:
        mine = {(p["in"], p["name"]): p for p in ours.get("parameters", ())}
        known = {(p["in"], p["name"]): p for p in theirs.get("parameters", ())}
        for key, parameter in mine.items():
            if key not in known:
                self._problem(where, f"the server has no {key[0]} parameter {key[1]}")
            else:
                self._sent(f"{where} {key[0]} {key[1]}", parameter["schema"], known[key]["schema"])
        for key, parameter in known.items():
            if parameter.get("required") and key not in mine:
                self._problem(where, f"the server wants the {key[0]} parameter {key[1]}")

    def _sent(self, where: str, ours: Json, theirs: Json) -> None:
        """The server takes everything that the client may send."""
        sent, taken = self._client.alternatives(ours), self._server.alternatives(theirs)
        self._kinds(where, sent, taken, "the client may send {}, the server takes {}")
        if "object" in sent and "object" in taken:
            self._fields(where, sent["object"], taken["object"], self._sent)
            required = {name for schema in taken["object"] for name in schema.get("required", ())}
            promised = {name for schema in sent["object"] for name in schema.get("required", ())}
            for name in sorted(required - promised):
                self._problem(f"{where}.{name}", "the server requires it, the client may leave it out")
        self._items(where, sent, taken, self._sent)

    def _received(self, where: str, ours: Json, theirs: Json) -> None:
        """The client reads everything that the server may answer."""
        read, answered = self._client.alternatives(ours), self._server.alternatives(theirs)
        self._kinds(where, answered, read, "the server may answer {}, the client reads {}")
        if "object" in read and "object" in answered:
            self._fields(where, read["object"], answered["object"], self._received)
        self._items(where, read, answered, self._received)

    def _kinds(self, where: str, given: dict[str, Any], taken: dict[str, Any], message: str) -> None:
        self._findings.compared.append(where)
        if ANY in taken or ANY in given:
            return
        allowed = {*taken, *(["integer"] if "number" in taken else [])}
        if not given.keys() <= allowed:
            self._problem(where, message.format(" or ".join(sorted(given)), " or ".join(sorted(taken))))

    def _fields(self, where: str, ours: list[Json], theirs: list[Json], compare: Any) -> None:
        known = self._server.fields(theirs)
        for name, schema in self._client.fields(ours).items():
            if name not in known:
                self._problem(f"{where}.{name}", "the server does not know it")
            else:
                compare(f"{where}.{name}", schema, known[name])

    def _items(self, where: str, ours: dict[str, list[Json]], theirs: dict[str, list[Json]], compare: Any) -> None:
        for mine in ours.get("array", ()):
            for other in theirs.get("array", ()):
                if "items" in mine and "items" in other:
                    compare(f"{where}[]", mine["items"], other["items"])

    def _problem(self, where: str, what: str) -> None:
        self._findings.problems.append(f"{where}: {what}")


def compare(client: Json, servers: dict[str, Json]) -> Findings:
    """Compares each operation of the client with that of the server's document for its path's prefix."""
    ours = Document(client)
    findings = Findings()
    for path, method, operation in ours.operations:
        prefix = max((known for known in servers if path.startswith(known)), key=len)
        server = Document(servers[prefix])
        where = f"{method.upper()} {path}"
        theirs = server.content["paths"].get(path.removeprefix(prefix), {}).get(method)
        if theirs is None:
            findings.problems.append(f"{where}: the server does not know it")
        else:
            Comparison(ours, server, findings).operation(where, operation, theirs)
    return findings


def _json(holder: Json) -> Json:
    schema: Json = holder["content"]["application/json"]["schema"]
    return schema
