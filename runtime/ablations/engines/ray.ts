// Ray: a task for each run, which gets what it needs as futures.

import { defineEngine, memoryOf, type EngineInput } from "./define.ts";

export const ray = defineEngine({
  word: "ray",
  doc: "a program of Ray tasks",
  start: "python ablation.py",
  files: (input) => ({ "ablation.py": program(input) }),
});

function program({ name, folder, jobs, spec, base, backend }: EngineInput): string {
  const text = (value: unknown): string => JSON.stringify(value);
  return `"""Trains the jobs of the ablation ${name} as Ray tasks; run it again to go on: what is done is not trained again."""

import os
import subprocess

import ray

HERE = os.path.dirname(os.path.abspath(__file__))
RUNS = os.environ.get("PT_RUNS", "runs")
BASE = os.environ.get("PT_BASE", ${text(base)})
SPEC = os.environ.get("PT_SPEC", ${text(spec)})
CPUS = int(os.environ.get("PT_THREADS", "4"))

# Command of pt, key, memory in bytes, keys of the jobs that it needs; each after those.
JOBS = [
${jobs.map((one) => `    (${text(one.command)}, ${text(one.key)}, ${memoryOf(one)}, [${one.needs.map(text).join(", ")}]),`).join("\n")}
]


@ray.remote(num_cpus=CPUS, max_retries=3)
def run(command, key, needed):
    """Returns None, or why the job failed: a failure stops only what needs it."""
    failed = [why for why in needed if why is not None]
    if failed:
        return f"{key}: needs a run that failed: {failed[0]}"
    arguments = ["pt", command, f"plans/{key}.json", "--json", "--out", RUNS, "--base", BASE${backend ? `, "--backend", ${text(backend)}` : ""}]
    done = subprocess.run(arguments, cwd=HERE, env={**os.environ, "PT_THREADS": str(CPUS)}, capture_output=True, text=True)
    return None if done.returncode == 0 else f"{key}: {(done.stdout + done.stderr).strip()[-500:]}"


@ray.remote
def gather(*results):
    return list(results)


def main():
    ray.init(ignore_reinit_error=True)
    futures = {}
    for command, key, memory, needs in JOBS:
        futures[key] = run.options(memory=memory).remote(command, key, gather.remote(*[futures[need] for need in needs]))
    for why in ray.get(list(futures.values())):
        if why is not None:
            print(why)
    subprocess.run(["pt", "ablate", SPEC, ${text(name)}, "--collect", "--out", RUNS, "--base", BASE], cwd=HERE, check=False)
    subprocess.run(["pt", "report", os.path.join(RUNS, ${text(folder)})], cwd=HERE, check=False)


if __name__ == "__main__":
    main()
`;
}
