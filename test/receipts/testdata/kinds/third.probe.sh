# Says ok when it is asked for the third time.

count=0
if [ -e /run/sprayc/asked ]; then read -r count </run/sprayc/asked; fi
if [ "$count" -ge 2 ]; then ok; else differs "asked $((count + 1)) times"; fi
printf '%s\n' "$((count + 1))" >/run/sprayc/asked
