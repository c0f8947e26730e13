#!/usr/bin/env bash
# inception-lstm, from the Inception-v3 of npm's nsfwjs; the embedded model and its teacher first. 11 hours in all.
source "$(dirname "${BASH_SOURCE[0]}")/teachers.sh"

NSFWJS=nsfwjs-4.3.0.tgz
stage "$NSFWJS" "$NSFWJS" npm pack --silent nsfwjs@4.3.0 --pack-destination "$WORK"
later_teacher

train inception-lstm seeing "0.8 h" --weights "$WORK/$NSFWJS" --teacher "$SEES"
train inception-lstm captions "0.5 h; 0.20 and 0.20"
train inception-lstm seeing-again "0.8 h; 0.81 of the teacher's variance unexplained" --teacher "$SEES"
train inception-lstm imitating "0.4 h; 0.28 and 0.23" --teacher "${TEACHERS[@]}"
train inception-lstm self-critical "0.2 h; 0.25 and 0.22"
mean inception-lstm blend "0.31 and 0.25" imitating=0.5 self-critical=0.5
train inception-lstm self-critical-again "0.2 h; 0.26 and 0.22"
mean inception-lstm blend-again "0.33 and 0.25" imitating=0.7 self-critical-again=0.3
train inception-lstm seeing-longer "0.5 h; 0.76 of the teacher's variance unexplained" --teacher "$SEES"
train inception-lstm imitating-again "0.1 h; 0.33 and 0.26" --teacher "${LATER[@]}"
train inception-lstm together "0.3 h; 0.30 and 0.25" --teacher "${LATER[@]}"
train inception-lstm self-critical-longer "0.1 h; 0.27 and 0.25"
mean inception-lstm blend-longer "0.32 and 0.30 (whole dev splits)" imitating-again=0.35 self-critical-longer=0.3 together=0.35
ship inception-lstm blend-longer
