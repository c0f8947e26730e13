#!/usr/bin/env bash
# The embedded default, from ImageNet weights of EfficientNet-Lite0. Nine hours. Scores of the last stages are those of 300
# photographs of each of the three dev splits (`compare --pictures 300`); a run by another seed should come within 0.03 of each.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"

source recipes/everyday.sh
train default everyday-longer "0.8 h; 0.58, 0.72 and 0.60"
train default everyday-rewarded "0.2 h; 0.59, 0.75 and 0.65"
train default everyday-people "0.2 h"
train default everyday-people-again "0.2 h"
mean default everyday-people-blend "0.59, 0.73 and 0.63" everyday-rewarded=0.5 everyday-people=0.25 everyday-people-again=0.25
train default everyday-people-rewarded "0.1 h"
train default everyday-people-rewarded-again "0.1 h"
mean default with-people "0.58, 0.69 and 0.65 (whole dev splits)" grown=0.2 everyday-people-rewarded=0.4 everyday-people-rewarded-again=0.4
ship default with-people
