package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/approval"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/receipt"
)

// defaultReceiptKey signs the receipts of this machine's runs, if it is there.
const defaultReceiptKey = "/etc/sprayc/runner_key"

// receiptsLong is what run and verify say of receipts.
const receiptsLong = `Of each host a receipt is written to --receipts, for programs (HOST.json) and people
(HOST.txt): everything that the bundle wants there, what was found and how that was read,
as proven, unproven, or not read in this run. With a key, that of --receipt-key (a private
one, or a public one whose other half the agent has) or ` + defaultReceiptKey + `, it is signed:

    ssh-keygen -Y verify -n ` + receipt.Namespace + ` -f ALLOWED_SIGNERS -I WHO -s HOST.json.sig <HOST.json`

// receiptFlags say where receipts go, and who signs them.
type receiptFlags struct {
	folder, key string
	junit       string // verify's
}

func (f *receiptFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.folder, "receipts", filepath.Join(".sprayc", "receipts"), "folder of each host's receipt; empty for none")
	cmd.Flags().StringVar(&f.key, "receipt-key", "", "the key that signs receipts (default "+defaultReceiptKey+", if it is there)")
}

// keep returns what keeps the receipts of a run, nil for none, and what closes its key.
func (f *receiptFlags) keep(cmd *cobra.Command, b *bundle.Bundle, operation runner.Operation) (runner.Receipts, func(), error) {
	nothing := func() {}
	if operation == runner.Plan || f.folder == "" && f.key == "" && f.junit == "" {
		return nil, nothing, nil
	}
	if f.folder == "" {
		return nil, nothing, errors.New("--receipts is empty, and --receipt-key or --junit wants receipts; leave one of them out")
	}
	wants, err := audit.WantsOf(b)
	if err != nil {
		return nil, nothing, fmt.Errorf("receipts: %w", err)
	}
	options := receipt.Options{Folder: f.folder, Wants: wants.Of, JUnit: f.junit}
	key, err := f.signer()
	if err != nil {
		return nil, nothing, err
	}
	if key != nil {
		options.Key = key.Describe()
		options.Sign = func(message []byte) ([]byte, error) { return key.Sign(cmd.Context(), message, receipt.Namespace) }
		nothing = key.Close
		if !strings.HasPrefix(key.Public.Type(), "sk-") { // of a security key it would cost a touch
			if _, err := options.Sign([]byte("a trial")); err != nil {
				key.Close()
				return nil, nil, fmt.Errorf("the key of receipts: %w", err)
			}
		}
	}
	book, err := receipt.NewBook(b, options)
	if err != nil {
		nothing()
		return nil, nil, err
	}
	return book, nothing, nil
}

// signer is the key that signs receipts; nil when there is none.
func (f *receiptFlags) signer() (*approval.Key, error) {
	file := f.key
	if file == "" {
		if _, err := os.Lstat(defaultReceiptKey); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		file = defaultReceiptKey
	}
	key, err := approval.FromFile(file, os.Getenv("SSH_AUTH_SOCK"), asker())
	if err != nil {
		return nil, fmt.Errorf("the key of receipts: %w", err)
	}
	return key, nil
}
