// The page of the playground: what is in the fields goes to examine.ts, what comes back is shown.
import type { AelExplanation } from "aerowire/ael";
import type { EmulatedVersion } from "aerowire/emulator";
import { describeIndexFilter } from "../../src/query/describe-index-filter.js";
import { evaluate, explain, type Fields, type Verdict } from "./examine.js";
import { EXAMPLES } from "./examples.js";

const TYPING_MS = 150;

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${type.name} "${id}"`);
}

const fields = {
  text: element("text", HTMLTextAreaElement),
  params: element("params", HTMLInputElement),
  records: element("records", HTMLTextAreaElement),
  indexes: element("indexes", HTMLTextAreaElement),
  version: element("version", HTMLSelectElement),
};
const example = element("example", HTMLSelectElement);
const error = element("error", HTMLPreElement);
const answers = element("answers", HTMLElement);
const summary = element("summary", HTMLElement);

function read(): Fields {
  const { text, params, records, indexes, version } = fields;
  return {
    text: text.value,
    params: params.value,
    records: records.value,
    indexes: indexes.value,
    version: version.value as EmulatedVersion,
  };
}

function write(values: Omit<Fields, "version">): void {
  fields.text.value = values.text;
  fields.params.value = values.params;
  fields.records.value = values.records;
  fields.indexes.value = values.indexes;
}

/** Only what was typed last is shown, whatever ends last. */
let latest = 0;

async function update(): Promise<void> {
  const turn = ++latest;
  answers.ariaBusy = "true";
  let failure: unknown;
  try {
    const now = read();
    const explanation = explain(now);
    showExplanation(explanation);
    const verdicts = await evaluate(explanation.expression, now);
    if (turn !== latest) return;
    showVerdicts(explanation.type, verdicts);
  } catch (thrown) {
    failure = thrown;
  }
  if (turn !== latest) return;
  error.textContent = failure === undefined ? "" : messageOf(failure);
  error.hidden = failure === undefined;
  fields.text.setAttribute("aria-invalid", String(failure !== undefined));
  answers.classList.toggle("stale", failure !== undefined);
  answers.ariaBusy = null;
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

function showVerdicts(type: string, verdicts: readonly Verdict[]): void {
  const isCondition = type === "BOOL";
  const kept = verdicts.filter(({ value }) => value === "true").length;
  summary.textContent = isCondition ? `${kept} of ${verdicts.length} records are kept` : `a value of type ${type}`;
  const rows = verdicts.map(({ bins, value }, i) => {
    const verdict = isCondition ? (value === "true" ? "kept" : "left out") : "";
    return row([String(i + 1), value ?? "unknown", verdict, bins], value === "true");
  });
  element("verdicts", HTMLTableSectionElement).replaceChildren(...rows);
}

function row(cells: readonly string[], isKept: boolean): HTMLTableRowElement {
  const line = document.createElement("tr");
  line.classList.toggle("kept", isKept);
  for (const text of cells) line.insertCell().textContent = text;
  return line;
}

function showExplanation({
  formatted,
  type,
  bins,
  minVersion,
  notes,
  needs,
  tree,
  indexUse,
  expression,
}: AelExplanation) {
  element("formatted", HTMLPreElement).textContent = formatted;
  element("tree", HTMLPreElement).textContent = tree;
  define("types", [
    ["gives", type],
    ["reads", bins.map(({ name, types }) => `${name}: ${types.join(" or ")}`).join(", ") || "no bins"],
    ["server", `${minVersion} and later`],
    ...needs.map(({ feature, version }) => ["needs", `${version} for ${feature}`] as const),
    ...notes.map(({ old, now }) => ["spelling", `${old} is written ${now === "" ? "without it" : now}`] as const),
  ]);
  const { choice, considered = [] } = indexUse ?? {};
  const lines = considered.map(({ index, reason }) => `not ${index.indexName}: ${reason}`);
  if (choice !== undefined) lines.unshift(`${choice.index.indexName}: ${describeIndexFilter(choice.range)}`);
  element("index", HTMLPreElement).textContent = lines.join("\n") || "none is given";
  const { packed } = expression;
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join("");
  define("bytes", [
    ["length", `${packed.length} bytes`],
    ["hex", Array.from(packed, (byte) => byte.toString(16).padStart(2, "0")).join(" ")],
    ["base64", btoa(binary)],
  ]);
}

function define(id: string, entries: readonly (readonly [name: string, text: string])[]): void {
  const nodes = entries.flatMap(([name, text]) => {
    const term = document.createElement("dt");
    term.textContent = name;
    const content = document.createElement("dd");
    content.textContent = text;
    return [term, content];
  });
  element(id, HTMLDListElement).replaceChildren(...nodes);
}

let timer: ReturnType<typeof setTimeout> | undefined;
element("fields", HTMLFormElement).addEventListener("input", (event) => {
  if (event.target === example) write(EXAMPLES[example.selectedIndex] ?? EXAMPLES[0]);
  answers.ariaBusy = "true";
  clearTimeout(timer);
  timer = setTimeout(update, TYPING_MS);
});
element("fields", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
element("use", HTMLButtonElement).addEventListener("click", () => {
  fields.text.value = element("formatted", HTMLPreElement).textContent;
  fields.text.focus();
  void update();
});
example.append(...EXAMPLES.map(({ title }) => new Option(title)));
write(EXAMPLES[0]);
void update();
