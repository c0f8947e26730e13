"""Makes a captioner of a size for browsers, ViT-S/16 and six layers of GPT-2 of the same width, with seeded random weights.

    python bench/web/make_model.py <folder>

The folders are those of bench/full/make_models.py, and so is what it needs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from transformers import ViTConfig

sys.path.insert(0, str(Path(__file__).parents[1] / "full"))

from make_models import make_own, make_own_quantised, make_public  # noqa: E402

WIDTH, HEADS = 384, 6


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    encoder = ViTConfig(
        hidden_size=WIDTH, num_attention_heads=HEADS, intermediate_size=4 * WIDTH, num_hidden_layers=12, initializer_range=0.04
    )
    make_public(folder, encoder, 8_000, n_embd=WIDTH, n_head=HEADS, n_layer=6)
    make_own(folder)
    make_own_quantised(folder)


if __name__ == "__main__":
    main()
