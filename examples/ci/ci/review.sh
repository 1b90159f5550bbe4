#!/bin/sh
# What a change of the definition does. Run it in the repository, on the change, with the
# branch that it goes to: sh ci/review.sh origin/main. What there is to show is left in
# review/; the workflow review.yaml does the same.
set -eu
base=$1

rm -rf review/base && mkdir -p review/base
git archive "$base" | tar -x -C review/base

sprayc check
sprayc build -o out/ --provenance review/provenance.intoto.json
sprayc sbom out/ >review/sbom.spdx.json
sprayc audit out/ --format markdown >review/audit.md
sprayc diff review/base . --format markdown >review/diff.md || [ $? -eq 2 ] # 2: they differ

# Who has approved this bundle already, of those whom the branch lets.
mkdir -p out/approvals
for signature in approvals/*.sig; do [ ! -e "$signature" ] || cp "$signature" out/approvals/; done
sprayc approve out/ --list --allowed-signers review/base/allowed_signers >review/approvals.txt
