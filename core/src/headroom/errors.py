"""The errors that Headroom raises on purpose, one class per thing a caller can do about it."""


class HeadroomError(Exception):
    """Base of every error in this module."""


class DecodingError(HeadroomError):
    """The text is not a well-formed re-notation; use it as it stands."""


class StoreError(HeadroomError):
    """The store could not keep or fetch an original; the text was left as it was, or retry."""


class HandleCollisionError(StoreError):
    """Another original already stands under this handle; the new text is left as it was."""


class UnknownHandleError(HeadroomError):
    """No original stands under this handle; run the tool that produced the text again."""


class SelectorError(HeadroomError, ValueError):
    """A retrieval asked for a part in a way that the original does not have; ask differently."""


class UnknownFormatError(HeadroomError, ValueError):
    """``format=`` names no known wire format."""


class MissingGrammarsError(HeadroomError, ImportError):
    """The grammars that were asked for are not installed; install them or ask for others."""


class ContextLimitError(HeadroomError, ValueError):
    """The conversation does not fit the context limit; raise it, or drop messages yourself."""
