package main

import (
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
)

func TestServer(t *testing.T) {
	server := httptest.NewServer(handler())
	defer server.Close()
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/":                name,
		"/hostname":        name,
		"/healthz":         "ok",
		"/clientip":        "127.0.0.1",
		"/echo?msg=a%20b":  "a b",
		"/lookup?name=::1": "::1\n",
		"/get?url=" + url.QueryEscape(server.URL+"/echo?msg=twice"): "twice",
	} {
		got, err := get(t.Context(), server.URL+path)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", path, got, err, want)
		}
	}
	for _, path := range []string{"/nothing", "/get?url=nowhere", "/get?url=" + url.QueryEscape(server.URL+"/nothing")} {
		if got, err := get(t.Context(), server.URL+path); err == nil {
			t.Errorf("%s: %q, want an error", path, got)
		}
	}
}

func TestUsage(t *testing.T) {
	if err := run(t.Context(), nil); err == nil {
		t.Error("no word is no error")
	}
}
