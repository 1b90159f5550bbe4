#!/bin/sh
# A bundle made by hand, in the form that the generator writes.
#
# Step     base/service: a service with a unit of its own
# Roles    all
# Stage    prepare
# Source   test/module.hcl:20:1

# Data. Every value stands here once, beside the line that it comes from.

app_name='app.service' # test/module.hcl:21:3
app_unit='[Service]
ExecStart=/bin/sleep infinity
' # test/module.hcl:22:5
app_unit_sha256='8929f74537fa90fcd7a91070b6ba98294ba6df2313e48d3b3fee9d1f4f5f565e'
app_dropin='[Service]
Environment=A=1
' # test/module.hcl:26:5
app_dropin_sha256='201d8c841e2253b88725207aee3f919efba891501d85546e12539010e3c73fd1'

# Logic.

main() {
	step base/service
	resource 'service' "$app_name" 'test/module.hcl:21:3' name="$app_name" unit="$app_unit" \
		unit.sha256="$app_unit_sha256" dropins.env.conf="$app_dropin" dropins.env.conf.sha256="$app_dropin_sha256" \
		enabled='true' running='true' disruptive='true'
	step_end
}

main "$@"
