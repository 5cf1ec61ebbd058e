import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '@aegis/testkit/system';
import { Pool } from 'undici';

/** Connections of the load generator; as many requests are in flight at once. */
export const CONNECTIONS = 128;

/** A running system with a key that may submit for every agent, and the agents to submit for. */
export interface Target {
  readonly agents: readonly string[];
  /** Submits one intent; resolves when it is acknowledged (202), or decided (200) with `wait`. */
  submit(agentId: string, wait: boolean): Promise<void>;
  progress(): Promise<Progress>;
  close(): Promise<void>;
}

/** How far the pipeline is: anything still undecided, entries in the log, approved intents that analytics counts. */
export interface Progress {
  readonly pending: boolean;
  readonly entries: number;
  readonly counted: number;
}

export async function openTarget(system: System, agentCount: number): Promise<Target> {
  const { baseUrl, adminEmail, adminPassword, developerEmail, developerPassword } = system.facts;
  const pool = new Pool(baseUrl, { connections: CONNECTIONS });

  async function call(
    method: 'GET' | 'POST',
    path: string,
    token: string | null,
    body?: unknown,
  ): Promise<Record<string, never>> {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' };
    const answer = await pool.request({
      method,
      path,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  }
  const logIn = async (email: string, password: string): Promise<string> =>
    (await call('POST', '/v1/auth/token', null, { email, password }))['accessToken'] ?? '';

  const admin = await logIn(adminEmail, adminPassword);
  const developer = await logIn(developerEmail, developerPassword);
  const scopes = ['intents:write', 'intents:write:any', 'intents:read'];
  const key = await call('POST', '/v1/api-keys', developer, { name: 'bench', scopes });
  const agents: string[] = [];
  const register = async () => {
    while (agents.length < agentCount) {
      const place = agents.push('') - 1;
      const agent = await call('POST', '/v1/agents', developer, { name: `bench ${place}`, dailyLimit: 1e12 });
      agents[place] = agent['id'] ?? '';
    }
  };
  await Promise.all(Array.from({ length: 16 }, register));
  const authorization = `Bearer ${key['secret']}`;

  return {
    agents,
    async submit(agentId, wait) {
      const body = `{"agentId":"${agentId}","amount":12.34,"currency":"GBP","reason":"Benchmark of the whole pipeline","merchant":"paper.example","merchantCategory":"office","metadata":{"order":"A-1024"}}`;
      const headers = { authorization, 'content-type': 'application/json', ...(wait && { prefer: 'wait=10' }) };
      const answer = await pool.request({ method: 'POST', path: '/v1/intents', headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== (wait ? 200 : 202))
        throw new Error(`an intent was answered with ${answer.statusCode}: ${text}`);
    },
    async progress() {
      const [pending, log, spend] = await Promise.all([
        call('GET', '/v1/intents?status=pending&limit=1', admin),
        call('GET', '/v1/audit?limit=1', admin),
        call('GET', '/v1/analytics/spend?days=1', admin),
      ]);
      const page = pending as unknown as { data: unknown[] };
      const entries = log as unknown as { data: { seq: number }[] };
      const counts = spend as unknown as { breakdown: { approved: { count: number } } };
      return {
        pending: page.data.length > 0,
        entries: (entries.data[0]?.seq ?? -1) + 1,
        counted: counts.breakdown.approved.count,
      };
    },
    close: () => pool.close(),
  };
}

/** Waits until what came before has gone through, so that a round starts from rest. */
export async function untilIdle(target: Target): Promise<Progress> {
  let before = await target.progress();
  for (;;) {
    await delay(300);
    const now = await target.progress();
    if (!now.pending && now.entries === before.entries && now.counted === before.counted) return now;
    before = now;
  }
}
