// An exported folder behind a web server, loaded by `tf.loadGraphModel` in a headless Chromium (`npm run test:browser`).

import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { configs, modelFolder } from "../huggingface/folder.ts";
import { temporaryFolder } from "../files/temporary.ts";
import { distance, readFixture } from "../parity/fixtures.ts";
import { exportedCase, listed, type Exported } from "./cases.ts";

const { PT_BROWSER: browser = "", PT_BROWSER_TFJS: library = "", PT_BROWSER_MISSING: missing = "" } = process.env;
const absent = browser === "" || !existsSync(browser) ? missing || "no browser was named: `npm run test:browser` finds or installs one" : existsSync(library) ? null : "TensorFlow.js for browsers is not installed: `npm run test:browser` does it";

const backends = ["cpu", "webgl"] as const;
/** Relative error by norm; what is measured is below 5e-7. */
const tolerance = 2e-6;
const report: string[] = [];

interface Answer { readonly error?: string; readonly backend: string; readonly outputs: { readonly [name: string]: { readonly shape: number[]; readonly values: number[] } } }

const page = (given: Exported["given"], backend: string): string => `<script src="/tf.min.js"></script><script>
(async () => {
  const answer = { outputs: {} };
  try {
    await tf.setBackend("${backend}");
    await tf.ready();
    answer.backend = tf.getBackend();
    const model = await tf.loadGraphModel("/model/model.json");
    const given = ${JSON.stringify(Object.fromEntries(Object.entries(given).map(([name, { shape, values }]) => [name, { shape, values: [...values], dtype: values instanceof Int32Array ? "int32" : "float32" }])))};
    const inputs = Object.fromEntries(Object.entries(given).map(([name, { shape, values, dtype }]) => [name, tf.tensor(values, shape, dtype)]));
    const names = Object.keys(model.modelSignature.outputs);
    const outputs = await model.executeAsync(inputs, names);
    for (const [i, tensor] of (Array.isArray(outputs) ? outputs : [outputs]).entries()) answer.outputs[names[i]] = { shape: tensor.shape, values: [...await tensor.data()] };
  } catch (error) {
    answer.error = String(error.stack ?? error);
  }
  await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
})();
</script>`;

/** Serves the page, the library and the folder on this machine alone; resolves with what the page answers. */
async function ask({ folder, given }: Exported, backend: string): Promise<Answer> {
  let server: Server | null = null;
  let child: ChildProcess | null = null;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      server = createServer((request, response) => {
        if (request.method === "POST") {
          const parts: Buffer[] = [];
          request.on("data", (part: Buffer) => parts.push(part)).on("end", () => (response.end(), resolve(JSON.parse(Buffer.concat(parts).toString()) as Answer)));
          return;
        }
        const { url = "" } = request;
        const file = url === "/tf.min.js" ? library : url.startsWith("/model/") ? join(folder, basename(url)) : null;
        if (file !== null && existsSync(file)) response.end(readFileSync(file));
        else if (url === "/") response.setHeader("content-type", "text/html").end(page(given, backend));
        else response.writeHead(404).end();
      }).listen(0, "127.0.0.1", () => {
        const { port } = server!.address() as AddressInfo;
        const flags = ["--headless=shell", "--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--in-process-gpu", `--user-data-dir=${temporaryFolder()}`, `http://127.0.0.1:${port}/`];
        let said = "";
        child = spawn(browser, flags, { stdio: ["ignore", "ignore", "pipe"] });
        child.stderr!.on("data", (part: Buffer) => (said += part.toString()));
        child.on("error", reject).on("exit", (code) => reject(new Error(`the browser ended (${code}) before it answered: ${said.slice(-2000)}`)));
      });
    });
  } finally {
    child!?.removeAllListeners("exit");
    child!?.kill("SIGKILL");
    server!?.close();
  }
}

async function check(name: string, exported: Exported, backend: (typeof backends)[number]): Promise<void> {
  const { error, backend: used, outputs } = await ask(exported, backend);
  expect(error).toBeUndefined();
  expect(used).toBe(backend);
  expect(Object.keys(outputs).sort()).toEqual([...exported.session.keys()].sort());
  for (const [output, { shape, values }] of Object.entries(outputs)) {
    const wanted = exported.session.get(output)!;
    expect(shape).toEqual(wanted.shape);
    const { difference, norm } = distance(values, wanted.values);
    report.push(`${name} ${output} on ${backend}: ${(difference / norm).toExponential(1)} of the session`);
    expect(difference / norm, output).toBeLessThan(tolerance);
  }
}

describe.skipIf(absent !== null)(`headless Chromium${absent === null ? "" : `: ${absent}`}`, async () => {
  for (const backend of backends) {
    test(`a made-up Llama on ${backend}`, async () => {
      const { folder } = await modelFolder(configs.llama);
      const inputs = { input_ids: [[3, 1, 4, 1, 5], [9, 2, 6, 5, 0]], attention_mask: [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]] };
      writeFileSync(join(folder, "inputs.json"), JSON.stringify(inputs));
      await check("llama", await exportedCase(".", "inputs.json", inputs, folder), backend);
    });
    for (const name of listed) {
      test(`${name} on ${backend}`, async () => {
        const fixture = await readFixture(name);
        await check(name, await exportedCase(fixture.folder, join(fixture.folder, "inputs.json"), fixture.inputs, temporaryFolder()), backend);
      });
    }
  }
  afterAll(() => console.log(report.join("\n")));
});
