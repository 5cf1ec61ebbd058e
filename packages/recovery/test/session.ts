import { eventually } from '@aegis/testkit/eventually';
import type { DemoFacts } from '@aegis/testkit/system';

/** A JSON answer as a drill reads it: the shape is what it asserts. */
// eslint-disable-next-line typescript/no-explicit-any
type Json = ReturnType<typeof JSON.parse>;

/** The API as the demonstration's administrator sees it. */
export interface Session {
  /** Throws unless the answer is 200. */
  get(path: string): Promise<Json>;
  text(path: string): Promise<string>;
  /** How many a list has. */
  total(path: string): Promise<number>;
  answer(path: string): Promise<{ readonly status: number; readonly text: string }>;
}

export async function connectTo({ baseUrl, adminEmail: email, adminPassword: password }: DemoFacts): Promise<Session> {
  // A machine at its limits may answer 503 for a moment.
  const accessToken = await eventually(async () => {
    const login = await fetch(new URL('/v1/auth/token', baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    if (login.status !== 200) throw new Error(`the log-in answered ${login.status}`);
    return ((await login.json()) as { accessToken: string }).accessToken;
  });
  const answer = async (path: string) => {
    const response = await fetch(new URL(path, baseUrl), { headers: { authorization: `Bearer ${accessToken}` } });
    return { status: response.status, text: await response.text() };
  };
  const text = async (path: string) => {
    const { status, text: body } = await answer(path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${body.slice(0, 500)}`);
    return body;
  };
  const get = async (path: string): Promise<Json> => JSON.parse(await text(path));
  return { get, text, answer, total: async (path) => (await get(`${path}&limit=1`)).pagination.total };
}
