// Search, shortcuts and copying. The pages work without this script.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const most = 30;
  const byId = (id) => document.getElementById(id);
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

  /** Opens everything around the field that the address names. */
  function reveal() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  }

  /** Loads the index on first use. A script can be read from a folder, other files cannot. */
  let loading;
  function index() {
    loading ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${root}search-index.js`;
      script.onload = () => resolve(window.crdgenIndex ?? []);
      script.onerror = () => resolve([]);
      document.head.append(script);
    });
    return loading;
  }

  /** Returns a number that is smaller for a better match, or infinity. */
  function rank(words, text, name) {
    const lower = text.toLowerCase();
    if (!words.every((word) => lower.includes(word))) return Infinity;
    const last = name.toLowerCase();
    const [word] = words.slice(-1);
    return (last === word ? 0 : last.startsWith(word) ? 1000 : 2000) + text.length;
  }

  function matches(entries, query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = [];
    const add = (score, title, detail, href) => {
      if (score < Infinity) found.push({ score, title, detail, href });
    };
    for (const field of document.querySelectorAll(".tree li[id]")) {
      add(rank(words, field.id, field.id.split(".").pop()) - 500, field.id, "on this page", `#${field.id}`);
    }
    for (const [kind, group, version, page, fields] of entries) {
      const of = `${group}/${version}`;
      const here = location.pathname.endsWith(page);
      add(rank(words, `${kind} ${of}`, kind), kind, of, root + page);
      if (here) continue;
      for (const field of fields) {
        add(rank(words, `${kind}.${field}`, field.split(".").pop()) + 200, field, `${kind}, ${of}`, `${root}${page}#${field}`);
      }
    }
    return found.sort((a, b) => a.score - b.score).slice(0, most);
  }

  function search() {
    const box = byId("search");
    const input = byId("query");
    const results = byId("results");
    box.hidden = false;
    const close = () => {
      results.hidden = true;
      byId("found").textContent = "";
    };
    const show = async () => {
      const query = input.value;
      const found = matches(await index(), query);
      if (query !== input.value) return;
      results.replaceChildren(
        ...found.map(({ title, detail, href }) => {
          const link = make("a", title);
          link.href = href;
          link.append(make("small", detail));
          const item = document.createElement("li");
          item.append(link);
          return item;
        }),
      );
      results.hidden = found.length === 0;
      byId("found").textContent = query.trim() ? `${found.length} results` : "";
    };
    input.addEventListener("input", show);
    input.addEventListener("focus", show);
    box.addEventListener("focusout", (event) => {
      if (!box.contains(event.relatedTarget)) close();
    });
    results.addEventListener("click", () => {
      close();
      input.blur();
    });
    box.addEventListener("keydown", (event) => {
      const links = [...results.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move && links.length > 0) {
        event.preventDefault();
        const next = at + move;
        (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
      } else if (event.key === "Enter" && at < 0) {
        // The index may still be loading, or the results may be those of an earlier text.
        event.preventDefault();
        show().then(() => results.querySelector("a")?.click());
      } else if (event.key === "Escape") {
        input.value = "";
        input.focus();
        close();
      }
    });
    document.addEventListener("keydown", (event) => {
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });
  }

  function openAll() {
    const tree = document.querySelector(".tree");
    if (!tree?.querySelector("details")) return;
    const tools = Object.assign(document.createElement("div"), { className: "tools" });
    for (const [text, open] of [["Open all", true], ["Close all", false]]) {
      const button = make("button", text);
      button.type = "button";
      button.addEventListener("click", () => {
        for (const details of tree.querySelectorAll("details")) details.open = open;
      });
      tools.append(button);
    }
    tree.before(tools);
  }

  function copying() {
    if (!navigator.clipboard) return;
    for (const pre of document.querySelectorAll("pre.example")) {
      const box = Object.assign(document.createElement("div"), { className: "example-box" });
      const button = make("button", "Copy");
      button.type = "button";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(pre.textContent);
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      });
      pre.before(box);
      box.append(pre, button);
    }
  }

  search();
  openAll();
  copying();
  reveal();
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
})();
