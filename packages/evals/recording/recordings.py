"""What a recording is."""

from dataclasses import dataclass

OURS = "Apache-2.0 (this project)"
FACTS = "facts printed by a tool about installed packages"
ATTRS = "MIT, Copyright (c) 2015 Hynek Schlawack and the attrs contributors"
RICH = "MIT, Copyright (c) 2020 Will McGugan"
EXPRESS = "MIT, Copyright (c) 2009-2014 TJ Holowaychuk, 2013-2015 express contributors"
PLUGGY = "MIT, Copyright (c) 2015 holger krekel"
PYTEST = "MIT, Copyright (c) 2004 Holger Krekel and others"
PG = "MIT, Copyright (c) 2010-2021 Brian Carlson"
COLIN_MCDONNELL = "MIT, Copyright (c) 2025 Colin McDonnell"

Fact = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Recording:
    """One input. ``needles``: a question, and the strings that answer it."""

    file: str
    kind: str
    tool: str
    arguments: dict[str, str]
    command: str
    made_with: str
    needles: tuple[Fact, ...]
    licence: str = OURS


def generated(name: str, file: str, kind: str, tool: str, *needles: Fact) -> Recording:
    """Return the recording of a seeded generator's output."""
    command = f"python generate.py {name} 7"
    return Recording(file, kind, tool, {"source": name}, command, "generate.py", needles)


def shell(
    file: str, said: str, command: str, made_with: str, *needles: Fact, licence: str = OURS
) -> Recording:
    """Return the recording of a command that an agent knows as ``said``."""
    kind = file.split("/")[0]
    return Recording(file, kind, "bash", {"command": said}, command, made_with, needles, licence)


def page(file: str, command: str, made_with: str, *needles: Fact, licence: str = OURS) -> Recording:
    """Return the recording of a file or page that an agent reads."""
    kind = file.split("/")[0]
    return Recording(file, kind, "read_file", {"path": file}, command, made_with, needles, licence)
