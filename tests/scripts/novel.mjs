// `npm run novel`: trains examples/novel's run for this machine, `author` where the native backend runs and else `novelist`. Arguments go to `pt train`.
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const pt = `${root}bin/pt.mjs`;
const { backends } = JSON.parse(execFileSync(process.execPath, [pt, "backends", "--quick", "--json"], { encoding: "utf8", maxBuffer: 2 ** 24 }));
const given = process.argv.slice(2);
const chosen = given.includes("--backend") ? given[given.indexOf("--backend") + 1] : null;
const isNative = chosen === null ? backends.find(({ backend }) => backend === "native").available : chosen === "native";
const { status } = spawnSync(process.execPath, [pt, "train", `${root}examples/novel/spec.pt`, isNative ? "author" : "novelist", ...given], { stdio: "inherit" });
process.exit(status ?? 1);
