/** The pages, and what is around them. */
import { Link, Redirect, Route, Router, Switch, useLocation, useSearchParams } from "wouter";

import { watchPipelineRunsForAllNamespaces } from "./api/index.js";
import { NewPipelinePage, NewProjectPage } from "./pages/create.js";
import { namespacesOf, useNamespace } from "./pages/namespace.js";
import { PipelinePage } from "./pages/pipeline.js";
import { PipelinesPage } from "./pages/pipelines.js";
import { ProjectPage } from "./pages/project.js";
import { ProjectsPage } from "./pages/projects.js";
import { RunPage } from "./pages/run.js";
import { RunsPage } from "./pages/runs.js";
import { SignIn } from "./pages/sign-in.js";
import { StartPage } from "./pages/start.js";
import { connection, probe } from "./service/connection.js";
import { useLive } from "./service/live.js";
import { signOut, useSession } from "./service/session.js";
import { useStore } from "./service/store.js";
import { choose, theme, type Theme } from "./service/theme.js";
import { Icon, type IconName } from "./ui/icon.js";
import { Logo } from "./ui/logo.js";
import { Page } from "./ui/page.js";
import { Empty } from "./ui/states.js";
import { Toasts } from "./ui/toasts.js";

export function App() {
  const session = useSession();
  if (typeof session === "string") {
    return (
      <>
        <Offline />
        <SignIn why={session} />
      </>
    );
  }
  return (
    <Router base="/ui">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Header />
      <Offline />
      <Pages />
      <Toasts />
    </Router>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/runs" replace />
      </Route>
      <Route path="/runs" component={RunsPage} />
      <Route path="/runs/:namespace/:name">{({ namespace, name }) => <RunPage namespace={text(namespace)} name={text(name)} />}</Route>
      <Route path="/start" component={StartPage} />
      <Route path="/pipelines" component={PipelinesPage} />
      <Route path="/pipelines/:namespace/:name">{({ namespace, name }) => <PipelinePage namespace={text(namespace)} name={text(name)} />}</Route>
      <Route path="/projects" component={ProjectsPage} />
      <Route path="/projects/:namespace/:name">{({ namespace, name }) => <ProjectPage namespace={text(namespace)} name={text(name)} />}</Route>
      <Route path="/new/project" component={NewProjectPage} />
      <Route path="/new/pipeline" component={NewPipelinePage} />
      <Route>
        <Page title="Page not found">
          <Empty icon="search" title="There is no page at this address" action={<Link className="button" href="/runs">Show all runs</Link>}>
            Check the address for typing mistakes.
          </Empty>
        </Page>
      </Route>
    </Switch>
  );
}

/** A part of an address. What is not encoded as it should be is taken as it is. */
function text(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const SECTIONS = [
  { to: "/runs", label: "Runs" },
  { to: "/pipelines", label: "Pipelines" },
  { to: "/projects", label: "Projects" },
];

function Header() {
  const [path] = useLocation();
  const [search] = useSearchParams();
  const namespace = search.get("namespace");
  const kept = namespace ? `?${new URLSearchParams({ namespace }).toString()}` : "";
  return (
    <header className="bar">
      <Link className="brand" href={`/runs${kept}`}>
        <Logo size={26} />
        <span>CI service</span>
      </Link>
      <nav aria-label="Main">
        {SECTIONS.map(({ to, label }) => (
          <Link key={to} className="tab" href={`${to}${kept}`} aria-current={path.startsWith(to) ? "page" : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      <div className="bar-end">
        <Namespaces />
        <ThemeSwitch />
        <a className="button button-quiet button-square" href="/docs" aria-label="API reference" title="API reference">
          <Icon name="book" />
        </a>
        <button type="button" className="button button-quiet button-square" aria-label="Sign out" title="Sign out" onClick={() => signOut("by-choice")}>
          <Icon name="leave" />
        </button>
      </div>
    </header>
  );
}

function Namespaces() {
  const [namespace, setNamespace] = useNamespace();
  const runs = useLive(watchPipelineRunsForAllNamespaces).items;
  const known = new Set([...namespacesOf(runs), ...(namespace ? [namespace] : [])]);
  return (
    <select className="input input-bar" aria-label="Namespace" value={namespace} onChange={(event) => setNamespace(event.target.value)}>
      <option value="">All namespaces</option>
      {[...known].sort().map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

const THEMES: { readonly [T in Theme]: { readonly next: Theme; readonly icon: IconName } } = {
  system: { next: "light", icon: "system" },
  light: { next: "dark", icon: "sun" },
  dark: { next: "system", icon: "moon" },
};

function ThemeSwitch() {
  const now = useStore(theme);
  const { next, icon } = THEMES[now];
  const label = `Theme: ${now}. Change to ${next}.`;
  return (
    <button type="button" className="button button-quiet button-square" aria-label={label} title={label} onClick={() => choose(next)}>
      <Icon name={icon} />
    </button>
  );
}

/** Says that what is shown may be old, for as long as the service is gone. */
function Offline() {
  const { state } = useStore(connection);
  return (
    <div role="status" aria-live="polite">
      {state === "offline" && (
        <div className="offline">
          <span className="ring" aria-hidden="true" />
          <span>
            <strong>The service cannot be reached.</strong> The page may be out of date. It will connect again by itself.
          </span>
          <button type="button" className="button" onClick={() => void probe()}>
            Try now
          </button>
        </div>
      )}
    </div>
  );
}
