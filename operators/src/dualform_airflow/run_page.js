// The tab "Dualform" on a DAG run's page: the study's answer, and links to its pages in MLflow.
// Airflow's own page runs it, with the reader's own rights; it asks Airflow's REST API alone.
const { createElement: make, useEffect, useState } = globalThis.React;
const API = new URL("api/v2/", document.baseURI).href;
// The tasks that may know, in the order in which their links are shown.
const TASKS = ["summarise", "study", "plan"];

async function ask(path) {
  const answer = await fetch(API + path, { credentials: "same-origin", headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

async function find(dagId, runId) {
  const tasks = `dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}/taskInstances/`;
  const links = {};
  let finding = "";
  let known = false;
  for (const task of TASKS) {
    const found = await ask(`${tasks}${task}/links`);
    known = known || found !== null;
    for (const [name, url] of Object.entries(found?.extra_links ?? {})) {
      if (/^https?:/.test(url ?? "") && !(name in links)) links[name] = url;
    }
    if (found && !finding) finding = (await ask(`${tasks}${task}/xcomEntries/finding`))?.value ?? "";
  }
  return { known, links, finding: String(finding) };
}

function text({ known, links, finding }) {
  if (!known) return "This run is none of Dualform's.";
  if (finding) return finding;
  return Object.keys(links).length > 0 ? "There is no answer yet." : "There is no answer yet, and nothing in MLflow.";
}

function RunPage({ dagId, runId }) {
  const [state, setState] = useState(null);
  useEffect(() => {
    let shown = true;
    find(dagId, runId).then((found) => shown && setState(found));
    return () => {
      shown = false;
    };
  }, [dagId, runId]);
  if (state === null) return make("p", { style: { padding: "1rem" } }, "…");
  const links = Object.entries(state.links).map(([name, href]) =>
    make(
      "a",
      { key: name, href, target: "_blank", rel: "noopener noreferrer", style: { textDecoration: "underline" } },
      name,
    ),
  );
  return make(
    "section",
    { style: { padding: "1rem", display: "grid", gap: "1rem" } },
    make("p", { style: { display: "flex", gap: "1.5rem" } }, ...links),
    make("pre", { style: { fontSize: "0.8rem", overflowX: "auto" } }, text(state)),
  );
}

globalThis["Dualform"] = RunPage;
