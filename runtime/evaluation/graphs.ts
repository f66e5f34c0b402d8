// Graphs for prompts of many lengths: sizes are rounded up, so that few are made, and each is prepared once.

import type { Graph } from "../../compiler/graph/node.ts";
import type { GraphSizes, GraphSource } from "../generation/source.ts";
import type { Program, Session } from "../session.ts";

/** Lengths are rounded up to a multiple of this, where the model's window allows. */
const grain = 32;

export function keptGraphs(source: GraphSource): GraphSource {
  const made = new Map<string, ReturnType<GraphSource["graphs"]>>();
  const up = (length: number, most: number): number => Math.min(most, Math.ceil(length / grain) * grain);
  return {
    ...source,
    graphs(sizes: GraphSizes) {
      const rounded = { ...sizes, decoder: up(sizes.decoder, source.window), encoder: up(sizes.encoder, source.encoder ?? 0), cache: up(Math.max(sizes.cache, sizes.decoder), source.window) };
      const key = Object.values(rounded).join();
      const graphs = made.get(key) ?? source.graphs(rounded);
      made.set(key, graphs);
      return graphs;
    },
  };
}

/** The session, with a program for each graph that is made once. */
export function keptPrograms(session: Session): Session {
  const programs = new WeakMap<Graph, Program>();
  return {
    ...session,
    program(graph) {
      const program = programs.get(graph) ?? session.program(graph);
      programs.set(graph, program);
      return program;
    },
  };
}
