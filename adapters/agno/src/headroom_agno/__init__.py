"""Headroom for Agno: wrap a model in one line, and it reads a fraction of the tokens."""

from headroom_agno.manager import HeadroomCompressionManager
from headroom_agno.model import HeadroomAgnoModel
from headroom_agno.toolkit import HeadroomTools, retrieval_function

__all__ = (
    "HeadroomAgnoModel",
    "HeadroomCompressionManager",
    "HeadroomTools",
    "retrieval_function",
)
