import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { run } from '@aegis/testkit/run';
import type { Launcher } from './system.ts';

const ROOT = join(import.meta.dirname, '../..');
const TELEMETRY = join(ROOT, 'packages/runtime/src/telemetry.ts');

/** Starts services as processes of this machine, from the sources. */
export const processLauncher: Launcher = {
  async launch(_name, workspace, env) {
    const child = spawn(process.execPath, ['--import', TELEMETRY, join(ROOT, workspace, 'src/main.ts')], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => lines.push(chunk));
    const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 137)));
    return {
      pid: child.pid ?? 0,
      output: () => Promise.resolve(Buffer.concat(lines).toString()),
      stop: () => {
        child.kill('SIGTERM');
        return ended;
      },
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
    };
  },
  async migrate(env) {
    await run(process.execPath, [join(ROOT, 'packages/migrate/src/main.ts')], { env });
  },
};
