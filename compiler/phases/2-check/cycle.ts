// cycle(a, b): copy i of the innermost `repeat` gets argument i mod n.

import type { Call, Expression } from "../../../grammar/ast.ts";
import { cycleOutside } from "../../../grammar/diagnostics/PT3020-cycle-outside.ts";
import type { Scope } from "../1-resolve/program.ts";
import { at, type Context } from "./context.ts";

export function cycled(node: Call, scope: Scope, context: Context): Expression | null {
  if (scope.copy === undefined || !node.arguments.length || node.arguments.some((argument) => argument.name)) {
    context.sink.report(cycleOutside, at(scope, node.span), {});
    return null;
  }
  return node.arguments[scope.copy % node.arguments.length].value;
}
