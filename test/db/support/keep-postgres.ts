import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type Cluster, startCluster } from './postgres.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to ask for the shared PostgreSQL. */
    sharedPostgres: string;
  }
}

/** Vitest's own process keeps one PostgreSQL for all test processes: from when the first of them asks for it until the run is over. */
export default async function keepShared(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<Cluster> | null = null;
  const door = createServer((_, answer) => {
    cluster ??= startCluster();
    cluster.then(
      ({ place }) => answer.end(JSON.stringify(place)),
      (error) => answer.writeHead(500).end(String(error)),
    );
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  project.provide('sharedPostgres', `http://127.0.0.1:${(door.address() as AddressInfo).port}/`);
  return async () => {
    door.close();
    await (await cluster)?.stop();
  };
}
