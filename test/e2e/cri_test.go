//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"golang.org/x/crypto/ssh"
)

// criStatus asks the daemon itself, over its socket: the CRI's Status with verbose
// set, and of its answer the info map, whose "config" is the configuration that
// the daemon runs with. The call is gRPC's frame over HTTP/2 and two protobuf
// fields (runtime.v1.StatusRequest.verbose = 1, StatusResponse.info = 2).
func criStatus(client *ssh.Client, socket string) (map[string]any, error) {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return client.Dial("unix", socket) }}
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetUnencryptedHTTP2(true)
	defer transport.CloseIdleConnections()
	frame := []byte{0, 0, 0, 0, 2, 1<<3 | 0, 1} // not compressed, two bytes, verbose: true
	request, err := http.NewRequest(http.MethodPost, "http://containerd/runtime.v1.RuntimeService/Status", bytes.NewReader(frame))
	if err != nil {
		return nil, err
	}
	request.Header = http.Header{"Content-Type": {"application/grpc"}, "Te": {"trailers"}}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if status := response.Trailer.Get("Grpc-Status"); status != "0" {
		return nil, fmt.Errorf("status %s: %s", status, response.Trailer.Get("Grpc-Message"))
	}
	if len(body) < 5 || int(binary.BigEndian.Uint32(body[1:5])) != len(body)-5 {
		return nil, errors.New("the answer is not one message")
	}
	fields, err := protobuf(body[5:])
	if err != nil {
		return nil, err
	}
	for _, entry := range fields[2] {
		pair, err := protobuf(entry)
		if err != nil {
			return nil, err
		}
		if len(pair[1]) == 1 && len(pair[2]) == 1 && string(pair[1][0]) == "config" {
			config := map[string]any{}
			return config, json.Unmarshal(pair[2][0], &config)
		}
	}
	return nil, errors.New("the daemon does not tell its configuration")
}

// protobuf is the length-delimited fields of a message, by number.
func protobuf(data []byte) (map[int][][]byte, error) {
	fields := map[int][][]byte{}
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, errors.New("not a protobuf message")
		}
		data = data[n:]
		value, n := binary.Uvarint(data)
		if n <= 0 {
			return nil, errors.New("not a protobuf message")
		}
		data = data[n:]
		switch tag & 7 {
		case 0:
		case 2:
			if uint64(len(data)) < value {
				return nil, errors.New("a protobuf message is cut off")
			}
			fields[int(tag>>3)] = append(fields[int(tag>>3)], data[:value])
			data = data[value:]
		default:
			return nil, fmt.Errorf("protobuf: no wire type %d expected", tag&7)
		}
	}
	return fields, nil
}
