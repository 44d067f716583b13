package main

import (
	structuralcel "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// Compiled says what a server knows of a rule before it evaluates the rule.
type Compiled struct {
	// Error says why the rule is refused.
	Error string `json:"error,omitempty"`
	// Cost is the highest cost of the rule for one value.
	Cost uint64 `json:"cost"`
	// MessageError says why messageExpression is refused.
	MessageError string `json:"messageError,omitempty"`
	MessageCost  uint64 `json:"messageCost"`
}

// answerCompile compiles the rules of a schema node as new ones.
func answerCompile(request Request) Response {
	_, internal, err := readSchema(request.Schema)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	schema, err := structural(internal)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	results, err := structuralcel.Compile(schema, model.SchemaDeclType(schema, schema.XEmbeddedResource), cel.PerCallLimit,
		environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()), structuralcel.NewExpressionsEnvLoader())
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	var response Response
	for _, result := range results {
		compiled := Compiled{Cost: result.MaxCost, MessageCost: result.MessageExpressionMaxCost}
		if result.Error != nil {
			compiled.Error = result.Error.Error()
		}
		if result.MessageExpressionError != nil {
			compiled.MessageError = result.MessageExpressionError.Error()
		}
		response.Compiled = append(response.Compiled, compiled)
	}
	return response
}
