"""Suites whose tests a subclass runs as they are, or not at all."""

from __future__ import annotations

from inspect import getattr_static
from typing import Any


class Sealed:
    """Refuse a subclass that replaces, or switches off, a test of a suite."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Compare every inherited test with what the subclass would run.

        Raises:
            TypeError: If they differ, wherever the other one comes from.
        """
        super().__init_subclass__(**kwargs)
        for suite in cls.__mro__[1:]:
            for name, test in vars(suite).items():
                sealed = name.startswith("test_") and issubclass(suite, Sealed)
                if sealed and getattr_static(cls, name) is not test:
                    raise TypeError(f"{cls.__name__} replaces {suite.__name__}.{name}: a promise")
