import { randomUUID } from 'node:crypto';
import { type Bus, DEAD_LETTER_TOPIC } from '@aegis/bus/port';
import { type AnyEvent, decodeEvent } from '@aegis/contracts/events/envelope';
import { TOPICS } from '@aegis/contracts/topics';
import { createGrpcClient, type GrpcClient } from '@aegis/grpc/client';
import { type PolicyMethods, policyService } from '@aegis/grpc/definitions';
import { createTestBus } from '@aegis/testkit/bus';
import { createPolicyService, type PolicyService } from '../src/app.ts';
import { createPolicyDatabase, type PolicyDatabase, silent } from './policy-database.ts';

export interface RunningPolicy {
  readonly store: PolicyDatabase;
  readonly bus: Bus;
  readonly service: PolicyService;
  readonly client: GrpcClient<PolicyMethods>;
  /** What it published so far. */
  readonly published: readonly AnyEvent[];
  /** Bodies of the messages that it gave up. */
  readonly dead: readonly string[];
  /** Types of an organisation's events that were published, of one subject if given, in order. */
  typesOf(organizationId: string, subject?: string): string[];
  stop(): Promise<void>;
}

/** The service on a database and a bus of its own, with a client to it. */
export async function startPolicy(): Promise<RunningPolicy> {
  const store = await createPolicyDatabase();
  const bus = await createTestBus(store.url);
  const published: AnyEvent[] = [];
  const dead: string[] = [];
  await bus.subscribe({
    group: 'test',
    topics: [TOPICS.decisions, TOPICS.registry, DEAD_LETTER_TOPIC],
    handle: async (batch) => {
      for (const delivery of batch) {
        const event = delivery.topic === DEAD_LETTER_TOPIC ? null : decodeEvent(delivery);
        if (event) published.push(event);
        else dead.push(delivery.value);
      }
    },
  });
  const grpc = { host: '127.0.0.1', port: 0, tls: null, allowInsecure: false };
  const config = { databaseUrl: store.url, maxConnections: 8, maxOpenApprovals: 100, grpc };
  const service = await createPolicyService(config, { bus, log: silent });
  const client = createGrpcClient(policyService, { address: service.grpcAddress, tls: null });
  return {
    store,
    bus,
    service,
    client,
    published,
    dead,
    typesOf: (organizationId, subject) =>
      published
        .filter((event) => event.organizationId === organizationId && (!subject || event.subject === subject))
        .map((event) => event.type),
    async stop() {
      client.close();
      await service.stop();
      await bus.close();
      await store.close();
    },
  };
}

export function callerOf(organizationId: string = randomUUID()) {
  return { organizationId, actor: { type: 'human', id: 'somebody', role: 'admin', authMethod: 'jwt' } };
}

/** A new organisation in rupees; the caller to act in it. */
export async function createOrganization({ client }: RunningPolicy) {
  const caller = callerOf();
  await client.putOrganization({ caller, baseCurrency: 'INR', timeZone: 'Asia/Kolkata' });
  return caller;
}

export const BUYER = { name: 'Buyer', riskLevel: 'medium' };

export const RULES = {
  match: 'all',
  conditions: [
    { field: 'amount', operator: 'gte', value: 50_000 },
    { field: 'day_of_week', operator: 'in', value: ['saturday', 'sunday'] },
  ],
};

export const WEEKEND = {
  name: 'Block weekend high-value spend',
  priority: 80,
  action: 'deny',
  isActive: true,
  rulesJson: JSON.stringify(RULES),
};
