package ssh

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	sshconfig "github.com/kevinburke/ssh_config"
)

// config answers what the user's ssh_config files say about a host.
type config struct {
	files []*sshconfig.Config // the first that has a value wins
	names []string            // the files' names, for messages
}

func loadConfig(file string) (*config, error) {
	switch file {
	case "none":
		return &config{}, nil
	case "":
		c := &config{}
		if home, err := os.UserHomeDir(); err == nil {
			if err := c.add(filepath.Join(home, ".ssh", "config"), true); err != nil {
				return nil, err
			}
		}
		return c, c.add("/etc/ssh/ssh_config", true)
	}
	c := &config{}
	return c, c.add(file, false)
}

func (c *config) add(name string, mayMiss bool) error {
	text, err := os.ReadFile(name)
	if mayMiss && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the SSH configuration: %w", err)
	}
	parsed, err := sshconfig.DecodeBytes(text)
	if err != nil {
		return fmt.Errorf("read the SSH configuration %s: %w", name, err)
	}
	c.files = append(c.files, parsed)
	c.names = append(c.names, name)
	return nil
}

// nobody is a name that only patterns such as "*" match.
const nobody = "sprayc-no-host-has-this-name.invalid"

// get returns the value of key for a host that goes by several names, the most
// telling first: what the files say of the first name in particular, else of the
// next. A value that every host has counts only for the last.
func (c *config) get(key string, names ...string) string {
	if all := c.getAll(key, names...); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (c *config) getAll(key string, names ...string) []string {
	general := strings.Join(c.one(nobody, key), "\x00")
	for _, name := range names[:len(names)-1] {
		if values := c.one(name, key); strings.Join(values, "\x00") != general {
			return values
		}
	}
	return c.one(names[len(names)-1], key)
}

// accumulates holds the keywords whose values add up over blocks and files; of
// the others the first counts.
func accumulates(key string) bool {
	return key == "IdentityFile" || key == "CertificateFile"
}

func (c *config) one(name, key string) []string {
	var all []string
	for _, file := range c.files {
		values, err := file.GetAll(name, key)
		if err != nil {
			continue
		}
		all = append(all, values...)
		if len(all) > 0 && !accumulates(key) {
			return []string{unquote(all[0])}
		}
	}
	for i := range all {
		all[i] = unquote(all[i])
	}
	return all
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' && strings.Count(s, `"`) == 2 {
		return s[1 : len(s)-1]
	}
	return s
}
