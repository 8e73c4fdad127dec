// A Pub/Sub server in memory for tests: Google's own pstest, on the port that is named.
package main

import (
	"fmt"
	"os"
	"strconv"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: pubsub_server PORT")
		os.Exit(2)
	}
	server := pstest.NewServerWithPort(port)
	fmt.Println(server.Addr)
	select {}
}
