# EncryptionConfiguration, which the API server reads, from STATE.

BEGIN {
	print "apiVersion: apiserver.config.k8s.io/v1"
	print "kind: EncryptionConfiguration"
	print "resources:"
}

$1 == "key" {
	provider[$2] = $3
	secret[$2] = $4
	timeout[$2] = $5
}

$1 == "order" {
	print "- resources: [\"" $2 "\"]"
	print "  providers:"
	for (i = 3; i <= NF; i++) {
		if ($i == "identity") print "  - identity: {}"
		else if (provider[$i] == "kms") print "  - kms: {apiVersion: v2, name: \"" substr($i, 5) "\", endpoint: \"" secret[$i] "\", timeout: \"" timeout[$i] "\"}"
		else print "  - " provider[$i] ": {keys: [{name: \"" $i "\", secret: \"" secret[$i] "\"}]}"
	}
}
