"""`python -m captioneer_training.a3ds.speed`: how fast scenes are rendered, in processor time."""

from __future__ import annotations

import json
import time

from .factors import ORIENTATIONS, SCALES, SHAPES
from .render import surface_shares
from .scenes import Scenes

BATCH, BATCHES = 64, 100


def main() -> None:
    started = time.process_time()
    for case in ((a, b, c) for a in range(len(SCALES)) for b in range(len(SHAPES)) for c in range(len(ORIENTATIONS))):
        surface_shares(*case)
    traced = time.process_time()
    scenes = Scenes("train")
    step = len(scenes) // (BATCH * BATCHES)
    begun = time.process_time()
    for batch in range(BATCHES):
        scenes.images(range(batch * BATCH * step, (batch + 1) * BATCH * step, step))
    ended = time.process_time()
    print(json.dumps({"secondsToTraceAllCases": round(traced - started, 2), "scenesPerSecond": round(BATCH * BATCHES / (ended - begun))}))


if __name__ == "__main__":
    main()
