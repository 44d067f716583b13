package main

import (
	"context"
	"encoding/json"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/warning"
)

// strategy is what the server asks about objects of a custom resource.
type strategy interface {
	Validate(ctx context.Context, obj runtime.Object) field.ErrorList
	ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList
	PrepareForUpdate(ctx context.Context, obj, old runtime.Object)
}

// answerWrites does with every object what the server does on a POST, or on a PUT where there is an old one.
func answerWrites(request Request) Response {
	external, internal, err := readSchema(request.Schema)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	if refused := refusal(external, request.Status); len(refused) > 0 {
		return Response{Refused: refused}
	}
	structure, err := structural(internal)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	validator, _, err := validation.NewSchemaValidator(internal)
	if err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	var status *apiextensions.CustomResourceSubresourceStatus
	if request.Status {
		status = &apiextensions.CustomResourceSubresourceStatus{}
	}
	gvk := schema.GroupVersionKind{Group: group, Version: version, Kind: kind}
	server := customresource.NewStrategy(nil, true, gvk, validator, nil, structure, status, nil, nil)
	var response Response
	for _, one := range request.Cases {
		response.Answers = append(response.Answers, write(server, structure, status != nil, one))
	}
	return response
}

func write(server strategy, structure *structuralschema.Structural, status bool, one Case) Answer {
	object, unknown, err := decode(one.Object, structure)
	if err != nil {
		return Answer{Malformed: err.Error()}
	}
	ctx, recorder := recording(context.Background())
	var errs field.ErrorList
	if isAbsent(one.Old) {
		if status {
			delete(object.Object, "status")
		}
		errs = server.Validate(ctx, object)
	} else {
		old, _, err := decode(one.Old, structure)
		if err != nil {
			return Answer{Malformed: "old: " + err.Error()}
		}
		server.PrepareForUpdate(ctx, object, old)
		// What the store fills in is not asked about.
		object.SetGeneration(old.GetGeneration())
		unversioned := object.GetResourceVersion() == "" && old.GetResourceVersion() == ""
		if unversioned {
			object.SetResourceVersion("1")
			old.SetResourceVersion("1")
		}
		errs = server.ValidateUpdate(ctx, object, old)
		if unversioned {
			object.SetResourceVersion("")
		}
	}
	answer := Answer{Causes: causes(errs), Unknown: unknown, Warnings: recorder.warnings}
	if len(errs) == 0 {
		stored, err := json.Marshal(object.Object)
		if err != nil {
			return Answer{Malformed: err.Error()}
		}
		read, _, err := decode(stored, structure)
		if err != nil {
			return Answer{Malformed: "stored: " + err.Error()}
		}
		answer.Stored = read.Object
	}
	return answer
}

// decode follows unstructuredSchemaCoercer.apply and the defaulter around it.
func decode(raw json.RawMessage, structure *structuralschema.Structural) (*unstructured.Unstructured, []string, error) {
	object := &unstructured.Unstructured{}
	if err := utiljson.Unmarshal(raw, &object.Object); err != nil {
		return nil, nil, err
	}
	apiVersion, foundVersion, err := unstructured.NestedString(object.Object, "apiVersion")
	if err != nil {
		return nil, nil, err
	}
	kind, foundKind, err := unstructured.NestedString(object.Object, "kind")
	if err != nil {
		return nil, nil, err
	}
	metadata, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, nil, err
	}
	track := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	unknown = append(unknown, pruning.PruneWithOptions(object.Object, structure, true, track)...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, structure)
	coerceErr, paths := objectmeta.CoerceWithOptions(nil, object.Object, structure, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if coerceErr != nil {
		return nil, nil, coerceErr
	}
	unknown = append(unknown, paths...)
	if foundKind {
		object.SetKind(kind)
	}
	if foundVersion {
		object.SetAPIVersion(apiVersion)
	}
	if found {
		if err := objectmeta.SetObjectMeta(object.Object, metadata); err != nil {
			return nil, nil, err
		}
	}
	defaulting.Default(object.Object, structure)
	return object, unknown, nil
}

// recorder keeps the warnings of one write.
type recorder struct {
	warnings []string
}

func (r *recorder) AddWarning(_, text string) {
	r.warnings = append(r.warnings, text)
}

func recording(ctx context.Context) (context.Context, *recorder) {
	kept := &recorder{}
	return warning.WithWarningRecorder(ctx, kept), kept
}
