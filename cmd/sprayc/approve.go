package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/approval"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// What is asked of every bundle, on the machine of the runner as on hosts: who may approve,
// and how many must have.
const (
	defaultSigners = "/etc/sprayc/allowed_signers"
	defaultNumber  = "/etc/sprayc/require_approvals"
)

func newApprove(g *global) *cobra.Command {
	var key string
	var list bool
	var f approvalFlags
	cmd := &cobra.Command{
		Use:   "approve [BUNDLE]",
		Short: "Sign a bundle that you have read, or list who has",
		Long: `Approve signs a bundle (out/ unless one is named) with an SSH key and puts the
signature into its approvals/. What is signed is bundle.sha256, the list of all files: a
byte changed, a file added or gone, and no approval counts. run --require-approvals N
wants as many, by keys that the allowed-signers file permits; two by one key, or by one
name, count once. Where there is /etc/sprayc/require_approvals, as many as it says are
always wanted. Approvals travel with the bundle, also in pack; a host that has these two
files asks the same, also when run.sh is called by hand, whatever it is asked to do. Both
files, and the folders that they are in, are to be root's or your own, and nobody else's to
write to: who can change them says who may approve.

The key is the one that the agent has and the allowed-signers file permits, or that of
--key: a private key, whose passphrase is asked for, a public key whose private half the
agent has, or a security key (FIDO).

The allowed-signers file is ssh's own (ALLOWED SIGNERS in ssh-keygen(1)); the namespace
of an approval is ` + approval.Namespace + `. So ssh-keygen can do both, too:

    ssh-keygen -Y sign -n ` + approval.Namespace + ` -f KEY <out/bundle.sha256 >out/approvals/NAME.sig
    ssh-keygen -Y verify -n ` + approval.Namespace + ` -f FILE -I WHO -s out/approvals/NAME.sig <out/bundle.sha256

A signature has no time; the list shows that of its file, which proves nothing. Whether
a key has expired is judged by the time now. A build of the same bundle keeps its
approvals, a build of another drops them. An approval lasts: what was approved once stays
so, until its key expires or leaves the file.`,
		Example: example(`
			sprayc audit && sprayc approve
			sprayc approve --key ~/.ssh/id_ed25519
			sprayc approve --list
			sprayc approve --list --require-approvals 2     # in CI, before run
			sprayc run --require-approvals 2`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := bundleFolder(args)
			b, err := readBundle(folder)
			if err != nil {
				return err
			}
			signers, err := g.signers(f.file, cmd.Flags().Changed("allowed-signers"))
			if err != nil {
				return err
			}
			if list {
				report := approval.Check(folder, b, signers, time.Now())
				if err := g.print(cmd, report, report.Text()); err != nil || f.need == 0 {
					return err
				}
				_, err := f.approved(cmd, g, folder, b)
				return err
			}
			return g.approve(cmd, folder, b, key, signers)
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "the key to sign with: a private key, or a public one that the agent has the other half of")
	cmd.Flags().BoolVar(&list, "list", false, "show who has approved, and which approvals count")
	f.add(cmd)
	return cmd
}

// signers reads who may approve. A file that is not there is an error only if it was
// asked for; without it, the signers are nil.
func (g *global) signers(file string, asked bool) (*approval.Signers, error) {
	signers, text, diags, err := approval.ReadSigners(file)
	if !asked && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if len(diags) > 0 {
		if err := g.report(diags, diag.Sources{file: text}); err != nil {
			return nil, err
		}
	}
	return signers, nil
}

// approve signs, and says what that comes to.
func (g *global) approve(cmd *cobra.Command, folder string, b *bundle.Bundle, file string, signers *approval.Signers) error {
	var key *approval.Key
	var err error
	if file != "" {
		key, err = approval.FromFile(file, os.Getenv("SSH_AUTH_SOCK"), asker())
	} else {
		key, err = approval.FromAgent(os.Getenv("SSH_AUTH_SOCK"), signers)
	}
	if err != nil {
		return err
	}
	defer key.Close()
	signature, err := key.Sign(cmd.Context(), b.List, approval.Namespace)
	if err != nil {
		return err
	}
	made := approval.Judge(b, "", signature, signers, time.Now())
	name := key.Name(made.Who)
	if made.Status == approval.Refused && made.Who == "" && signers == nil {
		return fmt.Errorf("the signature by %s %s", key.Describe(), made.Reason)
	}
	if err := bundle.AddApproval(folder, name, signature); err != nil {
		return err
	}
	if b, err = readBundle(folder); err != nil {
		return err
	}
	report := approval.Check(folder, b, signers, time.Now())
	for _, a := range report.Approvals {
		if a.File == bundle.ApprovalsDir+"/"+name {
			return g.print(cmd, a, a.Text(report))
		}
	}
	return nil
}

// approvalFlags are those of commands that may want a bundle to be approved.
type approvalFlags struct {
	need int
	file string
}

func (f *approvalFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.need, "require-approvals", 0, "end with status 1 unless so many have approved the bundle (see sprayc approve)")
	cmd.Flags().StringVar(&f.file, "allowed-signers", defaultSigners, "who may approve")
}

// approved returns who has approved the bundle, and an error when they are too few.
func (f *approvalFlags) approved(cmd *cobra.Command, g *global, folder string, b *bundle.Bundle) ([]string, error) {
	if f.need < 0 {
		return nil, fmt.Errorf("--require-approvals is 0 or more, not %d", f.need)
	}
	need, err := atLeast(f.need, defaultNumber)
	if err != nil {
		return nil, err
	}
	signers, err := g.signers(f.file, need > 0 || cmd.Flags().Changed("allowed-signers"))
	if err != nil {
		return nil, err
	}
	report := approval.Check(folder, b, signers, time.Now())
	if diags := report.Need(need); len(diags) > 0 {
		return nil, g.report(diags, nil)
	}
	return report.Names(), nil
}

// atLeast returns how many must have approved: as many as the flag says, and no fewer than
// the file, where there is one.
func atLeast(need int, file string) (int, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return need, nil
	}
	if err == nil {
		err = approval.Kept(file)
	}
	if err != nil {
		return 0, fmt.Errorf("read how many must approve: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s holds %q, and should hold a number", file, strings.TrimSpace(string(text)))
	}
	return max(need, n), nil
}
