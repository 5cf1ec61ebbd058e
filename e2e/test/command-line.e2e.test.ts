import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { System } from '@aegis/testkit/system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientWith, facts, newOwner } from '../src/client.ts';
import { type OwnSystems, ownSystems } from '../src/own-system.ts';

const CLI = join(import.meta.dirname, '../../packages/cli/bin/aegis.mjs');
let dir: string;
let systems: OwnSystems;
/** Its own, because the demonstration's policies would decide other tests' intents. */
let system: System;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aegis-cli-'));
  systems = await ownSystems();
  system = await systems.start();
});
afterAll(async () => {
  await system.stop();
  await systems.close();
  await rm(dir, { recursive: true, force: true });
});

function aegis(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, AEGIS_DATA_DIR: system.dataDir };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

/** Card transactions as a bank exports them: refunds, blanks, odd casing, quotes. */
function cardFile(rows: number, card: string): string {
  const lines = ['date,card,department,merchant,category,amount,currency'];
  for (let row = 0; row < rows; row++) {
    const amount = row % 10 === 3 ? '-12.50' : row % 10 === 7 ? '' : `${row}.25`;
    lines.push(
      `2014-03-0${(row % 9) + 1},${card}${row % 4},"Adult & ""Communities""",ASDA home ${row % 5},Purchases Food,${amount},GBP`,
    );
  }
  return `${lines.join('\n')}\n`;
}

describe('aegis policies lint', () => {
  it('prints what is wrong with a proposed set and ends with an error, or says that nothing is', async () => {
    const hour = (value: number) => ({ match: 'all', conditions: [{ field: 'hour_of_day', operator: 'gt', value }] });
    const policy = { name: 'Late', priority: 1, action: 'deny' };
    const file = join(dir, 'policies.json');
    await writeFile(file, JSON.stringify([{ ...policy, rules: hour(23) }]));
    const never = await aegis('policies', 'lint', file);
    expect(never.code).toBe(1);
    expect(never.stdout).toMatch(/"kind":"contradiction","policy":\{"id":null,"name":"Late"\}/);
    await writeFile(file, JSON.stringify({ policies: [{ ...policy, rules: hour(22) }], defaultAction: 'deny' }));
    expect(await aegis('policies', 'lint', file)).toMatchObject({
      code: 0,
      stdout: '0 findings; nothing else is there.\n',
    });
    await writeFile(file, '"nothing"');
    expect((await aegis('policies', 'lint', file)).stderr).toContain('is not JSON of policies');
  });
});

describe('aegis policies template', () => {
  it('prints the policies of a template, in a size, for a file that lint finds nothing wrong with', async () => {
    expect((await aegis('policies', 'template')).stdout).toMatch(/^finance-team: /);
    const { stdout } = await aegis('policies', 'template', 'finance-team', '--everyday', '50');
    const file = join(dir, 'template.json');
    await writeFile(file, stdout);
    expect(JSON.parse(stdout)[2]).toMatchObject({ rules: { conditions: [{ field: 'amount_base', value: 500 }] } });
    expect((await aegis('policies', 'lint', file)).code).toBe(0);
    expect((await aegis('policies', 'template', 'nobody')).stderr).toContain('there is finance-team');
  });

  it('creates them once when it is told to', async () => {
    const { token } = await newOwner('Beginners');
    const access = ['--base-url', facts().baseUrl, '--api-key', token];
    const apply = () => aegis('policies', 'template', 'finance-team', '--apply', ...access);
    expect((await apply()).stdout).toContain('10 policies created, 0 were there.');
    expect(await apply()).toMatchObject({ code: 0, stdout: '0 policies created, 10 were there.\n' });
  });
});

describe('aegis replay', () => {
  it('submits a gzip file, reports refused rows with row and reason, and submits nothing twice when it runs again', async () => {
    const file = join(dir, 'cards.csv.gz');
    const card = String(Math.floor(Math.random() * 1e9));
    await writeFile(file, gzipSync(cardFile(100, card)));
    const first = await aegis('replay', file);
    expect(first.stderr + first.stdout).toContain('80 accepted, 20 refused');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/amount_not_positive: 10 rows, first row 5/);
    expect(first.stdout).toMatch(/not_a_number: 10 rows, first row 9/);

    const second = await aegis('replay', file);
    expect(second.stdout).toContain('80 accepted, 20 refused');
    const { adminEmail: email, adminPassword: password, baseUrl } = system.facts;
    const login = await clientWith(null, baseUrl).post('/v1/auth/token', { email, password });
    const admin = clientWith(login.body.accessToken, baseUrl);
    const agents = await admin.get('/v1/agents');
    const ids: string[] = agents.body.data
      .filter(({ name }: { name: string }) => name.startsWith(card))
      .map(({ id }: { id: string }) => id);
    expect(ids).toHaveLength(4);
    const counts = await Promise.all(
      ids.map(async (id) => (await admin.get(`/v1/intents?agentId=${id}&limit=1`)).body.pagination.total),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(80);
  });

  it.each([
    [['replay'], 'Name one file'],
    [['replay', '/nowhere.csv'], 'cannot be read'],
    [['replay', '--colour'], '--colour'],
    [['ledger', 'check', '--base-url', 'localhost:8080', '--api-key', 'k'], '--base-url must be an origin'],
    [['teleport'], 'no command teleport'],
  ])('%j ends with a sentence, not a stack', async (args, message) => {
    const { code, stderr } = await aegis(...args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it.each(['replay', 'demo', 'decisions', 'org', 'fx', 'ledger', 'policies', 'backup', 'restore', 'dead-letters'])(
    '%s explains itself by --help',
    async (command) => {
      const { code, stdout } = await aegis(command, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain('Usage:');
    },
  );
});

describe('aegis demo', () => {
  it('submits a seeded stream that is allowed, denied and asked about', async () => {
    const { code, stdout, stderr } = await aegis('demo', '--count', '150', '--seed', '42');
    expect(stderr).toContain('Seed 42');
    expect(code).toBe(0);
    for (const outcome of [
      'approved — Everyday purchases',
      'denied — No gambling',
      'pending_approval — Finance approves large purchases',
    ]) {
      expect(stdout).toContain(outcome);
    }
  });
});

describe('aegis fx import', () => {
  it('records the rates of a file, again without a change, and names the line at fault', async () => {
    const file = join(dir, 'rates.csv.gz');
    const days = Array.from({ length: 600 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString());
    await writeFile(file, gzipSync(`currency,rate,effectiveAt\n${days.map((at) => `EUR,0.8571,${at}\n`).join('')}`));
    for (let run = 0; run < 2; run += 1) {
      expect(await aegis('fx', 'import', file)).toMatchObject({ code: 0, stdout: '600 rates are on record.\n' });
    }
    const wrong = join(dir, 'wrong.csv');
    await writeFile(wrong, 'currency,rate\nEUR,0.86\nUSD,1e309\n');
    const elsewhere = await aegis('fx', 'import', wrong, '--base-url', 'http://127.0.0.1:1');
    expect(elsewhere).toMatchObject({ code: 1, stderr: '--base-url needs --email\n' });
    const refused = await aegis('fx', 'import', wrong);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('rates[1].rate');
    expect(refused.stderr).toContain('rates[0] is line 2');
    const { adminEmail: email, adminPassword: password, baseUrl } = system.facts;
    const login = await clientWith(null, baseUrl).post('/v1/auth/token', { email, password });
    const page = await clientWith(login.body.accessToken, baseUrl).get('/v1/fx-rates?currency=EUR&limit=1');
    expect(page.body).toMatchObject({
      data: [{ rate: '0.8571', effectiveAt: days.at(-1) }],
      pagination: { total: 600 },
    });
  });
});

describe('aegis decisions verify', () => {
  it('decides again what the other commands had decided, and finds nothing that differs', async () => {
    const { code, stdout } = await aegis('decisions', 'verify');
    expect(stdout).toMatch(/^(\d+) decisions decided again: \1 the same, 0 different, 0 unverifiable\.$/m);
    expect(Number.parseInt(stdout, 10)).toBeGreaterThan(200);
    expect(code).toBe(0);
    const none = await aegis('decisions', 'verify', '--to', '2001-01-01');
    expect(none.stdout).toContain('0 decisions decided again');
    const refused = await aegis('decisions', 'verify', '--from', 'yesterday');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('from');
  });
});

describe('what npm start runs', () => {
  it('is looked at while it works: its logs and sums proved, its dead letters listed', async () => {
    const checked = await aegis('restore', '--check');
    expect(checked.stdout).toContain('all is whole');
    expect(checked.code).toBe(0);
    expect(await aegis('dead-letters', 'list')).toMatchObject({ code: 0, stdout: '' });
  });
});
