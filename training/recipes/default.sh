#!/usr/bin/env bash
# The embedded default, from ImageNet weights of EfficientNet-Lite0. Seven hours.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"

ship default blend-again
