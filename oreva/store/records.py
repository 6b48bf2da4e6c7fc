"""How models and keys become text that a database can hold, and come back without loss.

Paths, code and names may hold bytes that are no UTF-8, carried as lone surrogates (PEP 383). Neither UTF-8 nor strict
JSON parsers know those, so they travel as `\\udc80` escapes in pure ASCII.
"""

from __future__ import annotations

import json
import re
from typing import TypeVar

from pydantic_core import PydanticSerializationError

from oreva.models import Model

ModelT = TypeVar("ModelT", bound=Model)

_ESCAPE = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")


def dump(model: Model) -> str:
    """A model as JSON text that can be encoded as UTF-8, whatever its strings hold."""
    try:
        return model.model_dump_json()
    except PydanticSerializationError:  # a lone surrogate: the standard library writes it as an escape
        return json.dumps(model.model_dump(mode="json"), separators=(",", ":"))


def load(model_type: type[ModelT], text: str) -> ModelT:
    r"""The model that `dump` made the text from.

    Raises `pydantic.ValidationError` (or `json.JSONDecodeError`, another `ValueError`) if the text is no such model.
    """
    if "\\ud" in text:  # perhaps a lone surrogate, which pydantic's own JSON parser refuses
        return model_type.model_validate(json.loads(text))
    return model_type.model_validate_json(text)


def to_key(text: str) -> str:
    r"""Text for a key or an indexed column: equal texts and equal beginnings stay equal, different ones stay different.

    Lone surrogates become `\udc80`, NUL (where SQLite's functions stop reading) `\u0000`, and so that nothing else can
    look like one, a backslash becomes two.
    """
    return text.replace("\\", "\\\\").replace("\0", "\\u0000").encode("utf-8", "backslashreplace").decode("utf-8")


def from_key(key: str) -> str:
    """The text that `to_key` made the key from."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else "\\", key)
