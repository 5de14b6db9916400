"""What can be asked of an application, read from its routing table, so that a new route is asked too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "DANCE")


def paths(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """Every path, with an invented value for each parameter; below a folder of files each of them, one that is not there, and the folder."""
    for found in iter_route_contexts(routes):
        assert found.path is not None
        yield re.sub(r"\{[^}]*\}", "1", found.path)
        if isinstance(found.original_route, Mount):
            files = found.original_route.app
            assert isinstance(files, StaticFiles), "what is mounted here has routes that nobody asks after"
            for name in (
                "",
                "none.js",
                "%2e%2e/app.py",
                *sorted(file.name for file in Path(str(files.directory)).iterdir()),
            ):
                yield f"{found.path}/{name}"


def questions(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Every method on every path, also where it is not allowed, and on paths that are not there."""
    for path in dict.fromkeys((*paths(routes), "/nowhere", "/static/../app.py", "/%00")):
        for method in METHODS:
            yield method, path
