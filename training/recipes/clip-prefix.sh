#!/usr/bin/env bash
# clip-prefix, from ImageNet weights of EfficientNet-Lite0; most of vit-gpt2 on the way. 13 hours in all.
source "$(dirname "${BASH_SOURCE[0]}")/vit-gpt2-and-clip-prefix.sh"

train clip-prefix imitating "0.6 h; 0.48 and 0.53" --epochs 2 \
  --teacher "$WORK/vit-gpt2/self-critical-again.pt" "$WORK/clip-prefix/self-critical.pt"
train clip-prefix self-critical-again "0.2 h; 0.47 and 0.53"
mean clip-prefix blend "0.51 and 0.54 (whole dev splits: 0.518 and 0.547)" self-critical=0.3 self-critical-again=0.5 imitating=0.2
ship clip-prefix blend
