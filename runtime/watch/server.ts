// A page on this machine with curves that update: server-sent events, nothing from elsewhere.

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { page } from "./page.ts";
import type { Watcher } from "./snapshot.ts";

export interface WatchServer { readonly url: string; readonly close: () => Promise<void> }

/** How often files are looked at, in milliseconds. */
const interval = 1_000;

/** Port 0 takes a free one. Rejects with the system's error where the port is taken. */
export async function serve(watcher: Watcher, port: number): Promise<WatchServer> {
  const listeners = new Set<ServerResponse>();
  let last = "";
  const latest = (): string => JSON.stringify(watcher.read() ?? { title: "nothing yet", runs: [] });
  const server = createServer((request, response) => {
    // A page of another site must not read this one under a name of its own.
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (!["localhost", "127.0.0.1"].includes(host)) return void response.writeHead(403).end();
    if (request.method !== "GET") return void response.writeHead(405).end();
    switch (request.url) {
      case "/":
        response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'", "cache-control": "no-store" }).end(page);
        return;
      case "/events":
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        response.write(`data: ${(last = latest())}\n\n`);
        listeners.add(response);
        response.on("close", () => listeners.delete(response));
        return;
      default:
        response.writeHead(404).end();
    }
  });
  const timer = setInterval(() => {
    if (!listeners.size) return;
    const now = latest();
    if (now === last) return;
    last = now;
    for (const response of listeners) response.write(`data: ${now}\n\n`);
  }, interval);
  await listening(server, port);
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => {
      clearInterval(timer);
      listeners.forEach((response) => response.end());
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
