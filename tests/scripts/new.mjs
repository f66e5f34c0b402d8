// `npm run new <kind> <name>`: a new member of a concept folder and its test, from a template that type-checks.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exportName, root } from "./generate.mjs";
import { execFileSync } from "node:child_process";

const upper = (name) => name.replace(/(^|_)([a-z0-9])/g, (_, __, letter) => letter.toUpperCase());

/** Kind → folder, the member's text, and its test. Conformance tests run over the registries on their own. */
const kinds = {
  mask: {
    folder: "compiler/masks",
    text: (name) => `// ${name}: say the predicate as a formula.\n\nimport { compare, defineMask, key, query } from "./define.ts";\n\nexport const ${name} = defineMask({\n  word: "${name}",\n  doc: "Which keys a query attends to.",\n  parameters: {},\n  predicate: () => compare(key, "<=", query),\n});\n`,
    test: (name) => `import { expect, test } from "vitest";\nimport { maskMatrix } from "../../compiler/graph/mask.ts";\nimport { ${name} } from "../../compiler/masks/${name}.ts";\n\ntest("${name}: its matrix", () => {\n  expect([...maskMatrix(${name}.predicate({}), { queries: 3, keys: 3 })]).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);\n});\n`,
  },
  op: {
    folder: "compiler/ops",
    text: (name) => `// ${name}: say the formula.\n\nimport { defineOp } from "./define.ts";\n\nexport const ${name} = defineOp({\n  name: "${name}",\n  doc: "What it computes, with shapes.",\n  inputs: ["x"],\n  outputs: ["y"],\n  infer: ({ x }) => [x],\n  gradient: (b, { inputs }, [dy]) => ({ x: dy === null ? null : b.scale(b.multiply(dy, inputs.x), { factor: 2 }) }),\n  flops: (_, [y]) => y.shape.reduce((product, n) => product * n, 1),\n  evaluate: ({ x }, [y]) => {\n    for (let i = 0; i < y.length; i++) y[i] = x[i] * x[i];\n  },\n  lower: (tf, { x }) => [tf.square(x)],\n  samples: [{ title: "a matrix", inputs: { x: { shape: [3, 5] } }, attributes: {} }],\n});\n`,
    test: (name) => `import { expect, test } from "vitest";\nimport { ${name} } from "../../compiler/ops/${name}.ts";\n\ntest("${name}: values by hand", () => {\n  const y = new Float64Array(2);\n  ${name}.evaluate({ x: Float64Array.of(2, -3) }, [y], {}, { inputs: { x: [2] }, outputs: [[2]] });\n  expect([...y]).toEqual([4, 9]);\n});\n`,
  },
  diagnostic: {
    folder: "grammar/diagnostics",
    text: (name) => `// ${name.replace("-", ": ").replaceAll("-", " ")}.\n\nimport { defineDiagnostic } from "./define.ts";\n\nexport const ${exportName("grammar/diagnostics", name)} = defineDiagnostic<{ name: string }>({\n  code: "${name.split("-")[0]}",\n  slug: "${name.split("-").slice(1).join("-")}",\n  severity: "error",\n  title: "what the code means, in a line",\n  message: ({ name }) => \`what is wrong with \\\`\${name}\\\`\`,\n  page: "Why it is refused, and what to do.",\n  failing: "mask a = b\\n",\n  fixed: "mask a = causal\\n",\n});\n`,
  },
};

const [kind, name] = process.argv.slice(2);
const rule = kinds[kind];
const wellFormed = kind === "diagnostic" ? /^PT[1-8]\d{3}(-[a-z0-9]+)+$/ : /^[a-z][a-z0-9_]*$/;
if (!rule || !name || !wellFormed.test(name)) {
  console.error(`usage: npm run new <${Object.keys(kinds).join("|")}> <name>   (a diagnostic's name is PT1234-its-slug)`);
  process.exit(2);
}
const written = [];
const write = (path, text) => {
  if (existsSync(join(root, path))) {
    console.error(`${path} exists`);
    process.exit(1);
  }
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  written.push(path);
};
write(`${rule.folder}/${name}.ts`, rule.text(name));
if (rule.test) write(`tests/${rule.folder.split("/").at(-1)}/${name}.test.ts`, rule.test(name));
execFileSync(process.execPath, [join(root, "tests/scripts/generate.mjs")], { stdio: "inherit" });
console.log(`${written.join("\n")}\n\nNow write ${upper(name)}'s record; \`npm test\` runs the conformance tests over it.`);
