import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app.js";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/surfaces.css";
import "./styles/signs.css";
import "./styles/tables.css";
import "./styles/projects.css";
import "./styles/tasks.css";
import "./styles/states.css";
import "./styles/overlays.css";
import { Boundary } from "./ui/boundary.js";

const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no #root");
}
createRoot(root).render(
  <StrictMode>
    <Boundary>
      <App />
    </Boundary>
  </StrictMode>,
);
