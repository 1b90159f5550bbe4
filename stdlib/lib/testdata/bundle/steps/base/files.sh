#!/bin/sh
# A bundle made by hand, in the form that the generator writes.
#
# Step     base/files: two files and a script of the module's own
# Roles    all
# Stage    prepare
# Source   test/module.hcl:1:1

# This host's own values, from hosts/<host>.env.

: "${h_greeting?}" # test/module.hcl:9:5

# Data. Every value stands here once, beside the line that it comes from.

motd_path='/etc/motd' # test/module.hcl:2:3
motd_content='hello
' # test/module.hcl:3:5
motd_sha256='5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'
motd_mode='0640' # test/module.hcl:4:5

app_path='/etc/app.conf' # test/module.hcl:6:3
app_sha256='159c83c155070f3cbe2c2fb9e27638f844cbf62b4357c0081189c7c58be3aa14'

seen_name='seen' # test/module.hcl:8:3

# Logic.

main() {
	step base/files
	resource 'file' "$motd_path" 'test/module.hcl:2:3' path="$motd_path" content="$motd_content" \
		sha256="$motd_sha256" mode="$motd_mode"
	resource 'file' "$app_path" 'test/module.hcl:6:3' path="$app_path" \
		payload="$SPRAY_STEPS/base/files/app.conf" sha256="$app_sha256" notify='service:app.service'
	resource 'exec' "$seen_name" 'test/module.hcl:8:3' name="$seen_name" \
		probe="$SPRAY_STEPS/base/files/seen.probe.sh" act="$SPRAY_STEPS/base/files/seen.act.sh" \
		env.TEXT="$h_greeting"
	verify 'the greeting was seen' 'test/module.hcl:12:3' "$SPRAY_STEPS/base/files/seen.verify.sh" \
		TEXT="$h_greeting"
	step_end
}

main "$@"
