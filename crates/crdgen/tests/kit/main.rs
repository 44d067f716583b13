//! The CI kit at the top of the repository: the shell steps of the GitHub Action, the GitLab jobs and the pre-commit
//! hooks, run with the program of this build in a repository of their own.

#![cfg(unix)]

mod action;
mod comments;
mod gitlab;
mod hooks;
mod repository;
mod yaml;
