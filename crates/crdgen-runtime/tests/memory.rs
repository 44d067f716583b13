//! Memory backend, tested for the semantics of an API server.

mod sample;

use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::backend::{
    Backend, Deleted, Effect, Error, FieldValidation, JsonPatchStep, Key, ListQuery, MergePatch, Name, Namespace,
    Preconditions, Reason, Scale, WriteOptions, WriteReport,
};
use crdgen_runtime::{List, Map, Resource};
use serde_json::{Value, json};

use sample::ci_example_com::v1::runner::Runner;
use sample::ci_example_com::v1::widget::{Widget, WidgetStatus};

fn team() -> Namespace {
    "team".parse().expect("a namespace")
}

fn key(name: &str) -> Key {
    Key::namespaced(team(), name.parse().expect("a name"))
}

fn patch(changes: Value) -> MergePatch {
    match changes {
        Value::Object(changes) => MergePatch::new(changes),
        other => panic!("not an object: {other}"),
    }
}

#[tokio::test]
async fn what_a_server_would_warn_of_is_said() {
    let report = WriteReport::default();
    let objects = Objects(Backend::<Widget>::with_report(MemoryBackend::new(), &report));
    let said = || report.warnings().take();
    let mut widget = Widget::new("a", "red");
    widget.metadata.finalizers = Some(vec!["word".to_owned(), "example.com/a".to_owned()]);
    objects.create(widget).await.expect("a new name");
    let prefer = "prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers";
    assert_eq!(said(), [format!("metadata.finalizers: \"word\": {prefer}")]);

    objects.patch("a", json!({ "metadata": { "size": 1 } })).await.expect("dropped");
    assert_eq!(said(), ["unknown field \"metadata.size\""]);
    let owner = json!({ "apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u" });
    let other = json!({ "apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u", "controller": false });
    let owned = objects.patch("a", json!({ "metadata": { "ownerReferences": [owner, other, owner] } })).await;
    assert_eq!(owned.expect("owned").metadata.owner_references.map(|owners| owners.len()), Some(2));
    assert!(said()[0].ends_with("duplicate UID(s) observed: u"));
    objects.patch("a", json!({ "metadata": { "size": 1, "labels": { "-": "" } } })).await.expect_err("no label");
    assert_eq!(said().len(), 1, "of the field, whatever becomes of the write");
}

/// Memory backend with short methods without preconditions, as most tests use.
struct Objects(MemoryBackend);

impl Objects {
    fn new() -> Self {
        Self(MemoryBackend::new())
    }

    async fn create(&self, widget: Widget) -> Result<Widget, Error> {
        self.0.create(Some(&team()), &widget).await
    }

    async fn created(&self, name: &str) -> Widget {
        self.create(Widget::new(name, "red")).await.expect("a new name")
    }

    async fn get(&self, name: &str) -> Result<Widget, Error> {
        self.0.get(&key(name)).await
    }

    async fn replace(&self, widget: &Widget) -> Result<Widget, Error> {
        let name = widget.metadata.name.as_deref().expect("a name");
        self.0.replace(&key(name), widget, &Preconditions::default()).await
    }

    async fn patch(&self, name: &str, changes: Value) -> Result<Widget, Error> {
        self.0.patch(&key(name), &patch(changes), &Preconditions::default()).await
    }

    async fn delete(&self, name: &str) -> Result<Deleted<Widget>, Error> {
        self.0.delete(&key(name), &Preconditions::default()).await
    }

    async fn list(&self, query: ListQuery) -> Result<List<Widget>, Error> {
        self.0.list(Some(&team()), &query).await
    }

    /// Returns the names of the objects that a label selector selects.
    async fn labelled(&self, selector: &str) -> Vec<String> {
        let labels = selector.parse().expect("a selector");
        let list = self.list(ListQuery { labels, ..ListQuery::default() }).await.expect("a list");
        list.items.into_iter().filter_map(|item| item.metadata.name).collect()
    }
}

#[track_caller]
fn refused<T>(result: Result<T, Error>, reason: Reason) -> Error {
    match result {
        Ok(_) => panic!("expected {reason:?}"),
        Err(error) => {
            assert_eq!(error.reason, reason, "{error}");
            error
        }
    }
}

#[tokio::test]
async fn a_new_object_gets_what_the_server_owns() {
    let objects = Objects::new();
    let mut sent = Widget::new("a", "red");
    sent.metadata.uid = Some("mine".to_owned());
    sent.metadata.generation = Some(7);
    sent.metadata.creation_timestamp = Some("2001-01-01T00:00:00Z".to_owned());
    sent.metadata.deletion_timestamp = Some("2001-01-01T00:00:00Z".to_owned());
    sent.status = Some(WidgetStatus { phase: Some("Lies".to_owned()), ..WidgetStatus::default() });
    let stored = objects.create(sent).await.expect("a new name").metadata;
    assert_ne!(stored.uid.as_deref(), Some("mine"));
    assert_eq!(stored.uid.map(|uid| uid.len()), Some(36));
    assert_eq!(stored.generation, Some(1));
    assert_eq!(stored.deletion_timestamp, None);
    let time = stored.creation_timestamp.expect("a time");
    assert!(time.len() == 20 && time.ends_with('Z') && !time.starts_with("2001"), "{time}");
    assert_eq!(objects.get("a").await.expect("stored").status, None);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let objects = Objects::new();
    objects.created("a").await;
    let error = refused(objects.create(Widget::new("a", "blue")).await, Reason::AlreadyExists);
    assert_eq!(error.to_string(), "widgets.ci.example.com \"a\" already exists");
    // A name can be used again in another namespace, or by another kind.
    let other: Namespace = "other".parse().expect("a namespace");
    objects.0.create(Some(&other), &Widget::new("a", "blue")).await.expect("another namespace");
    objects.0.create(None, &Runner::new("a")).await.expect("another kind");
}

#[tokio::test]
async fn a_name_is_made_from_its_prefix() {
    let objects = Objects::new();
    let mut sent = Widget::new("", "red");
    sent.metadata.name = None;
    refused(objects.create(sent.clone()).await, Reason::Invalid);
    sent.metadata.generate_name = Some("run-".to_owned());
    let first = objects.create(sent.clone()).await.expect("a generated name").metadata.name.expect("a name");
    let second = objects.create(sent.clone()).await.expect("a generated name").metadata.name.expect("a name");
    assert_ne!(first, second);
    assert!(first.starts_with("run-") && first.len() == 9, "{first}");
    sent.metadata.generate_name = Some("r".repeat(100));
    let long = objects.create(sent.clone()).await.expect("a generated name").metadata.name.expect("a name");
    assert_eq!(long.len(), 63);
    sent.metadata.generate_name = Some("Bad_".to_owned());
    refused(objects.create(sent).await, Reason::Invalid);
}

#[tokio::test]
async fn a_new_object_has_no_version_and_stands_where_it_says() {
    let objects = Objects::new();
    let mut sent = Widget::new("a", "red");
    sent.metadata.resource_version = Some("1".to_owned());
    refused(objects.create(sent).await, Reason::BadRequest);
    let mut sent = Widget::new("a", "red");
    sent.metadata.namespace = Some("elsewhere".to_owned());
    refused(objects.create(sent).await, Reason::BadRequest);
    refused(objects.0.create(None, &Widget::new("a", "red")).await, Reason::BadRequest);
    refused(objects.0.create(Some(&team()), &Runner::new("a")).await, Reason::BadRequest);
}

#[tokio::test]
async fn managed_fields_are_not_kept() {
    let objects = Objects::new();
    let mut runner = Runner::new("r");
    runner.metadata.managed_fields = Some(vec![Default::default()]);
    let stored = objects.0.create(None, &runner).await.expect("a new name");
    assert_eq!(stored.metadata.managed_fields, None);
}

#[tokio::test]
async fn generation_counts_what_is_asked_for() {
    let objects = Objects::new();
    let mut widget = objects.created("a").await;
    widget.spec.color = "blue".to_owned();
    let changed = objects.replace(&widget).await.expect("the version is current");
    assert_eq!(changed.metadata.generation, Some(2));
    let labelled = objects.patch("a", json!({"metadata": {"labels": {"a": "b"}}})).await.expect("stored");
    assert_eq!(labelled.metadata.generation, Some(2));
    assert_ne!(labelled.metadata.resource_version, changed.metadata.resource_version);
    let status = patch(json!({"status": {"phase": "Ready"}}));
    let status: Widget = objects.0.patch_status(&key("a"), &status, &Preconditions::default()).await.expect("stored");
    assert_eq!(status.metadata.generation, Some(2));
    assert_ne!(status.metadata.resource_version, labelled.metadata.resource_version);
}

#[tokio::test]
async fn a_write_that_changes_nothing_makes_no_version() {
    let objects = Objects::new();
    let widget = objects.created("a").await;
    assert_eq!(objects.replace(&widget).await.expect("current"), widget);
    assert_eq!(objects.patch("a", json!({})).await.expect("stored"), widget);
}

#[tokio::test]
async fn a_replacement_of_nothing_is_not_found() {
    let objects = Objects::new();
    refused(objects.replace(&Widget::new("a", "red")).await, Reason::NotFound);
    refused(objects.patch("a", json!({})).await, Reason::NotFound);
    refused(objects.delete("a").await, Reason::NotFound);
    refused(objects.get("a").await, Reason::NotFound);
}

#[tokio::test]
async fn a_replacement_is_of_one_version_of_one_object() {
    let objects = Objects::new();
    let first = objects.created("a").await;
    let mut unversioned = first.clone();
    unversioned.metadata.resource_version = None;
    let error = refused(objects.replace(&unversioned).await, Reason::Invalid);
    assert_eq!(error.causes[0].field, "metadata.resourceVersion");

    let mut other = first.clone();
    other.metadata.uid = Some("another".to_owned());
    refused(objects.replace(&other).await, Reason::Conflict);
    let renamed = Widget { metadata: Widget::new("b", "red").metadata, ..first.clone() };
    let result = objects.0.replace(&key("a"), &renamed, &Preconditions::default()).await;
    refused(result, Reason::BadRequest);

    objects.patch("a", json!({"spec": {"color": "blue"}})).await.expect("stored");
    refused(objects.replace(&first).await, Reason::Conflict);
    let stale = json!({"metadata": {"resourceVersion": first.metadata.resource_version}});
    refused(objects.patch("a", stale).await, Reason::Conflict);
    assert_eq!(objects.get("a").await.expect("stored").spec.color, "blue");
}

#[tokio::test]
async fn preconditions_that_do_not_hold_stop_a_write() {
    let objects = Objects::new();
    let widget = objects.created("a").await;
    let another = Preconditions { uid: Some("another".to_owned()), ..Preconditions::default() };
    let result: Result<Deleted<Widget>, _> = objects.0.delete(&key("a"), &another).await;
    refused(result, Reason::PreconditionFailed);
    let stale = Preconditions { resource_version: Some("0".to_owned()), ..Preconditions::default() };
    refused(objects.0.replace(&key("a"), &widget, &stale).await, Reason::PreconditionFailed);
    let held = Preconditions { uid: widget.metadata.uid, resource_version: widget.metadata.resource_version };
    let _: Deleted<Widget> = objects.0.delete(&key("a"), &held).await.expect("both hold");
}

#[tokio::test]
async fn main_writes_keep_the_status_and_status_writes_keep_the_rest() {
    let objects = Objects::new();
    let mut widget = objects.created("a").await;
    widget.status = Some(WidgetStatus { phase: Some("Ready".to_owned()), ..WidgetStatus::default() });
    widget.spec.color = "ignored".to_owned();
    widget.metadata.labels = Some(Map::from_iter([("ignored".to_owned(), "yes".to_owned())]));
    let stored = objects.0.replace_status(&key("a"), &widget, &Preconditions::default()).await.expect("current");
    assert_eq!((stored.spec.color.as_str(), &stored.metadata.labels), ("red", &None));
    assert_eq!(stored.status, widget.status);

    let mut next = stored.clone();
    next.spec.color = "blue".to_owned();
    next.status = None;
    let next = objects.replace(&next).await.expect("current");
    assert_eq!((next.spec.color.as_str(), &next.status), ("blue", &stored.status));
    let patched = objects.patch("a", json!({"status": null, "spec": {"color": "green"}})).await.expect("stored");
    assert_eq!((patched.spec.color.as_str(), &patched.status), ("green", &stored.status));
}

#[tokio::test]
async fn a_patch_is_checked_by_the_type() {
    let objects = Objects::new();
    let before = objects.created("a").await;
    let error = refused(objects.patch("a", json!({"spec": {"color": null}})).await, Reason::Invalid);
    assert_eq!(error.causes[0].field, "spec");
    refused(objects.patch("a", json!({"apiVersion": "ci.example.com/v2"})).await, Reason::Invalid);
    refused(objects.patch("a", json!({"metadata": {"name": "b"}})).await, Reason::BadRequest);
    refused(objects.patch("a", json!({"metadata": {"name": null}})).await, Reason::BadRequest);
    let error = refused(objects.patch("a", json!({"metadata": {"uid": "b"}})).await, Reason::Invalid);
    assert_eq!(error.causes[0].field, "metadata.uid");
    // Fields that the server owns do not change, and fields that the type does not declare are dropped.
    let quiet = json!({"metadata": {"generation": 9, "creationTimestamp": null}, "spec": {"size": 1}});
    assert_eq!(objects.patch("a", quiet).await.expect("stored"), before);
}

#[tokio::test]
async fn finalizers_hold_an_object_until_they_are_gone() {
    let objects = Objects::new();
    objects.created("a").await;
    objects.patch("a", json!({"metadata": {"finalizers": ["example.com/a", "example.com/b"]}})).await.expect("stored");
    let Deleted::Terminating(marked) = objects.delete("a").await.expect("stored") else { panic!("held by finalizers") };
    assert!(marked.metadata.deletion_timestamp.is_some());
    assert_eq!(marked.metadata.deletion_grace_period_seconds, Some(0));
    assert_eq!(marked.metadata.generation, Some(2));
    // A second deletion changes nothing, new finalizers are refused, and removing the last finalizer removes the
    // object.
    let Deleted::Terminating(again) = objects.delete("a").await.expect("stored") else { panic!("held by finalizers") };
    assert_eq!(again, marked);
    let more = json!({"metadata": {"finalizers": ["example.com/a", "example.com/c"]}});
    let error = refused(objects.patch("a", more).await, Reason::Invalid);
    assert_eq!(error.causes[0].reason, "FieldValueForbidden");
    objects.patch("a", json!({"metadata": {"finalizers": ["example.com/b"]}})).await.expect("stored");
    objects.patch("a", json!({"metadata": {"finalizers": null}})).await.expect("stored");
    refused(objects.get("a").await, Reason::NotFound);
}

#[tokio::test]
async fn deleting_says_what_is_gone() {
    let objects = Objects::new();
    let widget = objects.created("a").await;
    let Deleted::Removed(status) = objects.delete("a").await.expect("stored") else { panic!("nothing holds it") };
    assert_eq!((status.details.name.as_str(), status.details.kind.as_str()), ("a", "widgets"));
    assert_eq!(Some(status.details.uid), widget.metadata.uid);
    refused(objects.get("a").await, Reason::NotFound);
    objects.created("a").await;
}

#[tokio::test]
async fn label_selectors_select_as_kubernetes_does() {
    let objects = Objects::new();
    for (name, labels) in [
        ("a", json!({"tier": "web", "n": "3"})),
        ("b", json!({"tier": "db", "n": "10"})),
        ("c", json!({"tier": ""})),
        ("d", Value::Null),
    ] {
        objects.created(name).await;
        objects.patch(name, json!({"metadata": {"labels": labels}})).await.expect("stored");
    }
    for (selector, expected) in [
        ("", "abcd"),
        ("tier=web", "a"),
        ("tier==web", "a"),
        ("tier=", "c"),
        ("tier!=web", "bcd"),
        ("tier in (web, db)", "ab"),
        ("tier notin (web,db)", "cd"),
        ("tier notin ()", "abd"),
        ("tier", "abc"),
        ("!tier", "d"),
        ("n>3", "b"),
        ("n<10", "a"),
        ("tier , n>2,tier!=web", "b"),
    ] {
        assert_eq!(objects.labelled(selector).await.concat(), expected, "{selector:?}");
    }
}

#[tokio::test]
async fn field_selectors_name_what_is_selectable() {
    let objects = Objects::new();
    objects.created("a").await;
    objects.create(Widget::new("b", "blue")).await.expect("a new name");
    let select = async |selector: &str| {
        let fields = selector.parse().expect("a selector");
        objects.list(ListQuery { fields, ..ListQuery::default() }).await
    };
    for (selector, expected) in [
        ("metadata.name=a", 1),
        ("metadata.name!=a", 1),
        ("metadata.namespace=team", 2),
        ("metadata.namespace=team,spec.color==blue", 1),
        ("spec.color!=green", 2),
    ] {
        assert_eq!(select(selector).await.expect("selectable").items.len(), expected, "{selector}");
    }
    let error = refused(select("spec.replicas=1").await, Reason::BadRequest);
    assert_eq!(error.to_string(), "field label not supported: spec.replicas");
}

#[tokio::test]
async fn pages_together_are_the_list() {
    let objects = Objects::new();
    for number in 0..7 {
        objects.created(&format!("w{number}")).await;
    }
    let mut query = ListQuery { limit: 3.try_into().ok(), ..ListQuery::default() };
    let (mut seen, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let page = objects.list(query.clone()).await.expect("a page");
        sizes.push((page.items.len(), page.metadata.remaining_item_count));
        seen.extend(page.items.into_iter().filter_map(|item| item.metadata.name));
        query.continue_ = page.metadata.continue_;
        if query.continue_.is_none() {
            break;
        }
        // A deletion between two pages does not affect the following pages.
        let _ = objects.delete(&seen[0]).await;
    }
    assert_eq!(seen, ["w0", "w1", "w2", "w3", "w4", "w5", "w6"]);
    assert_eq!(sizes, [(3, Some(4)), (3, Some(1)), (1, None)]);
    let foreign = ListQuery { continue_: Some("e30".to_owned()), ..ListQuery::default() };
    refused(objects.list(foreign).await, Reason::BadRequest);
}

#[tokio::test]
async fn scale_follows_its_paths() {
    let objects = Objects::new();
    objects.created("a").await;
    let scale = |result: Result<Scale, Error>| result.map(|scale| scale.spec.replicas);
    let get = async || scale(Backend::<Widget>::get_scale(&objects.0, &key("a")).await);
    // As on an API server: without replicas there is no scale.
    refused(get().await, Reason::InternalError);
    let patch_scale = async |changes: Value| {
        let preconditions = Preconditions::default();
        scale(Backend::<Widget>::patch_scale(&objects.0, &key("a"), &patch(changes), &preconditions).await)
    };
    assert_eq!(patch_scale(json!({"spec": {"replicas": 2}})).await.expect("stored"), 2);
    assert_eq!(get().await.expect("stored"), 2);
    let widget = objects.get("a").await.expect("stored");
    assert_eq!((widget.spec.replicas, widget.metadata.generation), (Some(2), Some(2)));
    let error = refused(patch_scale(json!({"spec": {"replicas": -1}})).await, Reason::Invalid);
    assert_eq!(error.causes[0].field, ".spec.replicas");
    refused(patch_scale(json!({"spec": {"replicas": 2.5}})).await, Reason::Invalid);
    refused(patch_scale(json!({"metadata": {"resourceVersion": "0"}})).await, Reason::Conflict);
    refused(patch_scale(json!({"metadata": {"name": "b"}})).await, Reason::BadRequest);
    let runner = Key::cluster("r".parse::<Name>().expect("a name"));
    objects.0.create(None, &Runner::new("r")).await.expect("a new name");
    refused(Backend::<Runner>::get_scale(&objects.0, &runner).await, Reason::NotFound);
}

#[tokio::test]
async fn the_versions_of_a_kind_share_its_objects() {
    #[derive(Clone, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Old {
        #[serde(default)]
        api_version: crdgen_runtime::ApiVersion<Self>,
        #[serde(default)]
        metadata: crdgen_runtime::ObjectMeta,
    }
    impl Resource for Old {
        type Meta = crdgen_runtime::ObjectMeta;
        const GROUP: &'static str = Widget::GROUP;
        const VERSION: &'static str = "v1beta1";
        const API_VERSION: &'static str = "ci.example.com/v1beta1";
        const KIND: &'static str = Widget::KIND;
        const LIST_KIND: &'static str = Widget::LIST_KIND;
        const PLURAL: &'static str = Widget::PLURAL;
        const SCOPE: crdgen_runtime::Scope = Widget::SCOPE;
        const STATUS: bool = false;
        const SCALE: Option<(&'static str, &'static str, Option<&'static str>)> = None;
        fn metadata(&self) -> &Self::Meta {
            &self.metadata
        }
        fn metadata_mut(&mut self) -> &mut Self::Meta {
            &mut self.metadata
        }
    }
    let objects = Objects::new();
    let widget = objects.created("a").await;
    let old: Old = objects.0.get(&key("a")).await.expect("stored");
    assert_eq!(old.metadata.uid, widget.metadata.uid);
    let text = serde_json::to_value(&old).expect("JSON");
    assert_eq!(text["apiVersion"], "ci.example.com/v1beta1");
}

#[tokio::test]
async fn writers_at_once_lose_nothing() {
    let objects = Objects::new();
    objects.created("a").await;
    let writers = (0..20).map(|number| {
        let backend = objects.0.clone();
        tokio::spawn(async move {
            let change = patch(json!({"metadata": {"labels": {format!("l{number}"): "x"}}}));
            let _: Widget = backend.patch(&key("a"), &change, &Preconditions::default()).await.expect("stored");
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    let labels = objects.get("a").await.expect("stored").metadata.labels.expect("labels");
    assert_eq!(labels.len(), 20);
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    let objects = Objects::new();
    let dry = WriteOptions { effect: Effect::DryRun, ..WriteOptions::default() };
    let dry = Objects(Backend::<Widget>::with_options(&objects.0, &dry).expect("options"));
    let created = dry.created("a").await;
    assert!(created.metadata.uid.is_some() && created.metadata.resource_version.is_none());
    refused(objects.get("a").await, Reason::NotFound);
    let before = objects.created("a").await;
    let patched = dry.patch("a", json!({"spec": {"color": "blue"}})).await.expect("a patch");
    assert_eq!((patched.spec.color.as_str(), patched.metadata.generation), ("blue", Some(2)));
    assert!(matches!(dry.delete("a").await, Ok(Deleted::Removed(_))));
    assert_eq!(objects.get("a").await.expect("nothing happened"), before);
}

#[tokio::test]
async fn json_patches_take_all_steps_or_none() {
    let objects = Objects::new();
    objects.created("a").await;
    let replace = |path: &str, value: Value| JsonPatchStep::Replace { path: path.to_owned(), value };
    let patch = async |steps: Vec<JsonPatchStep>, preconditions: &Preconditions| {
        Backend::<Widget>::json_patch(&objects.0, &key("a"), &steps.into(), preconditions).await
    };
    let none = Preconditions::default();
    let blue = || replace("/spec/color", json!("blue"));
    let missing = JsonPatchStep::Remove { path: "/spec/nope".to_owned() };
    assert!(refused(patch(vec![blue(), missing], &none).await, Reason::Invalid).causes.is_empty());
    refused(patch(vec![replace("", json!({}))], &none).await, Reason::Invalid);
    assert_eq!(objects.get("a").await.expect("stored").spec.color, "red");
    let stale = Preconditions { resource_version: Some("0".to_owned()), ..none.clone() };
    refused(patch(vec![blue()], &stale).await, Reason::PreconditionFailed);
    assert_eq!(patch(vec![blue()], &none).await.expect("a patch").spec.color, "blue");
}

#[tokio::test]
async fn pages_show_one_state_until_it_is_forgotten() {
    let objects = Objects::new();
    for name in ["a", "b", "c"] {
        objects.created(name).await;
    }
    let page = |token: Option<String>| ListQuery { limit: 1.try_into().ok(), continue_: token, ..ListQuery::default() };
    let first = objects.list(page(None)).await.expect("a page").metadata.continue_;
    objects.delete("b").await.expect("it is there");
    objects.created("bb").await;
    let second = objects.list(page(first.clone())).await.expect("a page");
    assert_eq!(second.items[0].metadata.name.as_deref(), Some("b"));
    objects.0.forget();
    refused(objects.list(page(first)).await, Reason::Expired);
    assert_eq!(objects.list(ListQuery::default()).await.expect("a list").items.len(), 3);
}

#[tokio::test]
async fn a_collection_goes_but_for_what_is_held() {
    let objects = Objects::new();
    objects.created("a").await;
    objects.created("b").await;
    objects.patch("b", json!({"metadata": {"finalizers": ["example.com/x"]}})).await.expect("a patch");
    let query = ListQuery::default();
    let gone = Backend::<Widget>::delete_collection(&objects.0, Some(&team()), &query).await.expect("a list");
    assert_eq!(gone.items.len(), 2);
    let left = objects.list(query).await.expect("a list").items;
    assert_eq!(left.len(), 1);
    assert!(left[0].metadata.deletion_timestamp.is_some());
}

const CRD: &str = r#"{
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.ci.example.com"},
    "spec": {
        "group": "ci.example.com", "scope": "Namespaced", "names": {"kind": "Widget", "plural": "widgets"},
        "versions": [{
            "name": "v1", "served": true, "storage": true, "selectableFields": [{"jsonPath": ".spec.color"}],
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "properties": {
                "color": {"type": "string", "enum": ["red", "blue"]}, "replicas": {"type": "integer", "default": 3}
            }}}}}
        }]
    }
}"#;

#[tokio::test]
async fn crds_say_what_a_kind_is() {
    let backend = MemoryBackend::from_crds(CRD).expect("a CRD");
    let objects = Objects(backend.clone());
    assert_eq!(objects.created("a").await.spec.replicas, Some(3), "the CRD's default");
    let error = refused(objects.create(Widget::new("b", "pink")).await, Reason::Invalid);
    assert_eq!(error.causes[0].field, "spec.color");
    refused(backend.create(None, &Runner::new("r")).await, Reason::NotFound);

    // Access to the same objects without their type.
    let widgets = backend.objects("widgets.ci.example.com", "v1").expect("a kind");
    assert_eq!(widgets.get(&key("a")).expect("an object")["spec"]["color"], "red");
    let strict = WriteOptions { field_validation: Some(FieldValidation::Strict), ..WriteOptions::default() };
    let wide = json!({
        "apiVersion": "ci.example.com/v1", "kind": "Widget", "metadata": {"name": "c"}, "spec": {"size": 1}
    });
    refused(widgets.clone().with_options(strict).create(Some(&team()), wide.clone()), Reason::BadRequest);
    assert_eq!(widgets.create(Some(&team()), wide).expect("pruned")["spec"], json!({"replicas": 3}));
    refused(backend.objects("widgets.ci.example.com", "v2"), Reason::NotFound);
    refused(MemoryBackend::new().objects("widgets.ci.example.com", "v1"), Reason::NotFound);

    let error = MemoryBackend::from_crds("kind: ConfigMap").expect_err("no CRD");
    assert_eq!(error.to_string(), "the text contains no CustomResourceDefinition");
    let error = MemoryBackend::from_crds(&CRD.replace("integer", "int")).expect_err("no type");
    assert!(error.to_string().starts_with("line "), "{error}");
}
