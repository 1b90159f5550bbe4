package lang

import "regexp"

// beforeHost matches the beginning of a URL that has a user, or a user and a
// password, before its host. A user alone is a token with http, and only a name
// with others.
var beforeHost = regexp.MustCompile(`^(?i:(https?://)[^/?#\s]*@|([a-z][a-z0-9+.-]*://)[^/?#\s:]*:[^/?#\s]*@)`)

// Credentials reports whether a text is a URL that has credentials in it, and
// returns it without them, to go on with. A bundle holds no secret, and scripts,
// PLAN.md and plan.json all show a URL.
func Credentials(text string) (bare string, found bool) {
	bare = beforeHost.ReplaceAllString(text, "$1$2")
	return bare, bare != text
}

// What a diagnostic about credentials in a URL says; it does not repeat the URL.
const (
	CredentialsLabel = "the URL has credentials before its host, which whoever reads the bundle would see"
	CredentialsFix   = "write it without them; sprayc explain url-credentials says what there is instead"
)
