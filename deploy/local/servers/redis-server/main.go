// A Redis-protocol server for machines that have Go and no Redis. It serves what LiveKit's nodes say to each other on one
// machine and keeps nothing; an installation that people depend on runs Redis or Valkey.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alicebob/miniredis/v2"
)

const module = "github.com/alicebob/miniredis/v2"

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == module {
				return dep.Version
			}
		}
	}
	return "unknown"
}

// settings reads the lines of a redis.conf that matter here; the same file starts a real Redis.
func settings(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	found := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		found[name] = value
	}
	return found, lines.Err()
}

func run(path string) error {
	conf, err := settings(path)
	if err != nil {
		return err
	}
	if conf["requirepass"] == "" || conf["bind"] == "" || conf["port"] == "" {
		return fmt.Errorf("%s must say requirepass, bind and port", path)
	}
	server := miniredis.NewMiniRedis()
	server.RequireAuth(conf["requirepass"])
	// Without it nothing ever expires: LiveKit's locks must.
	server.ClockTTL(true)
	if err := server.StartAddr(net.JoinHostPort(conf["bind"], conf["port"])); err != nil {
		return err
	}
	fmt.Println("Ready to accept connections on", server.Addr())
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	<-end
	// Nothing is kept, so there is nothing to wait for; its clients find out by themselves.
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: redis-server FILE | --version")
		os.Exit(64)
	}
	if os.Args[1] == "--version" {
		fmt.Println("miniredis", version())
		return
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
