import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of the PostgreSQL server that the run shares. */
    postgresUrl: string;
  }
}

/** `DATABASE_URL` names a server to use; without it the run starts one. Tests need no durability: no fsync there. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env.DATABASE_URL) {
    project.provide('postgresUrl', process.env.DATABASE_URL);
    return undefined;
  }
  const server = await startPostgres({ settings: { fsync: 'off' } });
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
