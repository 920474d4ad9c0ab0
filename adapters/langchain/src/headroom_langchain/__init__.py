"""Headroom for LangChain: wrap a chat model in one line, and it reads a fraction of the tokens."""

from headroom_langchain.chat_model import HeadroomChatModel

__all__ = ("HeadroomChatModel",)
