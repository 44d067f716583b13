package main

import (
	"bytes"
	"encoding/json"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	group   = "oracle.example.com"
	version = "v1"
	kind    = "Probe"
)

// readSchema reads an openAPIV3Schema, or part of one.
func readSchema(raw json.RawMessage) (*apiextensionsv1.JSONSchemaProps, *apiextensions.JSONSchemaProps, error) {
	external := &apiextensionsv1.JSONSchemaProps{}
	if err := json.Unmarshal(raw, external); err != nil {
		return nil, nil, err
	}
	internal := &apiextensions.JSONSchemaProps{}
	err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(external, internal, nil)
	return external, internal, err
}

// structural reads a schema without asking whether a CRD may have it.
func structural(internal *apiextensions.JSONSchemaProps) (*structuralschema.Structural, error) {
	return structuralschema.NewStructural(internal)
}

// refusal says why a server does not take a CRD with this schema.
func refusal(schema *apiextensionsv1.JSONSchemaProps, status bool) []string {
	crd := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "probes." + group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: group,
			Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Plural: "probes", Singular: "probe", Kind: kind, ListKind: kind + "List",
			},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: version, Served: true, Storage: true,
				Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: schema},
			}},
		},
	}
	if status {
		subresources := &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}}
		crd.Spec.Versions[0].Subresources = subresources
	}
	return refusalOf(crd)
}

func texts(errs field.ErrorList) []string {
	var texts []string
	for _, err := range errs {
		texts = append(texts, err.Error())
	}
	return texts
}

// causes lists errors as a Status does.
func causes(errs field.ErrorList) []Cause {
	var causes []Cause
	for _, err := range errs {
		causes = append(causes, Cause{Reason: string(err.Type), Field: err.Field, Message: err.ErrorBody()})
	}
	return causes
}

func isAbsent(raw json.RawMessage) bool {
	return len(bytes.TrimSpace(raw)) == 0
}
