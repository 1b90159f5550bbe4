package runner

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Log keeps all that each host said in a file of its own, DIR/HOST.log, made anew
// in each run; the run before is HOST.log.1.
type Log struct {
	dir       string
	files     map[string]*logFile
	approvals []string
	err       error
}

type logFile struct {
	file *os.File
	*bufio.Writer
	flag int // how it is opened the next time
}

// NewLog makes the folder, readable for its owner only.
func NewLog(dir string) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for logs: %w", err)
	}
	return &Log{dir: dir, files: map[string]*logFile{}}, nil
}

// Path is a host's file.
func (l *Log) Path(host string) string { return filepath.Join(l.dir, host+".log") }

// Begin writes nothing: a host's file is made when it says something.
func (l *Log) Begin(o Overview) { l.approvals = o.Approvals }

// Event writes a line to its host's file.
func (l *Log) Event(e Event) {
	if e.Host == "" {
		return
	}
	w, err := l.of(e.Host)
	if err != nil {
		l.fail(err)
		return
	}
	fields := []string{e.Time.UTC().Format("2006-01-02T15:04:05.000Z"), string(e.Type)}
	for _, field := range []string{e.Run, e.Step, e.Kind, e.Name, e.Status, e.Source, e.Text, e.setting()} {
		if field != "" {
			fields = append(fields, strings.ReplaceAll(field, "\n", "\n    "))
		}
	}
	_, _ = io.WriteString(w, strings.Join(fields, " ")+"\n") // kept by bufio, see End
	if e.Type == HostDone {
		l.close(w) // thousands of hosts are more than there may be open files
	}
}

// setting is what was read of a setting.
func (e Event) setting() string {
	if e.Type != SettingRead {
		return ""
	}
	return fmt.Sprintf("is %s, wanted %s (%s)", orUnset(e.Found), orUnset(e.Wanted), e.How)
}

func (l *Log) of(host string) (*logFile, error) {
	path := l.Path(host)
	w, ok := l.files[host]
	if !ok {
		_ = os.Rename(path, path+".1") // there may be none
		w = &logFile{flag: os.O_CREATE | os.O_TRUNC | os.O_WRONLY}
		l.files[host] = w
	}
	if w.file != nil {
		return w, nil
	}
	file, err := os.OpenFile(path, w.flag, 0o600)
	if err != nil {
		return nil, err
	}
	w.file, w.Writer, w.flag = file, bufio.NewWriterSize(file, 4096), os.O_APPEND|os.O_WRONLY
	if !ok {
		for _, who := range l.approvals {
			fmt.Fprintf(w, "approved by %s\n", who)
		}
	}
	return w, nil
}

func (l *Log) close(w *logFile) {
	if w.file == nil {
		return
	}
	if err := errors.Join(w.Flush(), w.file.Close()); err != nil {
		l.fail(err)
	}
	w.file = nil
}

func (l *Log) fail(err error) {
	if l.err == nil {
		l.err = err
	}
}

// End closes the files.
func (l *Log) End(Result) {
	hosts := make([]string, 0, len(l.files))
	for host := range l.files {
		hosts = append(hosts, host)
	}
	sort.Strings(hosts)
	for _, host := range hosts {
		l.close(l.files[host])
	}
}

// Err is the first failure to write, if any: a run does not end for its logs.
func (l *Log) Err() error { return l.err }
