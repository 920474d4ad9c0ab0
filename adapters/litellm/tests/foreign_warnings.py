"""LiteLLM's own warnings, given where it is imported and called: filters for pytest."""

FOREIGN_WARNINGS = (
    "ignore:Items? .* on TypedDict class .* using the `ReadOnly` qualifier:UserWarning",
    "ignore:Using extra keyword arguments on `Field`:DeprecationWarning",
    r"ignore:Accessing the 'model_\w+' attribute on the instance:DeprecationWarning",
    # It leaves connections, event loops and what it has not logged yet to the garbage collector.
    r"ignore:coroutine 'Logging\.\w+' was never awaited:RuntimeWarning",
    "ignore:Exception ignored in. <(socket|coroutine object Logging|function BaseEventLoop.__del__)"
    ":pytest.PytestUnraisableExceptionWarning",
)
