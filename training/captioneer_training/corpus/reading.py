"""Finding and reading the files of a corpus, with errors that name file, line, what was expected and what was found."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from .layout import CorpusError, Folder

T = TypeVar("T")

DEPTH = ("", "*/", "*/*/")
"""Archives are often unpacked into a folder of their own name, so two levels below the given folder count too."""


def find_files(folder: Path, pattern: str) -> list[Path]:
    """Files whose names fit the pattern, in the folder or at most two levels below it."""
    return sorted(path for level in DEPTH for path in folder.glob(level + pattern) if path.is_file() and "__MACOSX" not in path.parts)


def find_one(folder: Path, pattern: str) -> Path:
    found = find_files(folder, pattern)
    if not found:
        raise CorpusError(f"{folder}: no {pattern} in it or two levels below. Unpack the corpus there, or give the folder that has it.")
    if len(found) > 1:
        names = " and ".join(str(path.relative_to(folder)) for path in found)
        raise CorpusError(f"{folder}: expected one {pattern}, found {names}. Keep one of them.")
    return found[0]


def find_photographs(folder: Path, names: Collection[str]) -> Folder:
    """The folder, at most two levels down, that has the photographs, whatever its name; the first twenty tell."""
    some = list(islice(names, 20))
    if not some:
        raise CorpusError(f"{folder}: its captions name no photographs. Get the captions again.")
    places = [folder, *sorted(path for level in ("*/", "*/*/") for path in folder.glob(level))]
    counts = [sum((place / name).is_file() for name in some) for place in places]
    if not any(counts):
        raise CorpusError(f"{folder}: no folder of photographs in it or two levels below has {some[0]}. Unpack the photographs there.")
    return Folder(places[counts.index(max(counts))])


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number, line without its end) of a UTF-8 text; a byte order mark at its start is left out."""
    if not path.is_file():
        raise CorpusError(f"{path}: no such file. Give the folder that holds it.")
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise CorpusError(f"{path}, line {number}: expected UTF-8, found the byte 0x{line[error.start]:02x}.") from error


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: expected JSON, but {error}. Get the file again.") from error


def field(record: Any, name: str, kind: type[T], where: str) -> T:
    """A field of a JSON object, checked; `where` names file and record."""
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, kind):
        raise CorpusError(f"{where}: expected {name!r} to be {kind.__name__}, found {json.dumps(value)[:80]}.")
    return value
