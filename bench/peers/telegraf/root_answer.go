package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
)

const version = `{"name":"local","cluster_name":"local","version":{"number":"9.5.3"},"tagline":"You Know, for Search"}`

// answerRoot is Elasticsearch with an answer to `GET /`. The module that has it is not among the jars on Maven Central, and
// Telegraf asks for the version before it begins. From the first other request on a connection is spliced through by the
// kernel, so that bulk bodies cost next to nothing here.
func answerRoot(address, elasticsearch string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go serve(client.(*net.TCPConn), elasticsearch)
	}
}

func serve(client *net.TCPConn, elasticsearch string) {
	defer client.Close()
	requests := bufio.NewReader(client)
	for {
		start, err := requests.Peek(len("HEAD / "))
		if err != nil {
			return
		}
		if !strings.HasPrefix(string(start), "GET / ") && string(start) != "HEAD / " {
			break
		}
		if err := skipHead(requests); err != nil {
			return
		}
		answer(client, string(start) == "HEAD / ")
	}
	server, err := net.Dial("tcp", elasticsearch)
	if err != nil {
		return
	}
	defer server.Close()
	buffered, _ := requests.Peek(requests.Buffered())
	if _, err := server.Write(buffered); err != nil {
		return
	}
	go func() {
		io.Copy(client, server)
		client.Close()
	}()
	io.Copy(server, client)
}

func skipHead(requests *bufio.Reader) error {
	for {
		line, err := requests.ReadString('\n')
		if err != nil || line == "\r\n" {
			return err
		}
	}
}

func answer(client io.Writer, headOnly bool) {
	fmt.Fprintf(client, "HTTP/1.1 200 OK\r\nX-Elastic-Product: Elasticsearch\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(version))
	if !headOnly {
		io.WriteString(client, version)
	}
}
