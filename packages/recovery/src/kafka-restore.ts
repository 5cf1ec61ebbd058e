import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaBus, type KafkaBusOptions } from '@aegis/bus/kafka';
import { groupsWithMembers, type KafkaPositions, readPositions, seekGroups } from '@aegis/bus/kafka/positions';
import type { Delivery } from '@aegis/bus/port';
import type { SeekOptions } from '@aegis/bus/seek-options';
import { type AnyEvent, decodeEvent, UnreadableEventError } from '@aegis/contracts/events/envelope';
import { GROUPS, readUnread, unreadFrom } from './kafka-backup.ts';
import { EVENT_TOPICS, keyOf, readMessages } from './kafka-messages.ts';
import type { KafkaPart } from './manifest.ts';
import { RecoveryError } from './recovery-error.ts';
import { openSession } from './session.ts';

export interface KafkaRestored {
  /** Messages that at least one group gets, most of them again. */
  readonly replayed: number;
  /** Intents that PostgreSQL had lost, put back as they were submitted. */
  readonly intents: number;
  /** Messages that time had removed from the cluster before a group had handled them. */
  readonly expired: number;
}

/**
 * Whether a backup can be restored beside this Kafka, before anything is written.
 *
 * @throws RecoveryError while services read from it, or when it is another cluster than the backup's and not empty
 */
export async function assertKafkaFits(client: KafkaBusOptions, part: KafkaPart): Promise<void> {
  const bus = createKafkaBus(client);
  try {
    await bus.ensureTopics(EVENT_TOPICS);
  } finally {
    await bus.close();
  }
  await untilNobodyReads(client);
  const { clusterId, ends } = await readPositions(client, [], EVENT_TOPICS);
  if (clusterId === part.clusterId || ends.every(({ high }) => high === 0n)) return;
  throw new RecoveryError(
    'This Kafka is not the one of the backup, and its topics hold messages. Set KAFKA_BROKERS to the old cluster or to an empty one.',
  );
}

/**
 * Brings the bus to where PostgreSQL is. In the cluster of the backup all groups go back to where they were: what happened
 * since is still there, and is handled again. A new cluster gets the messages that a group had still to handle.
 * The gateway's intents are no group's work, so those among the messages are put back first.
 */
export async function restoreKafka(
  client: KafkaBusOptions,
  dir: string,
  part: KafkaPart,
  databaseUrl: string,
): Promise<KafkaRestored> {
  const now = await readPositions(client, GROUPS, EVENT_TOPICS);
  if (now.clusterId === part.clusterId) return rewind(client, part, now, databaseUrl);
  const unread = await readUnread(dir, part);
  const intents = await putBackIntents(databaseUrl, unread);
  const bus = createKafkaBus(client);
  try {
    if (unread.length > 0) await bus.publish(unread);
  } finally {
    await bus.close();
  }
  return { replayed: unread.length, intents, expired: 0 };
}

const MEMBERS_LEAVE_WITHIN_MS = 30_000;
const POLL_MS = 500;

/** Members of processes that were killed time out; those of processes that work would go on from where they are. */
async function untilNobodyReads(client: KafkaBusOptions): Promise<void> {
  const deadline = performance.now() + MEMBERS_LEAVE_WITHIN_MS;
  for (;;) {
    const busy = await groupsWithMembers(client, GROUPS);
    if (busy.length === 0) return;
    if (performance.now() > deadline)
      throw new RecoveryError(`Services still read from this Kafka: ${busy.join(', ')}. Stop them first.`);
    await sleep(POLL_MS);
  }
}

async function rewind(
  client: KafkaBusOptions,
  part: KafkaPart,
  now: KafkaPositions,
  databaseUrl: string,
): Promise<KafkaRestored> {
  const then = withAnalyticsBehindAudit(part.positions.map((p) => ({ ...p, offset: BigInt(p.offset) })));
  const ends = new Map(now.ends.map((end) => [keyOf(end), end]));
  const known = new Set(then.map((position) => `${position.group} ${keyOf(position)}`));
  // What a group began only after the backup, it begins again.
  const begun = now.positions.filter((position) => !known.has(`${position.group} ${keyOf(position)}`));
  const lowOf = (position: SeekOptions) => ends.get(keyOf(position))?.low ?? 0n;
  let expired = 0n;
  const back = then.map((position) => {
    const low = lowOf(position);
    if (position.offset >= low) return position;
    expired += low - position.offset;
    return { ...position, offset: low };
  });
  const target = [...back, ...begun.map((position) => ({ ...position, offset: lowOf(position) }))];
  await seekGroups(client, target);
  let intents = 0;
  const replayed = await readMessages(
    client,
    unreadFrom({ positions: target, ends: now.ends }),
    now.ends,
    async (messages) => {
      intents += await putBackIntents(databaseUrl, messages);
    },
  );
  return { replayed, intents, expired: Number(expired) };
}

/** Its facts are computed from the log, so what the log has yet to hear of it must hear of again. */
function withAnalyticsBehindAudit(positions: readonly SeekOptions[]): SeekOptions[] {
  const audit = new Map(positions.filter(({ group }) => group === 'audit').map((p) => [keyOf(p), p.offset]));
  return positions.map((position) => {
    if (position.group !== 'analytics') return position;
    const limit = audit.get(keyOf(position)) ?? 0n;
    return position.offset > limit ? { ...position, offset: limit } : position;
  });
}

const PUT_BACK = `
  INSERT INTO gateway.intents (id, organization_id, agent_id, status, amount_minor, currency, exponent, reason, confidence,
    merchant, merchant_category, metadata, created_at, updated_at)
  SELECT i.id, i.organization_id, i.agent_id, 'pending', i.amount_minor, i.currency, i.exponent, i.reason, i.confidence,
    i.merchant, i.merchant_category, i.metadata, i.created_at, i.created_at
  FROM json_to_recordset($1) AS i (id text, organization_id uuid, agent_id uuid, amount_minor numeric, currency text,
    exponent smallint, reason text, confidence numeric, merchant text, merchant_category text, metadata json,
    created_at timestamptz)
  JOIN gateway.organizations o ON o.id = i.organization_id
  ON CONFLICT DO NOTHING`;

/** Pending, as they were before any decision; the decisions follow from the bus. Resolves to how many were missing. */
async function putBackIntents(
  databaseUrl: string,
  messages: readonly Pick<Delivery, 'headers' | 'value'>[],
): Promise<number> {
  const submitted = messages.filter(({ headers }) => headers['ce_type'] === 'intent.submitted');
  const rows = submitted.flatMap((message) => {
    const event = readOrNull(message);
    if (event?.type !== 'intent.submitted') return [];
    const { intentId, agentId, money, confidence, reason, merchant, merchantCategory, metadata, createdAt } =
      event.data;
    return {
      id: intentId,
      organization_id: event.organizationId,
      agent_id: agentId,
      amount_minor: money.amountMinor,
      currency: money.currency,
      exponent: money.exponent,
      reason,
      confidence,
      merchant,
      merchant_category: merchantCategory,
      metadata,
      created_at: createdAt,
    };
  });
  if (rows.length === 0) return 0;
  const session = await openSession(databaseUrl);
  try {
    const { rowCount } = await session.query(PUT_BACK, [JSON.stringify(rows)]);
    return rowCount ?? 0;
  } finally {
    await session.end();
  }
}

/** Null for what no consumer can read either; it goes among the dead letters when it is handled. */
function readOrNull(message: Pick<Delivery, 'headers' | 'value'>): AnyEvent | null {
  try {
    return decodeEvent(message);
  } catch (error) {
    if (error instanceof UnreadableEventError) return null;
    throw error;
  }
}
