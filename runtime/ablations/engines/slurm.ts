// Slurm: an array job for each level, each after the one before, and one that collects.

import { defineEngine, levelsOf, memoryOf, quoted, type EngineInput, type EngineJob } from "./define.ts";

export const slurm = defineEngine({
  word: "slurm",
  doc: "array jobs with dependencies, for `sbatch`",
  start: "bash submit.sh",
  files: (input) => {
    const levels = levelsOf(input.jobs);
    return {
      "submit.sh": submit(levels),
      ...Object.fromEntries(levels.map((jobs, level) => [`level-${level}.sbatch`, array(jobs, level, input)])),
      "collect.sbatch": collect(input),
    };
  },
});

/** A job that failed does not stop the others: what needed it fails by itself, and its row says why. */
function submit(levels: readonly (readonly EngineJob[])[]): string {
  const lines = levels.map((jobs, i) => `level_${i}=$(sbatch --parsable --array=0-${jobs.length - 1}${i ? ` --dependency="afterany:$level_${i - 1}"` : ""} level-${i}.sbatch)\necho "level ${i}: job $level_${i}, ${jobs.length} tasks"`);
  return `#!/bin/bash
# Submits all jobs; run it again to go on after failures: what is done is not trained again.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p logs
${lines.join("\n")}
sbatch --dependency="afterany:$level_${levels.length - 1}" collect.sbatch
`;
}

function header(name: string, memory: number, log: string): string {
  return `#!/bin/bash
#SBATCH --job-name=${name}
#SBATCH --cpus-per-task=4
#SBATCH --mem=${memory / 1e9}G
#SBATCH --output=logs/${log}.out
#SBATCH --requeue
# Two minutes before its end a job is asked to save; submitted again it goes on from there.
#SBATCH --signal=B:TERM@120
set -euo pipefail
`;
}

function array(jobs: readonly EngineJob[], level: number, { name, base, backend }: EngineInput): string {
  return `${header(`${name}-${level}`, Math.max(...jobs.map(memoryOf)), `${name}-${level}-%a`)}
jobs=(
${jobs.map(({ command, key }) => `  "${command} ${key}"`).join("\n")}
)
read -r command key <<< "\${jobs[$SLURM_ARRAY_TASK_ID]}"
export PT_THREADS="\${PT_THREADS:-\${SLURM_CPUS_PER_TASK:-4}}"
exec pt "$command" "plans/$key.json" --json --out "\${PT_RUNS:-runs}" --base "\${PT_BASE:-${quoted(base)}}"${backend ? ` --backend ${quoted(backend)}` : ""}
`;
}

function collect({ name, folder, spec, base }: EngineInput): string {
  return `${header(`${name}-collect`, 4e9, `${name}-collect`)}
# Writes the table of what is done, and the report. Runs that failed are rows that say why.
pt ablate "\${PT_SPEC:-${quoted(spec)}}" ${name} --collect --out "\${PT_RUNS:-runs}" --base "\${PT_BASE:-${quoted(base)}}" || echo "not everything is done"
pt report "\${PT_RUNS:-runs}/${folder}"
`;
}
