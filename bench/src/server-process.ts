import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface ServerProcess<Place> {
  /** What it told: where it answers. */
  readonly place: Place;
  stop(): Promise<void>;
}

/**
 * Starts a module in a process of its own, which tells by a message where it answers, and ends when this one does.
 *
 * @throws Error when it ends before it does
 */
export async function startServerProcess<Place>(
  module: URL,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess<Place>> {
  const child = fork(module, { env: { ...process.env, ...env } });
  const exited = once(child, 'exit');
  const endedEarly = exited.then(([code]) => {
    throw new Error(`${module.pathname} ended with ${code} before it answered`);
  });
  const [place] = (await Promise.race([once(child, 'message'), endedEarly])) as [Place];
  return {
    place,
    async stop() {
      child.kill();
      await exited;
    },
  };
}
