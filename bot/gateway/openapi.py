"""
The description of the API, at `/openapi.json`, and of the desk's, at `/desk/openapi.json`.

Paths and answers are written (openapi.yaml beside the routes), bodies that a model reads are derived from it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from pydantic import TypeAdapter

from bot.channels.choose import KINDS
from bot.channels.rest import RestMessage
from bot.channels.web import Begin, Signal, WebMessage
from bot.gateway.errors import answer
from bot.gateway.identity import Proof
from bot.gateway.limits import limited
from bot.gateway.privacy import Consent
from bot.gateway.rules import REQUESTS

FILE = Path(__file__).with_name("openapi.yaml")
SHARED = "x-shared"
"""What several operations repeat, by YAML's anchors; of no use to readers."""
SHAPES: Mapping[str, TypeAdapter[Any]] = {
    "RestMessage": TypeAdapter(RestMessage),
    "WebMessage": TypeAdapter(WebMessage),
    "Signal": Signal,
    "Proof": TypeAdapter(Proof),
    "Begin": TypeAdapter(Begin),
    "Consent": TypeAdapter(Consent),
}

routes = web.RouteTableDef()


@routes.get("/openapi.json")
@limited(REQUESTS)
async def description(request: web.Request) -> web.Response:
    """For clients' generators, and for people."""
    return answer(DOCUMENT)


def read_document(file: Path, shapes: Mapping[str, TypeAdapter[Any]]) -> dict[str, Any]:
    """The written part with the schema of each of `shapes`, by its name."""
    document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    document.pop(SHARED, None)
    for name, shape in shapes.items():
        schema = shape.json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= schema.pop("$defs", {}) | {name: schema}
    return document


DOCUMENT = read_document(FILE, SHAPES)
DOCUMENT["components"]["schemas"]["Channel"] = {"type": "string", "enum": sorted(KINDS)}
