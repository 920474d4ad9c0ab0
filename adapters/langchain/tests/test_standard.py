"""LangChain's own standard suites, over the bare scripted model and over the wrapped one."""

from typing import Any

from langchain_tests.integration_tests import ChatModelIntegrationTests
from langchain_tests.unit_tests import ChatModelUnitTests
from scripted import ScriptedChat

from headroom_langchain import HeadroomChatModel


class WrappedChat(HeadroomChatModel):
    """Built from the scripted model's arguments, as the suites build a model."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(ScriptedChat(**arguments))


class TestBareUnit(ChatModelUnitTests):
    chat_model_class = property(lambda self: ScriptedChat)


class TestWrappedUnit(ChatModelUnitTests):
    chat_model_class = property(lambda self: WrappedChat)


class TestBareIntegration(ChatModelIntegrationTests):
    chat_model_class = property(lambda self: ScriptedChat)
    model_override_value = property(lambda self: "scripted-2")
    supports_anthropic_inputs = property(lambda self: True)


class TestWrappedIntegration(ChatModelIntegrationTests):
    chat_model_class = property(lambda self: WrappedChat)
    model_override_value = property(lambda self: "scripted-2")
    supports_anthropic_inputs = property(lambda self: True)
