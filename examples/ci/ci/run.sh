#!/bin/sh
# Brings the hosts to what the definition says, if two people have approved just that. Run
# it where the hosts can be reached; SIGNERS is the file that says who may approve, which no
# change of the repository can change. The workflow run.yaml does the same.
set -eu
signers=${SIGNERS:-/etc/sprayc/allowed_signers}

sprayc check
sprayc build -o out/ --provenance provenance.intoto.json

mkdir -p out/approvals
for signature in approvals/*.sig; do [ ! -e "$signature" ] || cp "$signature" out/approvals/; done
sprayc approve out/ --list --allowed-signers "$signers"

sprayc plan out/ || [ $? -eq 2 ] # 2: there is something to do
sprayc run out/ --require-approvals 2 --allowed-signers "$signers"
sprayc verify out/
