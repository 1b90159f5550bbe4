// Package origin says where things in a bundle come from: a line of a script, a value
// of a host, or what a resource makes on it. The way goes from the bundle's line over the
// module's to the definition, or to the default and what is said of it where it is
// declared; with it stand who else has it, and what restarts if it changes.
//
// The type to know is [Finder]: its Line and On return an [Answer], whose Text is for
// people and whose JSON for programs. It reads bundles: the places that scripts have
// beside their values, and origins.json. A line of the definition stands in no bundle;
// whoever has the definition at hand gives [Finder.Locate], which finds it by its address.
//
// Always true: each line of a generated script has an answer.
package origin
