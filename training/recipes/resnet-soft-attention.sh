#!/usr/bin/env bash
# resnet-soft-attention, on the ResNet-18 of resnet-transformer, which is trained first. 15 hours in all.
source "$(dirname "${BASH_SOURCE[0]}")/resnet-18.sh"

train resnet-soft-attention captions "0.5 h; 0.34 and 0.26" --weights "$WORK/resnet-transformer/whole-pictures.pt" --teacher "${TEACHERS[@]}"
train resnet-soft-attention self-critical "0.2 h; 0.34 and 0.25"
mean resnet-soft-attention blend "0.38 and 0.30 (first 250)" captions=0.75 self-critical=0.25
train resnet-soft-attention captions-again "0.2 h; 0.37 and 0.32" \
  --weights "$WORK/resnet-transformer/together.pt" --teacher "${LATER[@]}"
train resnet-soft-attention self-critical-again "0.1 h; 0.35 and 0.32"
mean resnet-soft-attention blend-again "0.39 and 0.34 (whole dev splits)" captions-again=0.7 self-critical-again=0.3
ship resnet-soft-attention blend-again
