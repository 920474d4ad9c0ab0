"""A script in a process and an environment of its own: a line of JSON asks, a line answers."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

_QUIET = {"HEADROOM_TELEMETRY": "off", "HF_HUB_OFFLINE": "1"}

_Self = TypeVar("_Self", bound="AnsweringProcess")


class SystemFailedError(RuntimeError):
    """The system's process could not start, or ended before it answered."""


class AnsweringProcess:
    """A process that answers what it is asked, line by line; its first line says its version.

    Args:
        system: What runs there, for messages and as the script's first argument.
        script: What to run.
        arguments: More arguments of the script.
        python: The interpreter that has the system installed; this one when None.
        environment: Variables to set on top of this process's.

    Raises:
        SystemFailedError: If the process does not start.
    """

    def __init__(
        self,
        system: str,
        script: Path,
        *,
        arguments: Sequence[str] = (),
        python: str | None = None,
        environment: Mapping[str, str] = {},
    ) -> None:
        self.system = system
        # Another environment must not see this one's packages: they have the same name.
        isolated = [] if python is None else ["-I"]
        try:
            self._process = subprocess.Popen(
                [python or sys.executable, *isolated, str(script), system, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env={**os.environ, **_QUIET, **environment},
            )
        except OSError as error:
            raise SystemFailedError(f"{system} does not start: {error}") from error
        self.version: str = self._answer()["version"]

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a request.

        Raises:
            SystemFailedError: If the process ended.
        """
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # the missing answer says more
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.close()
            raise SystemFailedError(f"{self.system} ended with code {self._process.returncode}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def exit_status(self) -> int | None:
        """How the process ended; None while it runs."""
        return self._process.poll()

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()

    def __enter__(self: _Self) -> _Self:
        """Return the process; leaving the block ends it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process; at once where something went wrong."""
        if kind is not None:
            self._process.kill()
        self.close()
