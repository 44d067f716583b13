//! Comparison of two versions of one name.

use std::collections::HashMap;

use crdgen_schema::Crd;
use crdgen_schema::crd::{Column, Scale, Version};
use serde_json::{Value as Json, json};

use super::part::part;
use super::{only, schema};
use crate::change::{Change, Keyword, Sides};

pub(crate) fn same<'a>(crds: Sides<&'a Crd>, old: &'a Version, new: &'a Version, out: &mut Vec<Change<'a>>) {
    let Version {
        span: _,
        name: _,
        served,
        // The CRD compares its storage versions.
        storage: _,
        deprecated,
        schema,
        status,
        scale,
        columns,
        selectable_fields,
    } = old;
    let versions = Sides { old: Some(old), new: Some(new) };
    let mut push = |keyword, old: Option<Json>, new: Option<Json>| {
        if old != new {
            out.push(Change { versions, ..part(crds, keyword, Sides { old, new }) });
        }
    };
    push(Keyword::Served, Some(json!(served)), Some(json!(new.served)));
    push(Keyword::Deprecated, deprecated.as_deref().map(Json::from), new.deprecated.as_deref().map(Json::from));
    push(Keyword::Status, status.then_some(json!({})), new.status.then_some(json!({})));
    push(Keyword::Scale, scale.as_ref().map(scale_json), new.scale.as_ref().map(scale_json));
    let (gone, come) = only(selectable_fields, &new.selectable_fields);
    gone.into_iter().for_each(|path| push(Keyword::Selectable, Some(json!(path)), None));
    come.into_iter().for_each(|path| push(Keyword::Selectable, None, Some(json!(path))));
    self::columns(columns, &new.columns, &mut push);
    schema::schemas(crds, versions, schema, &new.schema, out);
}

fn scale_json(scale: &Scale) -> Json {
    let Scale { spec_replicas_path, status_replicas_path, label_selector_path } = scale;
    let mut json = json!({"specReplicasPath": spec_replicas_path, "statusReplicasPath": status_replicas_path});
    if let Some(path) = label_selector_path {
        json["labelSelectorPath"] = json!(path);
    }
    json
}

fn columns(old: &[Column], new: &[Column], push: &mut impl FnMut(Keyword, Option<Json>, Option<Json>)) {
    let by_name = |columns: &[Column]| -> HashMap<String, Json> {
        columns.iter().map(|column| (column.name.clone(), column_json(column))).collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    let names = |columns: &[Column]| columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let (old_names, new_names) = (names(old), names(new));
    let (gone, come) = only(&old_names, &new_names);
    for (name, column) in old_names.iter().filter_map(|name| Some((name, before.get(name)?))) {
        match after.get(name) {
            Some(new) => push(Keyword::Column, Some(column.clone()), Some(new.clone())),
            None => push(Keyword::Column, Some(column.clone()), None),
        }
    }
    for column in come.iter().filter_map(|name| after.get(*name)) {
        push(Keyword::Column, None, Some(column.clone()));
    }
    let kept = |names: &[String], others: &[&String]| -> Json {
        names.iter().filter(|name| !others.contains(name)).map(|name| json!(name)).collect()
    };
    push(Keyword::ColumnOrder, Some(kept(&old_names, &gone)), Some(kept(&new_names, &come)));
}

fn column_json(column: &Column) -> Json {
    let Column { name, type_, format, description, json_path, priority, span: _ } = column;
    let mut json = json!({"name": name, "type": type_, "jsonPath": json_path});
    let others = [
        ("format", format.as_ref().map(|text| json!(text))),
        ("description", description.as_ref().map(|text| json!(text))),
        ("priority", (*priority != 0).then(|| json!(priority))),
    ];
    for (key, value) in others {
        if let Some(value) = value {
            json[key] = value;
        }
    }
    json
}
