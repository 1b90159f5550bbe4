//go:build !linux

package rehearse

import (
	"context"
	"errors"
)

var errNotHere = errors.New("throwaway hosts are made of Linux namespaces; this is not Linux")

func part(string, []string) error { return errNotHere }

func launch(context.Context, *config, string) (*process, error) { return nil, errNotHere }

func prepare(*config) error { return errNotHere }
