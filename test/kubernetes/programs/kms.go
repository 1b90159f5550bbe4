//go:build ignore

// Command kms is a key service for the tests, as the API server knows one: version 2, on
// the socket of its argument. It is built in the nested module of a version of Kubernetes,
// which has k8s.io/kms:
//
//	cd kubernetes-1.36.4 && go build -mod=readonly -o kms ../kms.go
//
// Its key lies beside the socket; whoever has both can decrypt.
package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"k8s.io/kms/pkg/service"
)

func main() {
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "kms:", err)
		os.Exit(1)
	}
}

func serve(socket string) error {
	key, err := os.ReadFile(socket + ".key")
	if errors.Is(err, os.ErrNotExist) {
		key = make([]byte, 32)
		rand.Read(key)
		err = os.WriteFile(socket+".key", key, 0o600)
	}
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return err
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return service.NewGRPCService(socket, 10*time.Second, keys{gcm}).ListenAndServe()
}

// keys is a service with one key.
type keys struct{ cipher.AEAD }

func (k keys) Encrypt(_ context.Context, _ string, text []byte) (*service.EncryptResponse, error) {
	return &service.EncryptResponse{Ciphertext: k.Seal(nil, nil, text, nil), KeyID: "1"}, nil
}

func (k keys) Decrypt(_ context.Context, _ string, asked *service.DecryptRequest) ([]byte, error) {
	return k.Open(nil, nil, asked.Ciphertext, nil)
}

func (k keys) Status(context.Context) (*service.StatusResponse, error) {
	return &service.StatusResponse{Version: "v2", Healthz: "ok", KeyID: "1"}, nil
}
