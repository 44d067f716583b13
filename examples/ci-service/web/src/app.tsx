/** The pages, and what is around them. */
import { Link, Redirect, Route, Router, Switch, useLocation, useSearchParams } from "wouter";

import { NewPipelinePage, NewProjectPage } from "./pages/create.js";
import { PipelinePage } from "./pages/pipeline.js";
import { PipelinesPage } from "./pages/pipelines.js";
import { ProjectPage } from "./pages/project.js";
import { ProjectsPage } from "./pages/projects.js";
import { RunPage } from "./pages/run.js";
import { RunsPage } from "./pages/runs.js";
import { SignIn } from "./pages/sign-in.js";
import { StartPage } from "./pages/start.js";
import { connection, probe } from "./service/connection.js";
import { signOut, useSession } from "./service/session.js";
import { useStore } from "./service/store.js";
import { choose, theme, type Theme } from "./service/theme.js";
import { Icon, type IconName } from "./ui/icon.js";
import { Logo } from "./ui/logo.js";
import { useNarrow } from "./ui/narrow.js";
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

/** Sections of the pages, each with the beginnings of the addresses that belong to it. */
const SECTIONS = [
  { to: "/runs", label: "Runs", has: ["/runs", "/start"] },
  { to: "/pipelines", label: "Pipelines", has: ["/pipelines", "/new/pipeline"] },
  { to: "/projects", label: "Projects", has: ["/projects", "/new/project"] },
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
        {SECTIONS.map(({ to, label, has }) => (
          <Link key={to} className="tab" href={`${to}${kept}`} aria-current={has.some((start) => path.startsWith(start)) ? "page" : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      {useNarrow() ? <Menu /> : <div className="bar-end"><Tools /></div>}
    </header>
  );
}

/** The tools of a narrow header, behind one button. */
function Menu() {
  return (
    <div className="bar-end">
      <button type="button" className="button button-quiet" popoverTarget="menu">
        <Icon name="menu" /> Menu
      </button>
      <div id="menu" className="menu" popover="auto">
        <Tools />
      </div>
    </div>
  );
}

function Tools() {
  return (
    <>
      <ThemeSwitch />
      <a className="button button-quiet" href="/docs">
        <Icon name="book" /> API
      </a>
      <button type="button" className="button button-quiet" onClick={() => signOut("by-choice")}>
        <Icon name="leave" /> Sign out
      </button>
    </>
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
    <button type="button" className="button button-quiet" aria-label={label} title={label} onClick={() => choose(next)}>
      <Icon name={icon} /> Theme
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
            <strong>The service cannot be reached.</strong> The page may be out of date. It reconnects automatically.
          </span>
          <button type="button" className="button" onClick={() => void probe()}>
            Try now
          </button>
        </div>
      )}
    </div>
  );
}
