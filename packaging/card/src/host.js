// The view's side of MCP Apps (protocol 2026-01-26): JSON-RPC with the window that holds this page, and nobody else.
import { setLocale } from "./format.js";

const PROTOCOL = "2026-01-26";
const VARIABLE = /^--[a-z0-9-]+$/;

/** Greets the host, then tells what it sends. `on.result` gets the tool's result, `on.cancelled` nothing. */
export function connect(on) {
  const host = window.parent;
  const send = (message) => host.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const notify = (method, params = {}) => send({ method, params });
  const heard = {
    "ui/notifications/tool-result": (params) => on.result(params),
    "ui/notifications/tool-cancelled": () => on.cancelled(),
    "ui/notifications/host-context-changed": applyContext,
  };

  window.addEventListener("message", ({ source, data }) => {
    if (source !== host || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) {
      if (data.id === 0 && data.result) {
        applyContext(data.result.hostContext ?? {});
        notify("ui/notifications/initialized");
        tellHeight(notify);
      }
    } else if (data.id === undefined) {
      heard[data.method]?.(data.params ?? {});
    } else if (data.method === "ping" || data.method === "ui/resource-teardown") {
      send({ id: data.id, result: {} });
    } else {
      send({ id: data.id, error: { code: -32601, message: "Method not found" } });
    }
  });
  send({
    id: 0, method: "ui/initialize",
    params: { protocolVersion: PROTOCOL, appInfo: { name: "eventdesk-summary", version: "1" }, appCapabilities: {} },
  });
}

function applyContext({ theme, styles, locale }) {
  const at = document.documentElement;
  if (theme === "light" || theme === "dark") at.dataset.theme = theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {})) {
    if (VARIABLE.test(name) && typeof value === "string") at.style.setProperty(name, value);
  }
  if (locale) setLocale(locale);
  window.dispatchEvent(new Event("looks"));
}

function tellHeight(notify) {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height !== told) notify("ui/notifications/size-changed", { height: (told = height) });
  }).observe(document.documentElement);
}
