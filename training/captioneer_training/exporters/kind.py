"""What a kind of checkpoint is to the command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from ..export import ModelParts


@dataclass(frozen=True)
class Kind:
    """One way in which captioners are published."""

    name: str
    """As the command has it."""
    help: str
    """What its checkpoint is, in one sentence."""
    add_options: Callable[[ArgumentParser], None]
    """Adds what the command asks besides `checkpoint`, `out` and the options of all kinds."""
    read: Callable[[Namespace], ModelParts]
    """The parts of a model folder, from the command's arguments; a ConfigError where the checkpoint is not of this kind."""


def no_options(parser: ArgumentParser) -> None:
    """For a kind whose folder says everything."""
