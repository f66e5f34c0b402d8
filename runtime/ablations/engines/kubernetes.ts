// Kubernetes: a Job for each run; one that needs another waits for its result on the shared volume.

import { defineEngine, memoryOf, type EngineInput, type EngineJob } from "./define.ts";
import { version } from "../../version.ts";

export const kubernetes = defineEngine({
  word: "kubernetes",
  doc: "`batch/v1` Jobs on a shared volume, for `kubectl apply`",
  start: "kubectl apply -f jobs.json",
  // JSON is YAML, and needs no quoting rules of its own.
  files: (input) => ({
    "jobs.json": `${JSON.stringify({ apiVersion: "v1", kind: "List", items: [...input.jobs.map((job) => manifest(job, input)), collect(input)] }, null, 2)}\n`,
  }),
});

/** Where the volume is mounted: this folder, with the data beside it as it is here. */
const workFolder = "/work/jobs";
const claim = "ptarmigan";

/** Names of objects: lower case, digits and dashes (RFC 1123), at most 63. */
const nameOf = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(-63).replace(/^-+/, "");

function manifest(one: EngineJob, { name, base, backend }: EngineInput): object {
  const command = ["pt", one.command, `plans/${one.key}.json`, "--json", "--out", "runs", "--base", base, ...(backend ? ["--backend", backend] : [])];
  const waits = one.needs.map((need, i) => ({ name: `wait-${i}`, image: "busybox:1.36", command: ["sh", "-c", `until [ -f runs/${need}/result.json ]; do sleep 10; done`], workingDir: workFolder, volumeMounts: [{ name: "work", mountPath: "/work" }] }));
  return jobObject(one.key, name, command, memoryOf(one), waits);
}

function collect({ name, folder, spec, base, jobs }: EngineInput): object {
  const wait = { name: "wait", image: "busybox:1.36", command: ["sh", "-c", `for run in ${jobs.map((job) => job.key).join(" ")}; do until [ -f runs/$run/result.json ]; do sleep 10; done; done`], workingDir: workFolder, volumeMounts: [{ name: "work", mountPath: "/work" }] };
  return jobObject(`${name}-collect`, name, ["sh", "-c", `pt ablate "${spec}" ${name} --collect --out runs --base "${base}"; pt report runs/${folder}`], 4e9, [wait]);
}

function jobObject(key: string, ablation: string, command: readonly string[], memory: number, waits: readonly object[]): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: nameOf(key), labels: { app: "ptarmigan", ablation: nameOf(ablation) } },
    spec: {
      backoffLimit: 3,
      // What waits for a run that failed ends with this.
      activeDeadlineSeconds: 7 * 86_400,
      template: {
        metadata: { labels: { app: "ptarmigan", ablation: nameOf(ablation) } },
        spec: {
          restartPolicy: "Never",
          // SIGTERM lets a run finish its step and save.
          terminationGracePeriodSeconds: 120,
          ...(waits.length ? { initContainers: waits } : {}),
          containers: [{
            name: "pt", image: `ptarmigan:${version}`, command, workingDir: workFolder,
            env: [{ name: "PT_THREADS", value: "4" }],
            resources: { requests: { cpu: "4", memory: `${memory / 1e9}G` }, limits: { memory: `${memory / 1e9}G` } },
            volumeMounts: [{ name: "work", mountPath: "/work" }],
          }],
          volumes: [{ name: "work", persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
}
