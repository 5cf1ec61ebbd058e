import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '@aegis/testkit/run';
import { endWithParent } from '../child.ts';
import type { Launcher } from '../services.ts';

export const ROOT = join(import.meta.dirname, '../../..');
export const RESOLVER = join(import.meta.dirname, 'resolver.ts');

/** Starts services as processes of this machine, from the sources below `root`; what each prints goes to a file in `logs`. */
export async function processLauncher(logs: string, root = ROOT): Promise<Launcher> {
  await mkdir(logs, { recursive: true });
  return {
    async launch(name, workspace, env) {
      const imports = [RESOLVER, join(root, 'packages/runtime/src/telemetry.ts')];
      const child = spawn(
        process.execPath,
        [...imports.flatMap((file) => ['--import', file]), join(root, workspace, 'src/main.ts')],
        { cwd: root, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      endWithParent(child);
      const log = join(logs, `${name}-${child.pid}.log`);
      for (const stream of [child.stdout, child.stderr])
        void pipeline(stream, createWriteStream(log, { flags: 'a' })).catch(() => undefined);
      const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 137)));
      const end = (signal: 'SIGTERM' | 'SIGKILL') => {
        child.kill(signal);
        return ended;
      };
      return {
        pid: child.pid ?? 0,
        output: () => readFile(log, 'utf8'),
        hasEnded: () => Promise.resolve(child.exitCode !== null || child.signalCode !== null),
        stop: () => end('SIGTERM'),
        kill: async () => void (await end('SIGKILL')),
      };
    },
    async migrate(env) {
      await run(process.execPath, [join(root, 'packages/migrate/src/main.ts')], { env });
    },
  };
}
