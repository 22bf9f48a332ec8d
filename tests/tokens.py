"""Token counts with the real o200k tokenizer; its table ships in the package."""

import importlib
from typing import Any

# By name, because the package ships no types.
_ENCODING: Any = importlib.import_module("quicktok").get_encoding("o200k_base")


def count(text: str) -> int:
    """How many o200k tokens a text is."""
    return int(_ENCODING.count(text))
