import { count, duration, rate } from "../../output/numbers.js";
import { LEAST_RATE, type PageCampaign, type PageData, type PageJob, type PageOrder } from "../page-types.js";
import { byId, element } from "./dom.js";
import { LivePlot } from "./plots.js";

const cluster = byId("cluster", HTMLElement);
const connection = byId("connection", HTMLElement);
const dialog = byId("ask", HTMLDialogElement);
const rates = new LivePlot(byId("rate", HTMLElement), ({ rates }) => ({ records: rates }));
const latencies = new LivePlot(byId("latency", HTMLElement), (plot) => plot.latencies);
let isProduction = false;
let name = "";

const events = new EventSource("events");
events.onmessage = ({ data }) => show(JSON.parse(data) as PageData);
events.onerror = () => say("connection lost; the program that serves this page may have ended", true);

function show(data: PageData): void {
  isProduction = data.production;
  name = data.cluster;
  cluster.textContent = `${data.cluster}${data.production ? " (production)" : ""}`;
  cluster.classList.toggle("production", data.production);
  const silent = data.silentNodes.length === 0 ? "" : `; no reply from ${data.silentNodes.join(", ")}`;
  say(`as of ${time(data.at)}${silent}`, silent !== "");
  fill("campaigns", data.campaigns.map(campaignCard), "none");
  fill("tasks", data.jobs.filter(({ active }) => active).map(jobCard), "none runs");
  rates.show(data.plot);
  latencies.show(data.plot);
  const lines = [...data.log]
    .reverse()
    .map(({ at, about, text }) => element("li", {}, element("time", {}, time(at)), ` ${about}: ${text}`));
  byId("log", HTMLElement).replaceChildren(
    ...(lines.length === 0 ? [element("li", { className: "dim" }, "nothing yet")] : lines),
  );
}

function say(text: string, isBad: boolean): void {
  if (connection.textContent !== text) connection.textContent = text;
  connection.classList.toggle("lost", isBad);
}

/** Puts cards in place of those that were there; the button that has the focus keeps it. */
function fill(id: string, cards: readonly HTMLElement[], none: string): void {
  const box = byId(id, HTMLElement);
  const focused = box.contains(document.activeElement) ? document.activeElement?.getAttribute("data-order") : undefined;
  box.replaceChildren(...(cards.length === 0 ? [element("p", { className: "dim" }, none)] : cards));
  if (focused === undefined || focused === null) return;
  for (const button of box.querySelectorAll("button")) if (button.dataset["order"] === focused) button.focus();
}

function campaignCard(campaign: PageCampaign): HTMLElement {
  const { id, target, does, where, status, removesMarks, holder, percent, msLeft, recordsPerSecond, nodes } = campaign;
  const limit = recordsPerSecond === null ? "as the servers allow" : `${rate(recordsPerSecond)} on each node`;
  const left = status === "running" && msLeft !== null ? `, ${duration(msLeft)} left` : "";
  const card = element(
    "article",
    {},
    element("h3", {}, id, " ", element("span", { className: status === "interrupted" ? "bad" : "dim" }, status)),
    element("p", { className: "dim" }, `${does} on ${target}, where ${where}`),
    bar(removesMarks ? "removes marks" : "all slices", percent),
    ...nodes.map(({ node, percent: part }) => bar(node, part)),
    element(
      "p",
      { className: "dim" },
      `${count(campaign.succeeded)} changed, `,
      failures(campaign.failed),
      `; ${limit}${left}${holder === undefined ? "" : `; run by ${holder}`}`,
    ),
  );
  const orders: PageOrder["do"][] =
    status === "running"
      ? ["pause", "slower", "abort"]
      : status === "done" || status === "aborted"
        ? []
        : ["resume", "slower", "abort"];
  const isSlowest = recordsPerSecond !== null && recordsPerSecond <= LEAST_RATE;
  const possible = orders.filter((order) => order !== "slower" || !isSlowest);
  return withButtons(card, possible, { campaign: id }, id);
}

function jobCard(job: PageJob): HTMLElement {
  const { id, target, does, owner, percent, msLeft, succeeded, failed, measuredPerSecond, nodes } = job;
  const left = msLeft === null ? "" : `, ${duration(msLeft)} left`;
  const card = element(
    "article",
    {},
    element("h3", {}, id),
    element("p", { className: "dim" }, `${does} on ${target}${owner === "" ? "" : `, by ${owner}`}`),
    ...(nodes.length > 1 ? [bar("all nodes", percent)] : []),
    ...nodes.map((part) => bar(part.node, part.percent)),
    element(
      "p",
      { className: "dim" },
      `${rate(measuredPerSecond)}, ${count(succeeded)} changed, `,
      failures(failed),
      left,
    ),
  );
  return withButtons(card, ["abort"], { task: id }, id);
}

function failures(failed: number): HTMLElement {
  return element("span", { className: failed > 0 ? "bad" : "" }, `${count(failed)} failed`);
}

function bar(label: string, percent: number | null): HTMLElement {
  const meter = element("progress", { max: 100, ...(percent !== null && { value: percent }) });
  meter.setAttribute("aria-label", label);
  return element(
    "div",
    { className: "bar" },
    element("span", { title: label }, label),
    meter,
    element("span", {}, percentText(percent)),
  );
}

function percentText(percent: number | null): string {
  return percent === null ? "?" : percent === 100 ? "100%" : `${percent.toFixed(1)}%`;
}

const WORDS: Readonly<Record<PageOrder["do"], string>> = {
  pause: "Pause",
  resume: "Resume",
  slower: "Half the rate",
  abort: "Abort",
};

function withButtons(
  card: HTMLElement,
  orders: readonly PageOrder["do"][],
  about: Omit<PageOrder, "do">,
  id: string,
): HTMLElement {
  if (orders.length === 0) return card;
  const buttons = orders.map((order) => {
    const button = element("button", { type: "button", className: order === "abort" ? "danger" : "" }, WORDS[order]);
    button.setAttribute("aria-label", `${WORDS[order]} ${id}`);
    button.dataset["order"] = `${order} ${id}`;
    button.addEventListener("click", () => void give({ do: order, ...about }, id));
    return button;
  });
  card.append(element("div", { className: "buttons" }, ...buttons));
  return card;
}

async function give(order: PageOrder, id: string): Promise<void> {
  const production = order.do === "abort" || order.do === "resume" || isProduction ? await ask(order.do, id) : "";
  if (production === undefined) return;
  const body = JSON.stringify({ ...order, ...(isProduction && { production }) });
  const response = await fetch("orders", { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!response.ok) say(await response.text(), true);
}

/** What was typed; undefined for a no. */
function ask(order: PageOrder["do"], id: string): Promise<string | undefined> {
  byId("ask-text", HTMLElement).textContent = `${WORDS[order]}: ${id} on cluster ${name}?`;
  byId("ask-production", HTMLElement).hidden = !isProduction;
  const input = byId("ask-name", HTMLInputElement);
  input.value = "";
  dialog.returnValue = "no";
  dialog.showModal();
  (isProduction ? input : byId("ask-no", HTMLElement)).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? input.value : undefined), {
      once: true,
    });
  });
}

function time(at: number): string {
  return new Date(at).toLocaleTimeString();
}
