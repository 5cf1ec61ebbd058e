import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

const FIXTURE = join(import.meta.dirname, 'fixtures/service.ts');
const running: ChildProcess[] = [];

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  /** Resolves when a line with this message was logged. */
  logged(message: string): Promise<void>;
}

function run(env: Record<string, string>): Run {
  const child = spawn(process.execPath, [FIXTURE], {
    env: { PATH: process.env['PATH'], METRICS_PORT: '0', METRICS_HOST: '127.0.0.1', ...env },
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const logged = (message: string) =>
    vi.waitFor(() => expect(output).toContain(`"msg":"${message}"`), { timeout: 20_000, interval: 5 });
  return { child, output: () => output, exited, logged };
}

async function started(env: Record<string, string> = {}): Promise<Run> {
  const service = run(env);
  await service.logged('started');
  return service;
}

async function page(service: Run, path: string): Promise<{ status: number; body: unknown }> {
  const port = /"metricsPort":(\d+)/.exec(service.output())?.[1];
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.json() };
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops the service on %s and exits with 0', async (signal) => {
    const service = await started();
    service.child.kill(signal);
    expect(await service.exited).toBe(0);
    expect(service.output()).toMatch(/"stopping".*"draining".*"drained".*"stopped"/s);
  });

  it('exits with 1 when draining takes longer than its bound', async () => {
    const service = await started({ MODE: 'hangs-in-stop', SHUTDOWN_TIMEOUT_MS: '200' });
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain('did not stop in time');
  });

  it('exits with 1 when stopping fails', async () => {
    const service = await started({ MODE: 'fails-in-stop' });
    service.child.kill('SIGTERM');
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain('offsets were not committed');
  });

  it('is forced by a second Ctrl-C, with the code of the signal', async () => {
    const service = await started({ MODE: 'hangs-in-stop' });
    service.child.kill('SIGINT');
    await service.logged('draining');
    const again = setInterval(() => service.child.kill('SIGINT'), 50);
    expect(await service.exited.finally(() => clearInterval(again))).toBe(130);
    expect(service.output()).toContain('stop forced');
  });

  it('takes a Ctrl-C that npm repeats at once for one', async () => {
    const service = await started({ MODE: 'stops-slowly' });
    service.child.kill('SIGINT');
    await service.logged('draining');
    service.child.kill('SIGINT');
    expect(await service.exited).toBe(0);
  });

  it('logs an unhandled rejection and exits with 1', async () => {
    const service = await started({ MODE: 'rejects' });
    service.child.kill('SIGUSR2');
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain('"origin":"unhandledRejection"');
    expect(service.output()).toContain('nobody caught this');
  });

  it('drains and exits with 1 when the service reports a fault it cannot mend', async () => {
    const service = await started({ MODE: 'reports' });
    service.child.kill('SIGUSR2');
    expect(await service.exited).toBe(1);
    expect(service.output()).toMatch(/broker client crashed.*"drained"/s);
  });

  it('exits with 1 when the service cannot start', async () => {
    const service = run({ MODE: 'fails-to-start' });
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain('no database');
  });

  it.each([
    ['its own configuration', { METRICS_PORT: 'x' }, 'METRICS_PORT: must be a whole number from 0 to 65535'],
    ['the configuration of the service', { MODE: 'x' }, 'MODE: must be one of healthy'],
  ])('exits with 78 and names the variable when %s is wrong', async (_whose, env, line) => {
    const service = run(env);
    expect(await service.exited).toBe(78);
    expect(service.output()).toContain(line);
  });

  it('answers probes, and is alive but unready while it drains', async () => {
    const service = await started({ MODE: 'hangs-in-stop' });
    expect(await page(service, '/livez')).toEqual({
      status: 200,
      body: { ok: true, checks: { consumer: { ok: true } } },
    });
    expect(await page(service, '/readyz')).toEqual({
      status: 200,
      body: { ok: true, checks: { store: { ok: true } } },
    });
    service.child.kill('SIGTERM');
    await service.logged('draining');
    expect(await page(service, '/readyz')).toEqual({
      status: 503,
      body: { ok: false, checks: { stopping: { ok: false } } },
    });
    expect((await page(service, '/livez')).status).toBe(200);
  });
});
