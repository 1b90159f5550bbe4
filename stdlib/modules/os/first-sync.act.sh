# MAX_OFFSET_MS  the clock is right when it is off by less
# TIMEOUT        seconds to wait for it

chronyc -n burst 4/4 || note 'chronyd takes no burst now; it goes on by itself'
# waitsync asks every second: tries, largest offset in seconds, skew (0: any),
# seconds between tries.
limit=$(awk -v ms="$MAX_OFFSET_MS" 'BEGIN { printf "%.3f", ms / 1000 }')
chronyc -n makestep || note 'chronyd does not step the clock now; it goes on by itself'
if ! chronyc -n waitsync "$TIMEOUT" "$limit" 0 1; then
	chronyc -n sources || note 'chronyd does not list its servers'
	fail "no synchronisation within $TIMEOUT s; are the time servers reachable on UDP port 123? look at: chronyc sources"
fi
