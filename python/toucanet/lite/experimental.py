"""tf.lite.experimental: what of it belongs to the interpreter."""
from typing import Any

from . import later
from .interpreter import OpResolverType

__all__ = ["OpResolverType"]


def __getattr__(name: str) -> Any:
    return later.refuse(__name__, name)
