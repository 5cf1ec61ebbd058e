import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Api, createApi } from './api.ts';
import { CommandError } from './command.ts';

const demoSchema = z.object({
  baseUrl: z.url(),
  organizationId: z.guid(),
  adminEmail: z.string(),
  adminPassword: z.string(),
  developerEmail: z.string(),
  developerPassword: z.string(),
  agentId: z.guid(),
  agentKey: z.string(),
});
export type DemoFacts = z.infer<typeof demoSchema>;

/** What `npm start` wrote about its demonstration organisation. */
export async function readDemoFacts(dataDir: string): Promise<DemoFacts> {
  const file = resolve(join(dataDir, 'demo.json'));
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(
      `${file} is not there. Start the system with npm start (and the same AEGIS_DATA_DIR), or name --base-url and --api-key.`,
      { cause: error },
    );
  });
  return demoSchema.parse(JSON.parse(text));
}

/** Logs a user in. @returns a bearer token */
export async function logIn(baseUrl: string, email: string, password: string): Promise<string> {
  const api = createApi(baseUrl, null, 1);
  try {
    const answer = await api.call({ method: 'POST', path: '/v1/auth/token', body: { email, password } });
    return z.object({ accessToken: z.string() }).parse(answer).accessToken;
  } finally {
    await api.close();
  }
}

/** Runs what calls the API, and closes its connections however it ends. */
export async function withApi<T>(
  dataDir: string,
  { 'base-url': url, 'api-key': key }: { readonly 'base-url'?: string; readonly 'api-key'?: string },
  run: (api: Api) => Promise<T>,
): Promise<T> {
  const { baseUrl, token } = await accessOf(dataDir, url, key);
  const api = createApi(baseUrl, token, 1);
  try {
    return await run(api);
  } finally {
    await api.close();
  }
}

/** Where to call, and by which bearer token: the key given, or else the demonstration's administrator. */
async function accessOf(
  dataDir: string,
  baseUrl: string | undefined,
  apiKey: string | undefined,
): Promise<{ readonly baseUrl: string; readonly token: string }> {
  if (baseUrl !== undefined && apiKey !== undefined) return { baseUrl, token: apiKey };
  const facts = await readDemoFacts(dataDir);
  if (apiKey !== undefined) return { baseUrl: facts.baseUrl, token: apiKey };
  if (baseUrl !== undefined && baseUrl !== facts.baseUrl) throw new CommandError('--base-url needs --api-key');
  return { baseUrl: facts.baseUrl, token: await logIn(facts.baseUrl, facts.adminEmail, facts.adminPassword) };
}

export interface TemporaryKey {
  readonly secret: string;
  revoke(): Promise<void>;
}

/**
 * A key for one run of a command, revoked afterwards. The demonstration's developer makes it, not its administrator, so
 * that the administrator may answer the approvals of what is submitted: nobody approves their own request.
 */
export async function createTemporaryKey(
  facts: DemoFacts,
  name: string,
  scopes: readonly string[],
): Promise<TemporaryKey> {
  const api = createApi(facts.baseUrl, await logIn(facts.baseUrl, facts.developerEmail, facts.developerPassword), 1);
  const answer = await api.call({ method: 'POST', path: '/v1/api-keys', body: { name, scopes } });
  const { id, secret } = z.object({ id: z.string(), secret: z.string() }).parse(answer);
  return {
    secret,
    async revoke() {
      await api.call({ method: 'DELETE', path: `/v1/api-keys/${id}` });
      await api.close();
    },
  };
}
