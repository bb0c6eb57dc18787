# shellcheck shell=sh
# read-clock.sh: the node's clock, seconds since 1970 with what fraction it can say.
date +%s.%N
