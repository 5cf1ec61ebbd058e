import { randomUUID } from 'node:crypto';
import { eventually } from '@aegis/testkit/eventually';
import type { DemoFacts } from '@aegis/testkit/system';
import { inject } from 'vitest';

/** A JSON answer as a test reads it: the shape is what the test asserts. */
// eslint-disable-next-line typescript/no-explicit-any
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
  readonly bytes: Buffer;
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Sends the body's bytes as they are. */
  raw(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

/** The demonstration's organisation of the system under test. */
export function facts(): DemoFacts {
  return inject('facts');
}

/** A client of one credential; null sends none. */
export function clientWith(token: string | null, baseUrl = facts().baseUrl): Client {
  async function raw(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '' && !text.includes('\n{');
    return { status: response.status, headers: response.headers, text, bytes, body: isJson ? JSON.parse(text) : null };
  }
  return {
    get: (path, headers) => raw('GET', path, undefined, headers),
    post: (path, body, headers) => raw('POST', path, JSON.stringify(body ?? {}), headers),
    patch: (path, body) => raw('PATCH', path, JSON.stringify(body)),
    delete: (path) => raw('DELETE', path),
    raw,
  };
}

export function agentClient(): Client {
  return clientWith(facts().agentKey);
}

const tokens = new Map<string, Promise<string>>();

async function logIn(email: string, password: string): Promise<string> {
  const answer = await clientWith(null).post('/v1/auth/token', { email, password });
  if (answer.status !== 200) throw new Error(`no token for ${email}: ${answer.text}`);
  return answer.body.accessToken;
}

/** A person of the demonstration; one login a test process. */
export async function personClient(person: 'admin' | 'developer'): Promise<Client> {
  const { [`${person}Email` as const]: email, [`${person}Password` as const]: password } = facts();
  const token = tokens.get(email) ?? logIn(email, password);
  tokens.set(email, token);
  return clientWith(await token);
}

/** The owner of a new organisation on the same system, logged in. */
export async function newOwner(name: string): Promise<{ readonly token: string; readonly client: Client }> {
  const email = `owner-${randomUUID()}@example.com`;
  const password = `pass-${randomUUID()}`;
  const created = await clientWith(inject('operatorKey')).post('/v1/organizations', {
    name,
    baseCurrency: 'EUR',
    timeZone: 'Europe/Berlin',
    owner: { email, name: 'Owner', password },
  });
  if (created.status !== 201) throw new Error(`no organisation: ${created.text}`);
  const token = await logIn(email, password);
  return { token, client: clientWith(token) };
}

export interface NewPerson {
  readonly id: string;
  readonly client: Client;
  /** Another login of the same person. */
  again(): Promise<Client>;
}

/** A user with the given roles, logged in. */
export async function newPerson(roles: readonly string[]): Promise<NewPerson> {
  const admin = await personClient('admin');
  const email = `${roles[0]}-${randomUUID()}@example.com`;
  const password = `pass-${randomUUID()}`;
  const created = await admin.post('/v1/users', { email, name: `A ${roles[0]}`, password, roles });
  if (created.status !== 201) throw new Error(`no user: ${created.text}`);
  const again = async () => clientWith(await logIn(email, password));
  return { id: created.body.id, client: await again(), again };
}

export interface NewAgent {
  readonly id: string;
  /** Submits for this agent alone. */
  readonly client: Client;
}

/** An agent of the developer with a key of its own. */
export async function newAgent(fields: Record<string, unknown> = {}): Promise<NewAgent> {
  const developer = await personClient('developer');
  const created = await developer.post('/v1/agents', { name: `agent ${randomUUID()}`, ...fields });
  if (created.status !== 201) throw new Error(`no agent: ${created.text}`);
  const key = await developer.post('/v1/api-keys', {
    name: 'test',
    agentId: created.body.id,
    scopes: ['intents:write', 'intents:read', 'agents:read'],
  });
  if (key.status !== 201) throw new Error(`no key: ${key.text}`);
  return { id: created.body.id, client: clientWith(key.body.secret) };
}

/** A merchant nobody else in the run uses, so that a policy on it meets this test's intents alone. */
export function uniqueMerchant(): string {
  return `${randomUUID()}.example`;
}

/** An intent that is decided when this resolves. */
export async function submitDecided(agent: NewAgent, fields: Record<string, unknown> = {}): Promise<Json> {
  const body = { agentId: agent.id, amount: 10, currency: 'GBP', reason: 'End to end', ...fields };
  const answer = await agent.client.post('/v1/intents', body, { prefer: 'wait=10' });
  if (answer.status !== 200) throw new Error(`not decided in time: ${answer.status} ${answer.text}`);
  return answer.body;
}

/** Waits until an answer satisfies the check; consumers other than policy follow within moments. */
export function untilAnswer(client: Client, path: string, check: (answer: Answer) => boolean): Promise<Answer> {
  return eventually(async () => {
    const answer = await client.get(path);
    if (!check(answer)) throw new Error(`${path} answered ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer;
  });
}
