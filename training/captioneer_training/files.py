"""Files and folders that are written whole or not at all, so that a kill or a full disk leaves nothing half done."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The system's codes for a full disk, a used-up quota, and a limit on the size of files."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Opens a file beside `path` that takes its place when the block ends well, and is removed when it does not."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # a write knows no file name
            error.filename = str(path)
        raise


@contextmanager
def array_file(path: Path, shape: tuple[int, ...], dtype: DTypeLike) -> Iterator[Callable[[np.ndarray], None]]:
    """Writes an `.npy` file of that shape, given by and by as blocks of rows.

    Not by a memory map: where the disk is full, writing to one kills the process.
    """
    kind = np.dtype(dtype)
    with whole_file(path) as file:
        npy.write_array_header_1_0(file, {"descr": npy.dtype_to_descr(kind), "fortran_order": False, "shape": shape})
        written = 0

        def write(rows: np.ndarray) -> None:
            nonlocal written
            if rows.shape[1:] != shape[1:]:
                raise ValueError(f"{path}: expected rows of shape {shape[1:]}, got {rows.shape[1:]}")
            file.write(np.ascontiguousarray(rows, kind).tobytes())
            written += len(rows)

        yield write
        if written != shape[0]:
            raise ValueError(f"{path}: expected {shape[0]} rows, got {written}")


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder beside `path`, which must be new or empty, that takes its place when the block ends well, and is removed when not."""
    if path.exists() and not path.is_dir():
        raise FileExistsError(f"{path}: expected a new or empty folder, found a file.")
    if path.is_dir() and (found := next(path.iterdir(), None)):
        raise FileExistsError(f"{path}: expected a new or empty folder, found {found.name} in it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as temporary:
        partial = Path(temporary, path.name)
        partial.mkdir()
        yield partial
        if path.is_dir():
            path.rmdir()
        partial.rename(path)


def explain(error: OSError, make_room: str) -> str:
    """One sentence on what the system refused, and what to do; `make_room` where the disk is full."""
    if error.strerror is None:  # raised with a sentence of its own
        return str(error)
    place = error.filename or "output"
    if error.errno in DISK_FULL:
        return f"{place}: the disk is full. {make_room}, and give the command again."
    return f"{place}: {error.strerror.lower()}. Check the path and your rights to it."
