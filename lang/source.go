package lang

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/sprayc/sprayc/lang/diag"
)

// maxFile is the most bytes that a file may have. A definition of 5,000 hosts,
// each with a block of its own, has about one megabyte.
const maxFile = 4 << 20

// openFunc opens a file by the name that the reader knows it by.
type openFunc func(name string) (fs.File, error)

func openOS(name string) (fs.File, error) { return os.Open(name) }

// source reads a file as text that hcl can be given. shown is the name that
// diagnostics use. The text is remembered in into even if it is refused, so
// that its lines can be shown.
func source(open openFunc, name, shown string, at *diag.Span, into diag.Sources) ([]byte, diag.List) {
	text, err := readLimited(open, name)
	where := fileStart(shown)
	if at != nil {
		where = *at
	}
	var big *tooLarge
	if errors.As(err, &big) {
		return nil, diag.List{{Kind: diag.FileTooLarge, Span: where, Label: fmt.Sprintf("%s has more than %d MiB", shown, maxFile>>20), Fix: "split it, or read data from a file with file()"}}
	}
	if err != nil {
		return nil, diag.List{{Kind: diag.UnreadableFile, Span: where, Label: fmt.Sprintf("%s: %s", shown, cause(err))}}
	}
	into[shown] = text
	return text, checkText(shown, text)
}

type tooLarge struct{ limit int }

func (e *tooLarge) Error() string { return fmt.Sprintf("more than %d bytes", e.limit) }

// readLimited reads a file of at most maxFile bytes; of a larger one it reads
// no more than that.
func readLimited(open openFunc, name string) ([]byte, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errors.New("is a folder")
	}
	if info.Size() > maxFile {
		return nil, &tooLarge{maxFile}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFile {
		return nil, &tooLarge{maxFile}
	}
	return text, nil
}

// cause is an error without the path that it repeats.
func cause(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return err.Error()
}
