# PKI  folder of the certificates

# The certificate stands for both: it is written after its key.
if [ -s "$PKI/ca.crt" ] && [ -s "$PKI/ca.key" ]; then
	present
elif [ -s "$PKI/ca.key" ]; then
	partial 'there is a key and no certificate'
else
	absent
fi
