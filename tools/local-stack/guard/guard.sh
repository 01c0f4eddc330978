#!/bin/sh
# Outlives the process that started it by seconds. It is told process ids on standard input, "+ 123" for a start and
# "- 123" for an end; when the input closes, because that process ended or was killed, it gives what still runs time to
# end by itself and kills the rest. What runs under it ends by itself; this is for what hangs or is stopped.
trap '' INT TERM HUP
grace_s=5
pids=''
while read -r sign pid; do
  case $sign in
    +) pids="$pids $pid" ;;
    -)
      rest=''
      for each in $pids; do [ "$each" = "$pid" ] || rest="$rest $each"; done
      pids=$rest
      ;;
  esac
done
[ -n "$pids" ] || exit 0
sleep "$grace_s"
for each in $pids; do kill -KILL "-$each" 2>/dev/null || kill -KILL "$each" 2>/dev/null; done
exit 0
