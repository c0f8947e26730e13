"""What every layout comes down to: captions by photograph, and the place where the photographs are."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class CorpusError(Exception):
    """The photographs or their captions are not where, or not what, they were said to be."""


@dataclass(frozen=True)
class Folder:
    """Photographs as files below a folder."""

    path: Path

    def find(self, names: Collection[str]) -> list[str]:
        """Those of `names` that are there, in the order in which `read` gives them."""
        if not self.path.is_dir():
            raise CorpusError(f"{self.path}: no such folder of photographs. Unpack them there.")
        return sorted(name for name in names if (self.path / name).is_file())

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(name, encoded bytes) of what `find` found."""
        for name in names:
            yield name, (self.path / name).read_bytes()


@dataclass(frozen=True)
class Tar:
    """Photographs in a tar archive, known by their file names alone."""

    path: Path

    def find(self, names: Collection[str]) -> list[str]:
        wanted = set(names)
        return [name for name in dict.fromkeys(name for name, _ in self._members()) if name in wanted]

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        wanted = set(names)
        for name, read in self._members():
            if name in wanted:
                wanted.remove(name)
                yield name, read()

    def _members(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        try:
            with tarfile.open(self.path) as archive:
                for member in archive:
                    data = archive.extractfile(member)
                    if data is not None:
                        yield Path(member.name).name, data.read
        except tarfile.TarError as error:
            raise CorpusError(f"{self.path}: not a tar archive, or not a whole one ({error}). Get it again.") from error


@dataclass(frozen=True)
class CaptionedPhotographs:
    """One split: the captions of each photograph, by its name in `photographs`."""

    captions: dict[str, list[str]]
    photographs: Folder | Tar


@dataclass(frozen=True)
class Layout:
    """One way in which people keep a corpus."""

    name: str
    marks: str
    """What a folder must hold to be of this layout, for messages."""
    is_in: Callable[[Path], bool]
    """Whether a folder looks like it."""
    read: Callable[[Path], dict[str, CaptionedPhotographs]]
    """All splits that the folder has: `train`, `dev`, and `test` where there is one."""
