"""Changes that nobody reads: of lock files, of generated, minified and vendored files."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Files that package managers write; besides these, everything that ends in ``.lock``.
_LOCK_FILES = frozenset(
    "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lockb go.sum go.work.sum "
    "packages.lock.json gradle.lockfile conda-lock.yml .terraform.lock.hcl Package.resolved "
    "Cartfile.resolved project.assets.json deno.lock".split()
)
_VENDORED = frozenset(
    "node_modules vendor vendored third_party third-party bower_components Godeps Pods .yarn "
    "site-packages".split()
)
_MINIFIED = re.compile(r"\.(?:min|bundle|chunk)\.(?:js|mjs|css)$|\.(?:js|css)\.map$")
_GENERATED_NAME = re.compile(
    r"\.pb(?:\.gw)?\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$|\.g\.(?:dart|cs)$|\.designer\.cs$"
    r"|\.generated\.\w+$|_generated\.\w+$|\.snap$|(?:^|/)__(?:generated|snapshots)__/"
)
# What generators write at the top of a file; "DO NOT EDIT" is Go's convention, @generated Meta's.
_GENERATED = re.compile(r"(?<![\w`\"'])@generated\b|[Cc]ode generated .{0,200}DO NOT EDIT")
_MARKED_LINES = 12

# A changed line of so many characters is no line that a person wrote.
_LONG_LINE = 2_000

# So many changed lines of so few shapes are data.
_MANY_LINES = 200
_FEW_SHAPES = 0.03
_VARYING = re.compile(r"[0-9a-f]{8,}|\d+|\"[^\"]{0,200}\"|'[^']{0,200}'")
_SHAPE_LENGTH = 120


def noise_of(path: str, changed: Sequence[str]) -> str:
    """Say why nobody reads the changes of a file; "" if somebody may.

    Args:
        path: The file.
        changed: The lines of its hunks, signs included.

    >>> noise_of("web/package-lock.json", []), noise_of("src/app.py", ["+x = 1"])
    ('lock file', '')
    """
    name = path.rsplit("/", 1)[-1]
    if name in _LOCK_FILES or name.endswith(".lock"):
        return "lock file"
    if not _VENDORED.isdisjoint(path.split("/")[:-1]):
        return "vendored"
    if _MINIFIED.search(path):
        return "minified"
    if _GENERATED_NAME.search(path) or any(map(_GENERATED.search, changed[:_MARKED_LINES])):
        return "generated"
    return _noise_of_lines(changed)


def _noise_of_lines(changed: Sequence[str]) -> str:
    long = sum(len(line) for line in changed if len(line) > _LONG_LINE)
    if long and 2 * long > sum(map(len, changed)):
        return "minified"
    edits = [line for line in changed if line[:1] in ("+", "-", "<", ">")]
    if len(edits) < _MANY_LINES:
        return ""
    shapes = {_VARYING.sub("0", line[:_SHAPE_LENGTH]) for line in edits}
    return "data" if len(shapes) <= _FEW_SHAPES * len(edits) else ""
