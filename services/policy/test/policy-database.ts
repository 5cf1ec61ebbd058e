import { randomUUID } from 'node:crypto';
import type { Delivery } from '@aegis/bus/port';
import type { EventData, EventType } from '@aegis/contracts/events/catalog';
import {
  type AnyEvent,
  createEvent,
  decodeEvent,
  encodeEvent,
  type EncodedEvent,
} from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { createDatabase, type Database, type DatabaseOptions } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { createLogger } from '@aegis/runtime/log';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import type { SettingsChange } from '../src/domain/organization.ts';
import type { PolicyDraft } from '../src/domain/policy.ts';
import { createHandler } from '../src/inbound/consumer.ts';
import { policyMigrations } from '../src/migrations.ts';
import type { Caller } from '../src/usecases/caller.ts';
import { createAgent, type NewAgent } from '../src/usecases/create-agent.ts';
import { createPolicy } from '../src/usecases/create-policy.ts';
import { PolicySetCache } from '../src/usecases/policy-set-cache.ts';
import { putOrganization } from '../src/usecases/put-organization.ts';
import { submission } from './samples.ts';

export const ACTOR = { type: 'human', id: 'somebody', role: 'admin', authMethod: 'jwt' } as const;

type Submitted = EventData<'intent.submitted'>;
export type Decided = EventData<'intent.decided'>;

export const silent = createLogger({ name: 'test', level: 'silent' });

/** A migrated database of one's own, and the service's use cases on it, without a broker. */
export async function createPolicyDatabase(server?: string) {
  const { url, drop } = await createTestDatabase({ migrations: [policyMigrations], ...(server && { server }) });
  const admin = new pg.Pool({ connectionString: url, max: 2, options: '-c search_path=policy' });
  admin.on('error', () => undefined);
  const databases: Database[] = [];
  const open = (options: Partial<DatabaseOptions> = {}) => {
    const database = createDatabase({ ...policyMigrations, url, log: silent, maxConnections: 4, ...options });
    databases.push(database);
    return database;
  };
  return {
    url,
    /** As the service works with it; another call is another replica's. */
    open,
    /** As the superuser, who sees every row. */
    async rows<R extends object>(text: string, values: unknown[] = []): Promise<R[]> {
      return (await admin.query<R>(text, values)).rows;
    },
    /** The organisation's events so far, in order. Nothing publishes them here. */
    async events(organizationId: string): Promise<AnyEvent[]> {
      const rows = await this.rows<{ headers: string; value: string }>(
        `SELECT headers, value FROM outbox WHERE headers::json ->> 'ce_org' = $1 ORDER BY id`,
        [organizationId],
      );
      return rows.flatMap(({ headers, value }) => decodeEvent({ headers: JSON.parse(headers), value }) ?? []);
    },
    async decisions(organizationId: string): Promise<Decided[]> {
      const events = await this.events(organizationId);
      return events.flatMap((event) => (event.type === 'intent.decided' ? [event.data] : []));
    },
    /** One text a window: `day 2026-03-05: 5000 spent, 0 held`. */
    async budgets(organizationId: string): Promise<string[]> {
      const rows = await this.rows<{ text: string }>(
        `SELECT format('%s %s: %s spent, %s held', window_kind, window_start, spent_minor, held_minor) AS text
         FROM budgets WHERE organization_id = $1 ORDER BY agent_id, window_kind, window_start`,
        [organizationId],
      );
      return rows.map((row) => row.text);
    },
    async close() {
      await Promise.all([...databases.map((database) => database.close()), admin.end()]);
      await drop();
    },
  };
}

export type PolicyDatabase = Awaited<ReturnType<typeof createPolicyDatabase>>;

export const clock: Clock = { now: () => new Date('2026-03-05T10:00:01.000Z') };

export function caller(organizationId: string = randomUUID()): Caller {
  return { organizationId, actor: ACTOR, traceparent: null };
}

/** One running copy of the service's consumer: its own connections and its own cache of policy sets. */
export function createReplica(database: Database, { maxOpenApprovals = 100, clock: own = clock } = {}) {
  const handle = createHandler({ database, policySets: new PolicySetCache(), maxOpenApprovals, clock: own });
  return { handle: (...messages: readonly EncodedEvent[]) => handle(messages.map(delivery)) };
}

/** An organisation in rupees whose agents and policies tests make as they need them. */
export async function createOrganization(database: Database, settings: SettingsChange = {}, by: Caller = caller()) {
  const deps = { database, clock };
  await putOrganization(deps, by, { baseCurrency: 'INR', timeZone: 'Asia/Kolkata', ...settings });
  return {
    caller: by,
    organizationId: by.organizationId,
    async agent(fields: Partial<NewAgent> = {}): Promise<string> {
      const id = fields.id ?? randomUUID();
      await createAgent(deps, by, { name: 'Buyer', ownerId: null, ...fields, id });
      return id;
    },
    policy(draft: Partial<PolicyDraft>) {
      return createPolicy(deps, by, newId('pol'), {
        name: 'A policy',
        description: null,
        priority: 1,
        action: 'deny',
        rules: { match: 'all', conditions: [] },
        isActive: true,
        mode: 'enforce',
        approval: null,
        ...draft,
      });
    },
    submitted: (agentId: string, intent: Partial<Submitted> = {}) =>
      message(by.organizationId, 'intent.submitted', submission({ ...intent, agentId })),
    resolved: (decision: Pick<Decided, 'intentId' | 'agentId'>, outcome: EventData<'approval.resolved'>['outcome']) =>
      message(by.organizationId, 'approval.resolved', {
        approvalId: newId('apr'),
        intentId: decision.intentId,
        agentId: decision.agentId,
        outcome,
        responderIds: [],
        requestedAt: '2026-03-05T10:00:02.000Z',
        resolvedAt: '2026-03-05T10:05:00.000Z',
      }),
  };
}

export function message<T extends EventType>(organizationId: string, type: T, data: EventData<T>): EncodedEvent {
  const subject = 'intentId' in data && typeof data.intentId === 'string' ? data.intentId : 'none';
  const event = { source: 'gateway', type, time: new Date(), subject, organizationId, actor: ACTOR, data };
  return encodeEvent(createEvent<T>({ ...event, traceparent: TRACEPARENT }));
}

export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function delivery(encoded: EncodedEvent, index: number): Delivery {
  return { ...encoded, partition: 0, offset: BigInt(index) };
}
