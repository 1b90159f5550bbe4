package receipt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// write writes a host's files. The signature of the receipt before goes first, so that it
// never stands beside this one.
func (b *Book) write(r *Receipt) error {
	data, err := r.JSON()
	if err != nil {
		return err
	}
	path := filepath.Join(b.options.Folder, r.Host+".json")
	if err := os.Remove(path + ".sig"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the old signature: %w", err)
	}
	if err := replace(path, data); err != nil {
		return err
	}
	if err := replace(filepath.Join(b.options.Folder, r.Host+".txt"), []byte(r.Text())); err != nil {
		return err
	}
	if b.options.Sign == nil {
		return nil
	}
	b.signing.Lock()
	signature, err := b.options.Sign(data)
	b.signing.Unlock()
	if err != nil {
		return fmt.Errorf("sign the receipt of %s: %w", r.Host, err)
	}
	return replace(path+".sig", signature)
}

// replace writes a file whole, for its owner only.
func replace(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // 0600
	if err != nil {
		return fmt.Errorf("write a receipt: %w", err)
	}
	_, err = file.Write(data)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // what is wrong is said already
		return fmt.Errorf("write a receipt: %w", err)
	}
	return nil
}
