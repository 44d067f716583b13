// The oracle answers what an API server would: whether it takes a schema, what it stores of an object, which rules an
// object breaks. It reads one JSON request a line and writes one JSON answer a line, with the server's own code.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// Request asks about one schema and any number of values.
type Request struct {
	// Op is "write" for objects of a custom resource, "rule" for values of one schema node with one rule, "compile" for the
	// rules of one schema node without values, "crd" for a CRD in the place of the schema.
	Op     string          `json:"op"`
	Schema json.RawMessage `json:"schema"`
	// Status says whether the custom resource has the status subresource.
	Status bool   `json:"status"`
	Cases  []Case `json:"cases"`
}

// Case is a value, and the one that it replaces.
type Case struct {
	Object json.RawMessage `json:"object"`
	Old    json.RawMessage `json:"old"`
}

// Response answers every case of a request, in its order.
type Response struct {
	// Refused says why the server does not take the schema; there are no answers then.
	Refused []string `json:"refused,omitempty"`
	Answers []Answer `json:"answers"`
	// Compiled answers every rule of a schema node, in its order.
	Compiled []Compiled `json:"compiled,omitempty"`
}

// Answer says what the server does with a value.
type Answer struct {
	// Malformed says why the object cannot be decoded.
	Malformed string   `json:"malformed,omitempty"`
	Causes    []Cause  `json:"causes,omitempty"`
	Unknown   []string `json:"unknownFields,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
	// Stored is the object as it would be read afterwards.
	Stored any `json:"stored,omitempty"`
}

// Cause is one reason for a refusal.
type Cause struct {
	Reason  string `json:"reason"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

func main() {
	requests := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(answers)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := requests.ReadBytes('\n')
		if len(line) > 0 {
			if err := encoder.Encode(answer(line)); err != nil {
				fail(err)
			}
			if err := answers.Flush(); err != nil {
				fail(err)
			}
		}
		if readErr != nil {
			return
		}
	}
}

func answer(line []byte) (response Response) {
	defer func() {
		if problem := recover(); problem != nil {
			response = Response{Refused: []string{fmt.Sprintf("panic: %v", problem)}}
		}
	}()
	var request Request
	if err := json.Unmarshal(line, &request); err != nil {
		return Response{Refused: []string{"request: " + err.Error()}}
	}
	switch request.Op {
	case "write":
		return answerWrites(request)
	case "rule":
		return answerRule(request)
	case "compile":
		return answerCompile(request)
	case "crd":
		return answerCRD(request)
	default:
		return Response{Refused: []string{"request: no such op: " + request.Op}}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(1)
}
