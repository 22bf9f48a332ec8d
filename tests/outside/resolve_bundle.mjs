// How a chat app starts an unpacked bundle, worked out by the bundle tool's own code. Prints command, args and env as JSON.
// usage: node resolve_bundle.mjs FOLDER FORM_AS_JSON
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, sep } from "node:path";
import { getMcpConfigForManifest } from "@anthropic-ai/mcpb";

const [folder, form] = process.argv.slice(2);
const config = await getMcpConfigForManifest({
  manifest: JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")), extensionPath: folder,
  systemDirs: { HOME: homedir() }, userConfig: JSON.parse(form), pathSeparator: sep,
});
console.log(JSON.stringify(config));
