"""JSON files read field by field, with errors that name the file, the field, what was expected and what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from ..config import ConfigError

T = TypeVar("T")


class Settings:
    """An object of a JSON file."""

    def __init__(self, path: Path, values: Any, inside: str = "") -> None:
        self.path = path
        self.inside = inside
        if not isinstance(values, dict):
            raise ConfigError(f"{path}: expected {inside or 'the file'} to be a JSON object, found {_shown(values)}.")
        self.values: dict[str, Any] = values

    @staticmethod
    def read(path: Path) -> Settings:
        if not path.is_file():
            raise ConfigError(f"{path}: expected this file, found none.")
        try:
            return Settings(path, json.loads(path.read_text(encoding="utf-8-sig")))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: expected JSON, found text that is not ({error}).") from error

    def error(self, name: str, expected: str) -> ConfigError:
        found = _shown(self.values[name]) if name in self.values else "nothing"
        return ConfigError(f"{self.path}: expected {self.name(name)} to be {expected}, found {found}.")

    def name(self, name: str) -> str:
        return f"{self.inside}.{name}" if self.inside else name

    def field(self, name: str) -> Settings:
        """The object in a field."""
        return Settings(self.path, self.values.get(name), self.name(name))

    def over(self, defaults: dict[str, Any]) -> Settings:
        """The same object with defaults for what it leaves out."""
        return Settings(self.path, defaults | {name: value for name, value in self.values.items() if value is not None}, self.inside)

    def has(self, name: str) -> bool:
        """Whether a field is there, and not null."""
        return self.values.get(name) is not None

    def get(self, name: str, kind: type[T], default: T | None = None) -> T:
        """A field of that type; the default where it is absent or null, an error where there is no default."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(name, _NAMES.get(kind, kind.__name__))
        return value

    def choice(self, name: str, choices: tuple[str, ...] | list[str], default: str | None = None) -> str:
        """A field that is one of these texts."""
        value = self.get(name, str, default)
        if value not in choices:
            raise self.error(name, f"one of {', '.join(choices)}")
        return value

    def size(self, name: str, default: int | None = None) -> int:
        """A field that is a whole number of at least 1."""
        value = self.get(name, int, default)
        if value < 1:
            raise self.error(name, "a whole number of at least 1")
        return value

    def sizes(self, name: str) -> list[int]:
        """A field that is a list of whole numbers of at least 1."""
        values = self.get(name, list)
        if not values or any(type(value) is not int or value < 1 for value in values):
            raise self.error(name, "a list of whole numbers of at least 1")
        return values


_NAMES: dict[type[Any], str] = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
