// The official TypeScript SDK's client against a server over stdio: every answer's structured content is checked by its
// own validator (ajv) against the schema that the server published. Calls come as JSON on the command line.
// usage: node call_structured.mjs CALLS COMMAND [ARGUMENTS…]; prints one line of JSON a call
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [calls, command, ...args] = process.argv.slice(2);
const client = new Client({ name: "outside", version: "1" });
await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: "ignore" }));
const { tools } = await client.listTools();
for (const [name, given] of JSON.parse(calls)) {
  const known = tools.find((tool) => tool.name === name);
  try {
    const answer = await client.callTool({ name, arguments: given });
    console.log(JSON.stringify({ name, error: Boolean(answer.isError), schema: Boolean(known?.outputSchema),
      structured: answer.structuredContent ?? null }));
  } catch (refused) {
    console.log(JSON.stringify({ name, refused: String(refused) }));
  }
}
await client.close();
