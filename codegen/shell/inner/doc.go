// Package inner knows the commands that run another command, which they are given among
// their words: nice, env, timeout, xargs and their like, sh -c and find -exec. It works on the
// texts of words, so that whoever lists what a script runs and whoever finds out what it does
// look through the same commands.
package inner
