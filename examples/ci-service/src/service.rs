//! The service. Generated operations are served unchanged, except that starting a run has its own rules.

use axum::Router;
use crdgen_runtime::backend::{Effect, FieldRequirement, FieldSelector};
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::problems;

use crate::branches::Branches;
use crate::caller::{Caller, Role, Tokens};
use crate::generated::api::router;
use crate::generated::ci_example_com::v1::{Pipeline, PipelineRun, Project, Runner};
use crate::start::{Fault, Refusal, busy, start};

/// A backend that stores every kind of this service.
pub trait Store:
    Backend<Project> + Backend<Pipeline> + Backend<PipelineRun> + Backend<Runner> + Clone + 'static
{
}

impl<S> Store for S where
    S: Backend<Project> + Backend<Pipeline> + Backend<PipelineRun> + Backend<Runner> + Clone + 'static
{
}

/// State that every request shares.
#[derive(Clone, Debug)]
pub struct Service<S> {
    store: S,
    tokens: Tokens,
    /// Lock of a branch, held while a run is started. It works within one process: of two starts at different replicas,
    /// [`Service::withdraw`] refuses at least one.
    starting: Branches,
}

impl<S: Store> Service<S> {
    /// Creates a service for the objects of a store.
    pub fn new(store: S, tokens: Tokens) -> Self {
        Self { store, tokens, starting: Branches::default() }
    }

    /// Returns all routes of the API.
    pub fn router(self) -> Router {
        problems(router()).with_state(self)
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Returns the pipeline that a run names. A missing pipeline is a fault of the run (`Invalid`), not of the route.
    async fn pipeline(&self, namespace: &Namespace, name: &str) -> Result<Pipeline, Problem> {
        let missing = || {
            let cause = Cause::invalid("spec.pipeline", format!("there is no pipeline {name:?} in {namespace}"));
            Problem::new(Reason::Invalid, cause.message.clone()).with_cause(cause)
        };
        let key = Key::namespaced(namespace.clone(), name.parse().map_err(|_| missing())?);
        match Backend::<Pipeline>::get(&self.store, &key).await {
            Err(error) if error.reason == Reason::NotFound => Err(missing()),
            found => Ok(found?),
        }
    }

    /// Deletes a run that was created while another replica started a run of the same pipeline and branch.
    ///
    /// The later of two creations always sees the earlier one here, so at most one of them stays. If they happen at the
    /// same time, each can see the other, and both are refused.
    async fn withdraw(&self, run: &PipelineRun, refusal: Refusal) -> Result<Problem, Problem> {
        let uid = run.metadata.uid.clone();
        let preconditions = Preconditions { uid, ..Preconditions::default() };
        Backend::<PipelineRun>::delete(&self.store, &Key::of(run)?, &preconditions).await?;
        Ok(refusal.into())
    }

    async fn runs_on(&self, namespace: &Namespace, branch: &str) -> Result<Vec<PipelineRun>, Problem> {
        let on_branch = FieldRequirement::Equals("spec.source.branch".to_owned(), branch.to_owned());
        let query = ListQuery { fields: FieldSelector { requirements: vec![on_branch] }, ..ListQuery::default() };
        Ok(Backend::<PipelineRun>::list(&self.store, Some(namespace), &query).await?.items)
    }
}

impl<S: Store> Policy for Service<S> {
    type Caller = Caller;

    async fn authorize(&self, caller: &Caller, verb: Verb, target: &Target) -> Result<(), Problem> {
        caller.may(verb, target)
    }
}

impl<S: Store> Serve<Project> for Service<S> {
    fn backend(&self, _: &Caller) -> impl Backend<Project> {
        self.store.clone()
    }
}

impl<S: Store> Serve<Pipeline> for Service<S> {
    fn backend(&self, _: &Caller) -> impl Backend<Pipeline> {
        self.store.clone()
    }
}

impl<S: Store> Serve<Runner> for Service<S> {
    fn backend(&self, _: &Caller) -> impl Backend<Runner> {
        self.store.clone()
    }
}

impl<S: Store> Serve<PipelineRun> for Service<S> {
    fn backend(&self, _: &Caller) -> impl Backend<PipelineRun> {
        self.store.clone()
    }

    /// Refuses a change of a run's tasks by anybody but an operator.
    async fn admit(&self, caller: &Caller, write: &mut AdmissionRequest<'_, PipelineRun>) -> Result<(), Problem> {
        if !matches!(write.verb(), Verb::Update | Verb::Patch) || caller.role == Role::Operator {
            return Ok(());
        }
        let before = write.stored().await?.and_then(|run| run.spec.tasks.clone());
        match write.object().await? {
            Some(run) if run.spec.tasks != before => Err(tasks_changed()),
            _ => Ok(()),
        }
    }

    /// Starts a run. The run is completed from its pipeline, and refused if another run is in progress on the branch. The
    /// branch is checked before and after the creation, because another replica may start a run meanwhile.
    async fn create(&self, mut request: CreateRequest<'_, Self, PipelineRun>) -> Result<PipelineRun, Problem> {
        let Some(namespace) = request.namespace.clone() else {
            return Err(Problem::new(Reason::BadRequest, "a run must have a namespace"));
        };
        let run = request.object.clone();
        let pipeline = self.pipeline(&namespace, &run.spec.pipeline).await?;
        let branch = (namespace.clone(), run.spec.source.branch.clone());
        let _one_at_a_time = self.starting.lock(branch).await;
        let others = self.runs_on(&namespace, &run.spec.source.branch).await?;
        request.object = start(&pipeline, run, &others)?;
        let is_stored = request.options.effect == Effect::Store;
        let created = request.run().await?;
        if is_stored
            && let Some(refusal) = busy(&created, &self.runs_on(&namespace, &created.spec.source.branch).await?)
        {
            return Err(self.withdraw(&created, refusal).await?);
        }
        Ok(created)
    }
}

fn tasks_changed() -> Problem {
    let cause =
        Cause::invalid("spec.tasks", "tasks are copied from the pipeline when a run starts, and cannot be changed");
    Problem::new(Reason::Invalid, cause.message.clone()).with_cause(cause)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(faults) => {
                let problem = Self::new(Reason::Invalid, "the run does not match its pipeline");
                let cause = |Fault { field, message }| Cause::invalid(field, message);
                faults.into_iter().map(cause).fold(problem, Self::with_cause)
            }
            Refusal::Busy { run, branch } => {
                let detail = format!("the run {run:?} is under way on {branch:?}; wait for it or cancel it");
                let mut problem = Self::new(Reason::Conflict, detail);
                problem.type_ = "urn:ci-service:branch-busy".into();
                problem
            }
        }
    }
}
