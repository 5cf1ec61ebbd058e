import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@aegis/testkit/eventually';
import { type Answer, type Balancer, NobodyReady } from './balancer.ts';

/** What became of a request; `unsent`: nobody to ask; `unanswered`: it was sent, and whether it counts is unknown. */
export type Outcome = 'ok' | 'unsent' | 'unanswered' | `status ${number}`;

export interface Sent {
  /** `submit`: an agent's intent; `respond`: a person's answer; `read`: something that another service is asked for. */
  readonly kind: 'submit' | 'respond' | 'read';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: Outcome;
  /** Until its answer. */
  readonly ms: number;
  /** What went wrong, for whoever looks. */
  readonly detail: string | null;
}

export interface LoadOptions {
  readonly balancer: Balancer;
  /** Creates the organisation that the load is of. */
  readonly operatorKey: string;
  /** Intents a second. */
  readonly rate: number;
}

const DOMAIN = 'load.example';
const AGENTS = 50;
/** Of so many intents one waits for a person. */
const ASK_EVERY = 20;
const ASK_MERCHANT = 'people-decide.example';
const TICK_MS = 10;
const READ_EVERY_MS = 100;
const RESPOND_EVERY_MS = 500;
const FINISH_MS = 180_000;

type Json = ReturnType<typeof JSON.parse>;

/**
 * Intents at a constant rate, whatever the answers take, so that an outage hides nothing; a person who approves what waits;
 * and reads that each of the other services has to answer.
 */
export class Load {
  readonly sent: Sent[] = [];
  /** Ids of intents that were answered with 202. */
  readonly accepted: string[] = [];
  readonly #options: LoadOptions;
  readonly #agents: string[] = [];
  readonly #responded = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #open = new Set<Promise<unknown>>();
  #loops: Promise<void>[] = [];
  #organizationId = '';
  #submitter = '';
  #person = '';

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  get organizationId(): string {
    return this.#organizationId;
  }

  /** Sets an organisation up, with its people, agents and a policy, and begins. */
  async start(): Promise<void> {
    const { id, owner } = await this.#createOrganization();
    this.#organizationId = id;
    this.#person = await this.#addUser(owner, 'approver', ['admin', 'finance']);
    const developer = await this.#addUser(owner, 'developer', ['developer']);
    const scopes = ['intents:write', 'intents:write:any', 'intents:read'];
    this.#submitter = (await this.#call('/v1/api-keys', developer, { name: 'load', scopes })).secret;
    for (let index = 0; index < AGENTS; index++) {
      const agent = await this.#call('/v1/agents', developer, { name: `load ${index}`, dailyLimit: 1e12 });
      this.#agents.push(agent.id);
    }
    await this.#call('/v1/policies', this.#person, {
      name: `People decide ${Date.now()}`,
      priority: 50,
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'merchant', operator: 'eq', value: ASK_MERCHANT }] },
    });
    this.#loops = [this.#submit(), this.#every(READ_EVERY_MS, () => this.#read()), this.#answerPeople()];
  }

  /** Stops the intents and waits for their answers; the person goes on until `close`. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
    await Promise.all(this.#open);
  }

  /** Answers whatever waits for a person, so that everything ends in a decision; the balance tells when that takes too long. */
  async finishApprovals(): Promise<void> {
    await eventually(async () => (await this.#respondToAll()) === 0, { timeoutMs: FINISH_MS }).catch(() => undefined);
  }

  /**
   * Has the whole log read and recomputed: `intact`, or what is wrong with it.
   *
   * @param balancer another one than the load's, whose connections were idle since and may be closed by now
   */
  async verifyLog(balancer: Balancer): Promise<string> {
    const { status, body } = await balancer.request('GET', '/v1/audit/verify', headersOf(this.#person));
    if (status !== 200) return `status ${status}: ${body}`;
    const { done, intact, fault, checked } = JSON.parse(body.trim().split('\n').at(-1) ?? '{}');
    return done && intact ? `intact, ${checked} entries` : `not intact: ${fault}`;
  }

  async #submit(): Promise<void> {
    const begun = performance.now();
    let count = 0;
    while (!this.#stopping.signal.aborted) {
      const due = ((performance.now() - begun) / 1000) * this.#options.rate;
      for (; count < due; count++) this.#track(this.#submitOne(count));
      await delay(TICK_MS);
    }
  }

  async #submitOne(index: number): Promise<void> {
    const merchant = index % ASK_EVERY === 0 ? ASK_MERCHANT : 'paper.example';
    const intent = {
      agentId: this.#agents[index % AGENTS],
      amount: 12.34,
      currency: 'GBP',
      reason: 'Load',
      merchant,
    };
    const answer = await this.#send('submit', 'POST', '/v1/intents', this.#submitter, intent, 202);
    if (answer) this.accepted.push(JSON.parse(answer.body).id);
  }

  /** Each in turn: what approval, audit, analytics and policy are asked for. */
  async #read(): Promise<void> {
    const intent = this.accepted.at(-1);
    const paths = [
      '/v1/approvals?limit=1',
      '/v1/audit?limit=1',
      '/v1/analytics/spend?days=1',
      `/v1/agents/${this.#agents[0]}`,
      ...(intent ? [`/v1/intents/${intent}`] : []),
    ];
    await this.#send('read', 'GET', paths[this.sent.length % paths.length] ?? '', this.#person, null, 200);
  }

  async #answerPeople(): Promise<void> {
    await this.#every(RESPOND_EVERY_MS, () => this.#respondToAll(), true);
  }

  /** How many had waited; NaN when nobody could say. */
  async #respondToAll(): Promise<number> {
    const list = await this.#send('read', 'GET', '/v1/approvals?limit=20', this.#person, null, 200);
    if (!list) return NaN;
    const open = (JSON.parse(list.body).data as Json[]).filter(({ id }) => !this.#responded.has(id));
    await Promise.all(open.map(({ id }) => this.#respond(id)));
    return open.length;
  }

  async #respond(id: string): Promise<void> {
    const path = `/v1/approvals/${id}/respond`;
    if (await this.#send('respond', 'POST', path, this.#person, { decision: 'approve' }, 200)) this.#responded.add(id);
  }

  async #every(periodMs: number, work: () => Promise<unknown>, oneAtATime = false): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const done = work();
      if (oneAtATime) await done;
      else this.#track(done);
      await delay(periodMs);
    }
  }

  #track(work: Promise<unknown>): void {
    this.#open.add(work);
    void work.finally(() => this.#open.delete(work));
  }

  /** Records what becomes of it; the answer, when it is the one expected. */
  async #send(
    kind: Sent['kind'],
    method: 'GET' | 'POST',
    path: string,
    token: string,
    body: unknown,
    expected: number,
  ): Promise<Answer | null> {
    const at = Date.now();
    const record = (outcome: Outcome, detail: string | null) =>
      this.sent.push({ kind, at, outcome, ms: Date.now() - at, detail: detail && `${method} ${path}: ${detail}` });
    try {
      const answer = await this.#options.balancer.request(
        method,
        path,
        headersOf(token),
        body ? JSON.stringify(body) : null,
      );
      const ok = answer.status === expected;
      record(ok ? 'ok' : `status ${answer.status}`, ok ? null : answer.body);
      return ok ? answer : null;
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      record(error instanceof NobodyReady ? 'unsent' : 'unanswered', `${code ?? ''} ${message}`);
      return null;
    }
  }

  async #createOrganization(): Promise<{ id: string; owner: string }> {
    const owner = { email: `owner@${DOMAIN}`, name: 'Owner', password: randomUUID() };
    const { id } = await this.#call('/v1/organizations', this.#options.operatorKey, {
      name: 'Load',
      baseCurrency: 'GBP',
      timeZone: 'Europe/London',
      owner,
    });
    return { id, owner: await this.#logIn(owner.email, owner.password) };
  }

  /** Its token. */
  async #addUser(owner: string, name: string, roles: readonly string[]): Promise<string> {
    const user = { email: `${name}@${DOMAIN}`, name, password: randomUUID(), roles };
    await this.#call('/v1/users', owner, user);
    return this.#logIn(user.email, user.password);
  }

  async #logIn(email: string, password: string): Promise<string> {
    return (await this.#call('/v1/auth/token', null, { email, password })).accessToken;
  }

  async #call(path: string, token: string | null, body: unknown): Promise<Json> {
    const answer = await this.#options.balancer.request('POST', path, headersOf(token), JSON.stringify(body));
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  }
}

function headersOf(token: string | null): Record<string, string> {
  return { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
}

/** How many requests came to which end. */
export function outcomesOf(sent: readonly Sent[]): Map<Outcome, number> {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of sent) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}
