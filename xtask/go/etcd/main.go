// etcd as it is, built from its module: where the API server of end-to-end tests keeps its objects.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
