// Package settings reads the settings that a text holds and says which of them
// differ between two texts: YAML, JSON, TOML, units of systemd, lines of
// KEY=VALUE. It stands beside the packages that read bundles and show people
// what changes in a file.
//
// The types to know are [Comparison] and [Change].
//
// What always holds: two texts whose settings compare as equal mean the same to
// what reads them, whatever their order of keys, comments and layout; texts of no
// known form have no comparison, and their lines are all that can be said.
package settings
