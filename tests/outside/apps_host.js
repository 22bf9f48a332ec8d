// A chat app's side of MCP Apps, by the official bridge: shows a page in a closed-off frame and hands it a tool's result.
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

window.host = async ({ html, result, context }) => {
  const met = { heights: [] };
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "Event summary";
  frame.style.cssText = "width: 100%; height: 100px; border: 0";
  document.body.append(frame);
  const bridge = new AppBridge(null, { name: "check", version: "1" }, {}, { hostContext: context });
  bridge.onsizechange = ({ height }) => { met.heights.push(height); frame.style.height = `${height}px`; };
  const ready = new Promise((done) => { bridge.oninitialized = done; });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.srcdoc = html;
  await ready;
  met.app = bridge.getAppVersion();
  await bridge.sendToolInput({ arguments: {} });
  await bridge.sendToolResult(result);
  window.change = (next) => bridge.setHostContext(next);
  window.leave = () => bridge.teardownResource({});
  window.heights = met.heights;
  return met;
};
