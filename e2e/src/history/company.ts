import { setTimeout as delay } from 'node:timers/promises';
import type { Intent } from '@aegis/contracts/http/intents';
import type { SimulationLine } from '@aegis/contracts/http/simulation';
import type { Purchase } from './purchases.ts';
import type { HistorySystem } from './system.ts';

export interface PolicyDraft {
  readonly name: string;
  readonly priority: number;
  readonly action: 'allow' | 'deny' | 'require_approval';
  readonly rules: { readonly match: 'all'; readonly conditions: readonly object[] };
}

/** An organisation whose cards are agents, over the public API: limits for all, enforced wallets for some. */
export interface Company {
  readonly organizationId: string;
  /** Agents with a wallet. */
  readonly wallets: readonly string[];
  /** Resolves to the intent's id once it is accepted. */
  submit(purchase: Purchase): Promise<string>;
  decided(intentId: string): Promise<void>;
  /** Resolves when nothing is left to decide. */
  settled(): Promise<void>;
  topUp(amount: number): Promise<void>;
  /** Every intent, as the API shows it. */
  intents(): AsyncIterable<Intent>;
  simulate(policies: readonly PolicyDraft[]): AsyncIterable<SimulationLine>;
  get<T>(path: string): Promise<T>;
}

const LIMITS = { dailyLimit: 5_000, monthlyLimit: 40_000 };
const WALLET_EVERY = 10;
const AT_ONCE = 16;
const SCOPES = [
  'intents:write',
  'intents:write:any',
  'intents:read',
  'agents:read',
  'agents:write',
  'wallets:write',
  'policies:read',
  'policies:write',
  'analytics:read',
  'audit:read',
];

export async function openCompany(
  { baseUrl, operatorKey }: HistorySystem,
  name: string,
  cards: readonly string[],
  policies: readonly PolicyDraft[],
): Promise<Company> {
  async function send(token: string | null, method: string, path: string, body?: string, wait = ''): Promise<Response> {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(wait && { prefer: wait }),
      },
      ...(body !== undefined && { body }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  const call = async <T>(token: string | null, method: string, path: string, body?: unknown): Promise<T> =>
    (await send(token, method, path, body === undefined ? undefined : JSON.stringify(body))).json() as Promise<T>;

  const login = { email: `owner@${name}.example`, password: `pass-${crypto.randomUUID()}` };
  const organization = { name, baseCurrency: 'GBP', timeZone: 'Europe/London', owner: { ...login, name: 'Owner' } };
  const { id: organizationId } = await call<{ id: string }>(operatorKey, 'POST', '/v1/organizations', organization);
  const { accessToken } = await call<{ accessToken: string }>(null, 'POST', '/v1/auth/token', login);
  // A login would end at once when the clock shows another year; a key does not end.
  const { secret: key } = await call<{ secret: string }>(accessToken, 'POST', '/v1/api-keys', { name, scopes: SCOPES });
  for (const policy of policies) await call(key, 'POST', '/v1/policies', policy);

  const agents = new Map<string, string>();
  const wallets: string[] = [];
  await inTurn(cards, async (card, index) => {
    const walletMode = index % WALLET_EVERY === 0 ? 'enforced' : 'tracked';
    const body = { name: card, riskLevel: 'low', ...LIMITS, walletMode };
    const { id } = await call<{ id: string }>(key, 'POST', '/v1/agents', body);
    agents.set(card, id);
    if (walletMode === 'enforced') wallets.push(id);
  });

  async function* pages(): AsyncGenerator<Intent> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/v1/intents?limit=100${cursor && `&cursor=${cursor}`}`;
      const page: { data: Intent[]; pagination: { nextCursor?: string | null } } = await call(key, 'GET', path);
      yield* page.data;
      cursor = page.pagination.nextCursor ?? null;
    }
  }

  return {
    organizationId,
    wallets,
    async submit({ card, amount, merchant, category }) {
      const rest = JSON.stringify({
        agentId: agents.get(card),
        currency: 'GBP',
        reason: 'Card purchase',
        confidence: 1,
        ...(merchant && { merchant }),
        ...(category && { merchantCategory: category }),
      });
      // The amount travels as the text that it is in the file.
      const response = await send(key, 'POST', '/v1/intents', `{"amount":${amount},${rest.slice(1)}`);
      return ((await response.json()) as { id: string }).id;
    },
    async decided(intentId) {
      await send(key, 'GET', `/v1/intents/${intentId}?wait=30`);
    },
    async settled() {
      const pending = () => call<{ data: unknown[] }>(key, 'GET', '/v1/intents?status=pending&limit=1');
      while ((await pending()).data.length > 0) await delay(50);
    },
    async topUp(amount) {
      await inTurn(wallets, (id) =>
        call(key, 'POST', `/v1/agents/${id}/wallet/transactions`, { type: 'top_up', amount }),
      );
    },
    intents: pages,
    async *simulate(proposed) {
      const body = { window: {}, policies: proposed, newRequests: 'unanswered', intents: true };
      const response = await send(key, 'POST', '/v1/policies/simulate', JSON.stringify(body));
      let rest = '';
      for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as SimulationLine;
      }
    },
    get: (path) => call(key, 'GET', path),
  };
}

/** A few at once. */
async function inTurn<T>(items: readonly T[], work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  const queue = [...items.entries()];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await work(next[1], next[0]);
    }),
  );
}
