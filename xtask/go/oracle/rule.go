package main

import (
	"context"

	structuralcel "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/environment"
)

// answerRule evaluates the rules of a schema over values, which are taken for valid.
func answerRule(request Request) Response {
	_, internal, err := readSchema(request.Schema)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	schema, err := structural(internal)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	root := schema.XEmbeddedResource
	results, err := structuralcel.Compile(schema, model.SchemaDeclType(schema, root), cel.PerCallLimit,
		environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()), structuralcel.StoredExpressionsEnvLoader())
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	for _, result := range results {
		if result.Error != nil {
			return Response{Refused: []string{result.Error.Error()}}
		}
		if result.MessageExpressionError != nil {
			return Response{Refused: []string{result.MessageExpressionError.Error()}}
		}
	}
	validator := structuralcel.NewValidator(schema, root, cel.PerCallLimit)
	var response Response
	for _, one := range request.Cases {
		var object, old any
		if err := utiljson.Unmarshal(one.Object, &object); err != nil {
			response.Answers = append(response.Answers, Answer{Malformed: err.Error()})
			continue
		}
		var options []structuralcel.Option
		if !isAbsent(one.Old) {
			if err := utiljson.Unmarshal(one.Old, &old); err != nil {
				response.Answers = append(response.Answers, Answer{Malformed: err.Error()})
				continue
			}
			pair := common.NewCorrelatedObject(object, old, &model.Structural{Structural: schema})
			options = append(options, structuralcel.WithRatcheting(pair))
		}
		ctx, recorder := recording(context.Background())
		errs, _ := validator.Validate(ctx, field.NewPath("self"), schema, object, old, cel.RuntimeCELCostBudget, options...)
		response.Answers = append(response.Answers, Answer{Causes: causes(errs), Warnings: recorder.warnings})
	}
	return response
}
