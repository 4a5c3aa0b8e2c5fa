/** `npm run check`: format, lint and import rules (Biome), types of each part, unused code (knip). */
import { spawn } from "node:child_process";

const bin = (path) => `node_modules/${path}`;
const checks = {
  "format, lint, import rules": [bin("@biomejs/biome/bin/biome"), "ci", "--error-on-warnings", "."],
  "types of shared": [bin("typescript/bin/tsc"), "-p", "shared"],
  "types of server": [bin("typescript/bin/tsc"), "-p", "server"],
  "types of playground": [bin("typescript/bin/tsc"), "-p", "playground"],
  "unused code": [bin("knip/bin/knip.js")],
};

function run(name, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => {
      console.log(`${code === 0 ? "✓" : "✗"} ${name}`);
      if (code !== 0) console.log(output);
      resolve(code === 0);
    });
  });
}

let isGreen = true;
for (const [name, args] of Object.entries(checks)) isGreen = (await run(name, args)) && isGreen;
process.exit(isGreen ? 0 : 1);
