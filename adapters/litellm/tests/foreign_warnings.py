"""LiteLLM's own warnings, given where it is imported and called: filters for pytest."""

FOREIGN_WARNINGS = (
    "ignore:Items? .* on TypedDict class .* using the `ReadOnly` qualifier:UserWarning",
    "ignore:Using extra keyword arguments on `Field`:DeprecationWarning",
    r"ignore:Accessing the 'model_\w+' attribute on the instance:DeprecationWarning",
    # It leaves connections and event loops to the garbage collector.
    "ignore:Exception ignored in. <(socket|function BaseEventLoop.__del__)"
    ":pytest.PytestUnraisableExceptionWarning",
)
