import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '@aegis/runtime/durable-file';
import { z } from 'zod';
import { writePrivate } from './secrets.ts';

const factsSchema = z.object({
  baseUrl: z.string(),
  organizationId: z.string(),
  ownerEmail: z.string(),
  ownerPassword: z.string(),
  /** Holds the role finance too, to which approvals are given unless a policy names others. */
  adminEmail: z.string(),
  adminPassword: z.string(),
  /** Owns the agent and its key, so that the administrator may answer its approvals: nobody approves their own request. */
  developerEmail: z.string(),
  developerPassword: z.string(),
  agentId: z.string(),
  agentKey: z.string(),
});
export type DemoFacts = z.infer<typeof factsSchema>;

/** Limits are counted in it; what is submitted in another currency waits for a person until there are exchange rates. */
export const DEMO_CURRENCY = 'GBP';

/**
 * The demonstration's organisation with an administrator, a developer, an agent and its key, made over the public API
 * the first time and remembered in `demo.json` of the data directory. A start that was cut off goes on where it was.
 */
export async function ensureDemo(dataDir: string, baseUrl: string, operatorKey: string): Promise<DemoFacts> {
  const file = join(dataDir, 'demo.json');
  const known = await readIfThere(file);
  const facts = known === null ? await createDemo(dataDir, baseUrl, operatorKey) : factsSchema.parse(JSON.parse(known));
  const current = { ...facts, baseUrl };
  await writePrivate(file, current);
  return current;
}

const passwordsSchema = z.object({ owner: z.string(), admin: z.string(), developer: z.string() });

/** The passwords are kept before anybody has them, so that the same requests can be sent again. */
async function choosePasswords(dataDir: string): Promise<z.infer<typeof passwordsSchema>> {
  const file = join(dataDir, 'demo.pending.json');
  const chosen = await readIfThere(file);
  if (chosen !== null) return passwordsSchema.parse(JSON.parse(chosen));
  const passwords = { owner: password(), admin: password(), developer: password() };
  await writePrivate(file, passwords);
  return passwords;
}

async function createDemo(dataDir: string, baseUrl: string, operatorKey: string): Promise<Omit<DemoFacts, 'baseUrl'>> {
  const passwords = await choosePasswords(dataDir);
  const [ownerEmail, adminEmail, developerEmail] = [
    'owner@demo.example',
    'admin@demo.example',
    'developer@demo.example',
  ];
  const organization = await post(
    baseUrl,
    operatorKey,
    '/v1/organizations',
    {
      name: 'Demonstration',
      baseCurrency: DEMO_CURRENCY,
      timeZone: 'Europe/London',
      owner: { email: ownerEmail, name: 'Owner', password: passwords.owner },
    },
    'demo-organization',
  );
  const owner = await logIn(baseUrl, ownerEmail, passwords.owner);
  const admin = { email: adminEmail, name: 'Administrator', password: passwords.admin, roles: ['admin', 'finance'] };
  await post(baseUrl, owner, '/v1/users', admin, 'demo-admin');
  const developer = { email: developerEmail, name: 'Developer', password: passwords.developer, roles: ['developer'] };
  await post(baseUrl, owner, '/v1/users', developer, 'demo-developer');
  const token = await logIn(baseUrl, developerEmail, passwords.developer);
  const agent = await post(
    baseUrl,
    token,
    '/v1/agents',
    { name: 'Demo agent', description: 'Submits the first intents' },
    'demo-agent',
  );
  const scopes = ['intents:write', 'intents:read', 'agents:read'];
  // Its secret is shown once, so a repeated request makes another key.
  const key = await post(baseUrl, token, '/v1/api-keys', { name: 'Demo agent', agentId: text(agent, 'id'), scopes });
  await rm(join(dataDir, 'demo.pending.json'));
  return {
    organizationId: text(organization, 'id'),
    ownerEmail,
    ownerPassword: passwords.owner,
    adminEmail,
    adminPassword: passwords.admin,
    developerEmail,
    developerPassword: passwords.developer,
    agentId: text(agent, 'id'),
    agentKey: text(key, 'secret'),
  };
}

function password(): string {
  return randomBytes(12).toString('base64url');
}

async function logIn(baseUrl: string, email: string, secret: string): Promise<string> {
  return text(await post(baseUrl, null, '/v1/auth/token', { email, password: secret }), 'accessToken');
}

async function post(
  baseUrl: string,
  token: string | null,
  path: string,
  body: unknown,
  repeatableAs?: string,
): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(path, baseUrl), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(repeatableAs && { 'idempotency-key': repeatableAs }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = z.record(z.string(), z.unknown()).parse(await response.json());
  if (!response.ok) throw new Error(`The demonstration could not be set up: POST ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

function text(answer: Record<string, unknown>, name: string): string {
  return z.string().parse(answer[name]);
}
