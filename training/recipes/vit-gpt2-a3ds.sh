#!/usr/bin/env bash
# vit-gpt2-a3ds, from random weights and scenes that are rendered while it learns: no data needed. Half an hour on one core.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

train vit-gpt2-a3ds captions "0.5 h; every caption right (1.00 of 500 scenes)"
ship vit-gpt2-a3ds captions
