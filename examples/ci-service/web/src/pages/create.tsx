/** New projects and pipelines. The forms are made of the CRDs' schemas. */
import { useCallback, useMemo } from "react";
import { Link, useLocation, useSearchParams } from "wouter";

import { createPipeline, createProject, type Api, type CallOptions, type InNamespace, type PermissionResource } from "../api/index.js";
import type { ObjectMeta, ObjectMetaInput, PipelineInput, ProjectInput } from "../api/types.js";
import { useForm, type Draft, type Widgets } from "../form/form.js";
import { SchemaForm } from "../form/schema-form.js";
import type { SchemaDocument } from "../form/schema.js";
import pipelineSchema from "../schemas/PipelineInput.schema.json";
import projectSchema from "../schemas/ProjectInput.schema.json";
import { useIsAnswered, useMay } from "../service/permissions.js";
import { pathOf } from "../service/runs.js";
import { useApi } from "../service/session.js";
import { Page } from "../ui/page.js";
import { Denied } from "../ui/states.js";
import { say } from "../ui/toasts.js";
import { NameAndNamespace, RequiredName } from "./name-fields.js";
import { useNamespace } from "./namespace.js";
import { ProjectField } from "./project-field.js";

const PROJECT: Widgets<ProjectInput> = { metadata: NameAndNamespace };
const PIPELINE: Widgets<PipelineInput> = { metadata: RequiredName, "spec.project": ProjectField };

export function NewProjectPage() {
  const initial: Draft<ProjectInput> = { spec: { repository: {} } };
  return <Create title="New project" to="/projects" resource="projects" document={projectSchema as SchemaDocument} widgets={PROJECT} create={createProject} initial={initial} />;
}

export function NewPipelinePage() {
  const project = useSearchParams()[0].get("project") ?? undefined;
  const initial: Draft<PipelineInput> = { spec: { project, tasks: [{}] } };
  return <Create title="New pipeline" to="/pipelines" resource="pipelines" document={pipelineSchema as SchemaDocument} widgets={PIPELINE} create={createPipeline} initial={initial} />;
}

interface Props<Input> {
  readonly title: string;
  readonly to: string;
  /** What is created, as permissions name it. */
  readonly resource: PermissionResource;
  readonly document: SchemaDocument;
  readonly widgets: Widgets<Input>;
  readonly create: (api: Api, params: InNamespace, body: Input, options?: CallOptions) => Promise<{ metadata: ObjectMeta }>;
  /** What the form begins with. */
  readonly initial: Draft<Input>;
}

function Create<Input extends { metadata: ObjectMetaInput }>({ title, to, resource, document, widgets, create, initial }: Props<Input>) {
  const api = useApi();
  const [, navigate] = useLocation();
  const [namespace] = useNamespace();
  const start = useMemo(() => ({ ...initial, metadata: { namespace: namespace || undefined } }) as Draft<Input>, []);
  const send = useCallback(
    async (input: Input) => {
      const created = await create(api, { namespace: input.metadata.namespace ?? "" }, input);
      say(`${created.metadata.name} was created`);
      navigate(`${to}/${pathOf(created)}`);
    },
    [api, create, navigate, to],
  );
  const form = useForm<Input>({ document, initial: start, widgets, send });
  const back = { to, label: to === "/projects" ? "Projects" : "Pipelines" };
  const may = useMay(namespace)("create", resource);
  if (useIsAnswered(namespace) && !may) {
    return (
      <Page title={title} back={back}>
        <Denied to={`create ${resource}`} />
      </Page>
    );
  }
  return (
    <Page title={title} back={back}>
      <div className="narrow">
        <SchemaForm
          form={form}
          submit="Create"
          aside={
            <Link className="button" href={to}>
              Cancel
            </Link>
          }
        />
      </div>
    </Page>
  );
}
