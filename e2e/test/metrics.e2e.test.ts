import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { freePort, type System } from '@aegis/testkit/system';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientWith } from '../src/client.ts';
import { type OwnSystems, ownSystems } from '../src/own-system.ts';

const PAGE = join(import.meta.dirname, '../../docs/metrics.md');

let systems: OwnSystems;
let system: System;
let metricsUrl: string;

beforeAll(async () => {
  systems = await ownSystems();
  const port = await freePort();
  metricsUrl = `http://127.0.0.1:${port}`;
  system = await systems.start({ env: { METRICS_PORT: String(port) } });
});
afterAll(async () => {
  await system?.stop();
  await systems?.close();
});

async function exposed(): Promise<string[]> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? '');
  return names.filter((name) => name !== 'target_info').toSorted();
}

it('docs/metrics.md names exactly the metrics that a system shows once it has worked', async () => {
  const { agentId, agentKey, adminEmail, adminPassword, baseUrl } = system.facts;
  const agent = clientWith(agentKey, baseUrl);
  const intent = { agentId, amount: 5, currency: 'GBP', reason: 'Measured' };
  expect((await agent.post('/v1/intents', intent, { prefer: 'wait=10' })).status).toBe(200);
  const login = await clientWith(null, baseUrl).post('/v1/auth/token', { email: adminEmail, password: adminPassword });
  const admin = clientWith(login.body.accessToken, baseUrl);
  expect((await admin.get('/v1/audit/export?format=json&standard=generic')).status).toBe(200);
  expect((await fetch(`${metricsUrl}/readyz`)).status).toBe(200);

  const page = await readFile(PAGE, 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` \| (?:counter|gauge|histogram) \|/gm)].map(
    (match) => match[1] ?? '',
  );
  await eventually(async () => expect(await exposed()).toEqual(documented.toSorted()));
});
