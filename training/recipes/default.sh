#!/usr/bin/env bash
# The embedded default, from ImageNet weights of EfficientNet-Lite0: seven hours for what learned from two corpora, then one more with the third.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"

prepare everyday
stage default/grown.pt "default grown: the words of everyday" ct grow configs/default.toml blend-again
train default everyday "0.4 h"
train default everyday-again "0.4 h"
mean default everyday-blend "0.58, 0.66" blend=0.5 everyday=0.25 everyday-again=0.25
ship default everyday-blend
