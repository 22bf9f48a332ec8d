// The page: its data lies in the file itself (a report), or comes from the host that shows it in a chat.
import { connect } from "./host.js";
import { fromCard, fromResult } from "./model.js";
import { show, showMessage } from "./view.js";

const own = document.getElementById("data").textContent.trim();
const root = document.getElementById("card");

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => window.dispatchEvent(new Event("looks")));
if (own) {
  document.documentElement.dataset.kind = "report";
  show(root, fromCard(JSON.parse(own)));
} else if (window.parent !== window) {
  document.documentElement.dataset.kind = "app";
  connect({
    result: (result) => show(root, fromResult(result)),
    cancelled: () => showMessage(root, "The call was cancelled.", "There are no figures to show."),
  });
} else {
  showMessage(root, "There is nothing to show.", "This page is shown by a chat app, or written by eventdesk report.");
}
