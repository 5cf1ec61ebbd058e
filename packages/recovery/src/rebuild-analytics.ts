import { connectClickHouse, type ClickHouseTarget } from '@aegis/analytics/clickhouse';
import { migrateAnalytics } from '@aegis/analytics/migrations';
import { recordFacts } from '@aegis/analytics/usecases/record-facts';
import type { AnyEvent } from '@aegis/contracts/events/envelope';
import type { Logger } from '@aegis/runtime/log';
import { type Disclosures, type Leaf, provenValues, WHOLE_DATA } from '@aegis/verify/format/leaf';
import type pg from 'pg';
import { openSession } from './session.ts';

export interface RebuildOptions {
  readonly databaseUrl: string;
  readonly clickhouse: ClickHouseTarget;
  /** The ClickHouse database. */
  readonly database: string;
  readonly log: Logger;
  readonly onEntries?: (done: number, total: number) => void;
}

export interface Rebuilt {
  readonly entries: number;
  /** Entries whose whole content was erased, or outlived its retention: what they said cannot be counted any more. */
  readonly erased: number;
}

/** The events that state facts. */
const TYPES = [
  'intent.submitted',
  'intent.decided',
  'approval.resolved',
  'organization.created',
  'organization.updated',
];
const BATCH = 5_000;

interface Row {
  readonly leaf: string;
  readonly disclosures: Disclosures | null;
}

/**
 * Writes the facts of analytics again, from the audit log, which holds every event that ever stated one; the bus keeps
 * them for a week only. Safe to repeat, and while analytics works: a fact written twice counts once.
 */
export async function rebuildAnalytics(options: RebuildOptions): Promise<Rebuilt> {
  const { databaseUrl, database, log } = options;
  const clickhouse = await connectClickHouse(options.clickhouse);
  try {
    const store = { clickhouse, database };
    await migrateAnalytics(store, log);
    const session = await openSession(databaseUrl);
    try {
      return await copyFacts(session, (events) => recordFacts(store, events), options.onEntries);
    } finally {
      await session.end();
    }
  } finally {
    await clickhouse.close();
  }
}

async function copyFacts(
  session: pg.Client,
  record: (events: readonly AnyEvent[]) => Promise<void>,
  onEntries: RebuildOptions['onEntries'],
): Promise<Rebuilt> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const count = await session.query<{ total: number }>(
    'SELECT count(*)::float AS total FROM audit.entries WHERE type = ANY ($1)',
    [TYPES],
  );
  const total = count.rows[0]?.total ?? 0;
  await session.query(
    `DECLARE facts NO SCROLL CURSOR FOR
     SELECT e.leaf, d.disclosures FROM audit.entries e LEFT JOIN audit.disclosures d USING (organization_id, seq)
      WHERE e.type = ANY ($1)`,
    [TYPES],
  );
  let entries = 0;
  let erased = 0;
  for (;;) {
    const { rows } = await session.query<Row>(`FETCH ${BATCH} FROM facts`);
    if (rows.length === 0) return { entries, erased };
    const events = rows.map(eventOf).filter((event) => event !== null);
    await record(events);
    entries += rows.length;
    erased += rows.length - events.length;
    onEntries?.(entries, total);
  }
}

/** The event as far as it is still known; what states a fact stands in the leaf in clear, unless the leaf was too long. */
function eventOf({ leaf: text, disclosures }: Row): AnyEvent | null {
  const leaf = JSON.parse(text) as Leaf;
  const disclosed = provenValues(leaf.sd, disclosures ?? {});
  const whole = disclosed.get(WHOLE_DATA);
  if (leaf.sd?.[WHOLE_DATA] !== undefined && typeof whole !== 'string') return null;
  const fields = [...disclosed].map(([path, value]) => [path.slice(WHOLE_DATA.length + 1), value] as const);
  const data: unknown = typeof whole === 'string' ? JSON.parse(whole) : { ...leaf.data, ...Object.fromEntries(fields) };
  const { id, type, subject, org: organizationId, occurred_at: time } = leaf;
  return { id, type, time, subject: subject.id, organizationId, data } as AnyEvent;
}
