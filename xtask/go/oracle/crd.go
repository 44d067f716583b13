package main

import (
	"context"
	"encoding/json"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdvalidation "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
)

// answerCRD says whether a server would create a CRD.
func answerCRD(request Request) Response {
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := json.Unmarshal(request.Schema, crd); err != nil {
		return Response{Refused: []string{err.Error()}}
	}
	return Response{Refused: refusalOf(crd)}
}

// refusalOf says why a server would not create a CRD.
func refusalOf(crd *apiextensionsv1.CustomResourceDefinition) []string {
	// A server records the version that is stored before it validates.
	crd.Status.StoredVersions = nil
	for _, version := range crd.Spec.Versions {
		if version.Storage {
			crd.Status.StoredVersions = append(crd.Status.StoredVersions, version.Name)
			break
		}
	}
	apiextensionsv1.SetDefaults_CustomResourceDefinition(crd)
	apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&crd.Spec)
	internal := &apiextensions.CustomResourceDefinition{}
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(crd, internal, nil); err != nil {
		return []string{err.Error()}
	}
	return texts(crdvalidation.ValidateCustomResourceDefinition(context.Background(), internal))
}
