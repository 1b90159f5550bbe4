#!/bin/sh
# A stand-in for NodeLocal DNSCache's own program, of which the Go module proxy has no
# module: the address, here on lo, and a real CoreDNS.
set -eu
while [ "$#" -gt 0 ]; do
	case $1 in
	-localip) ip address add "$2/32" dev lo 2>/dev/null || ip address show dev lo | grep -q "inet $2/" ;;
	-conf) conf=$2 ;;
	esac
	shift
done
exec /coredns -conf "$conf"
