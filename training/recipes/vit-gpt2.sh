#!/usr/bin/env bash
# vit-gpt2, from ImageNet weights of EfficientNet-Lite0; most of clip-prefix on the way. 12 hours in all.
source "$(dirname "${BASH_SOURCE[0]}")/vit-gpt2-and-clip-prefix.sh"

mean vit-gpt2 blend-again "0.56 and 0.60" blend=0.2 self-critical-again=0.65 imitating=0.15
ship vit-gpt2 blend-again
