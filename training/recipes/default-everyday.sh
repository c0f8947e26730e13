#!/usr/bin/env bash
# The embedded default trained on with the corpus everyday, which does not ship yet: docs/experiments/default.md says what it gave.
# One hour after default.sh. Scores are of the first 120 photographs of each dev split, everyday's too.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"

prepare everyday
stage default/grown.pt "default grown: the words of everyday" ct grow configs/default.toml blend-again
train default everyday "0.2 h"
train default everyday-again "0.2 h"
mean default everyday-blend "0.56, 0.68 and 0.48" grown=0.5 everyday=0.25 everyday-again=0.25
train default everyday-critical "0.2 h"
ship default everyday-critical
