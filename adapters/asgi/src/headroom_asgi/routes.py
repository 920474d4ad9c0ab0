"""Which requests hold a conversation, and in which wire format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.message import Message as MimeMessage
from fnmatch import fnmatchcase
from functools import lru_cache

from headroom import compress, format_of_path
from headroom_asgi.asgi import Scope

# An app has few paths with conversations; whatever else clients make up is looked up again.
_KNOWN_PATHS = 256

Routes = Callable[[str], "str | None"] | Mapping[str, str]


def format_finder(routes: Routes) -> Callable[[Scope], str | None]:
    """Return what names the wire format of a request, by its path.

    Args:
        routes: As `CompressionMiddleware` takes it.

    Raises:
        TypeError: If it is neither callable nor a mapping.
        UnknownFormatError: If it maps a path to no known format.
    """
    if isinstance(routes, Mapping):
        find = _by_pattern(dict(routes))
    elif routes is format_of_path:
        find = lru_cache(maxsize=_KNOWN_PATHS)(format_of_path)
    elif callable(routes):
        find = routes
    else:
        raise TypeError(f"routes must be a callable or a mapping, got {type(routes).__name__}")

    def format_of(scope: Scope) -> str | None:
        for path in _paths(scope):
            name = find(path)
            if name:
                return name
        return None

    return format_of


def _by_pattern(formats: dict[str, str]) -> Callable[[str], str | None]:
    for name in formats.values():
        compress([], format=name)  # raises for an unknown one

    @lru_cache(maxsize=_KNOWN_PATHS)
    def find(path: str) -> str | None:
        return next((f for p, f in formats.items() if fnmatchcase(path, p)), None)

    return find


def _paths(scope: Scope) -> list[str]:
    """Return a request's path in each way that a route may have it."""
    path, root = scope["path"], scope.get("root_path")
    paths = [path]
    if root and (root := root.rstrip("/")):
        inner = inner_path(scope)
        paths = [path if inner != path else root + path, inner]
    raw = scope.get("raw_path")
    if raw and b"%" in raw:
        # An escaped slash, as in the ARN of a Bedrock model, is part of a name.
        paths.append(raw.partition(b"?")[0].decode("latin-1"))
    return paths


def inner_path(scope: Scope) -> str:
    """Return the path behind where the app is mounted, whether or not the server left that out."""
    path, root = scope["path"], scope.get("root_path", "").rstrip("/")
    is_inside = root and (path == root or path.startswith(root + "/"))
    return str(path[len(root) :] if is_inside else path)


def is_json(content_type: str | None) -> bool:
    """Say whether a content type is that of JSON in UTF-8.

    >>> is_json("application/json"), is_json("application/json; charset=latin-1")
    (True, False)
    """
    if content_type is None:
        return False
    if content_type == "application/json":
        return True
    mime = MimeMessage()
    mime["content-type"] = content_type
    kind = mime.get_content_type()
    is_known = kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
    return is_known and mime.get_content_charset("utf-8") in ("utf-8", "utf8")
