import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Rows a statement. */
const STEP = 250_000;
/** Agents that submit in turns, and people who answer in turns. */
export const AGENTS = 1_000;
export const PEOPLE = 50;
/** Every so many entries there is one of a rare type. */
const RARE = 100_003;

/**
 * A log of `size` entries as organisations have them, a second apart, written by the database itself: of ten entries four
 * are submissions by agents, four decisions by one service about the same intents, two by people. Checksums and links are
 * not real; a page does not look at them. The indexes are those of the migrations, built when the rows are there.
 */
export async function buildLog(operator: pg.Client, size: number, progress: (rows: number) => void): Promise<string> {
  const organizationId = randomUUID();
  const { rows: indexes } = await operator.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = 'audit.entries'::regclass AND NOT i.indisunique`,
  );
  await operator.query(`SET search_path = audit; SET maintenance_work_mem = '1GB'; SET synchronous_commit = off`);
  for (const { name } of indexes) await operator.query(`DROP INDEX ${name}`);
  await operator.query('INSERT INTO chain_heads (organization_id, size, recorded_at) VALUES ($1, $2, now())', [
    organizationId,
    size,
  ]);
  for (let from = 0; from < size; from += STEP) {
    await operator.query(ROWS, [organizationId, from, Math.min(from + STEP, size), size]);
    progress(Math.min(from + STEP, size));
  }
  // Of a partitioned table it says ONLY, which would leave the partitions without.
  for (const { definition } of indexes) await operator.query(definition.replace(' ON ONLY ', ' ON '));
  await operator.query('VACUUM ANALYZE entries');
  return organizationId;
}

export const agentOf = (index: number) => `agent-${index % AGENTS}`;
export const personOf = (index: number) => `person-${index % PEOPLE}`;
export const intentOf = (index: number) => `int_${index.toString(16).padStart(32, '0')}`;
/** Of the entry at a place of a log of `size`. */
export const timeOf = (seq: number, size: number) => new Date(Date.UTC(2026, 0, 1) - (size - seq) * 1_000);

const ROWS = `
  INSERT INTO entries (organization_id, seq, recorded_at, leaf_hash, event_id, type, actor_id, subject_id, intent_id, leaf)
  SELECT $1::uuid, n, recorded_at, decode(md5(n::text) || md5('x' || n), 'hex'), 'evt_' || n, type, actor,
         coalesce(intent, actor), intent,
         format('{"actor":{"auth_method":"api_key","id":"%s","type":"agent"},"data":{"agentId":"%s","confidence":"0.95",' ||
           '"intentId":"%s","merchantCategory":"%s","money":{"amountMinor":"%s","currency":"INR","exponent":2},' ||
           '"reasons":["%s","%s","%s"]},"id":"evt_%s","occurred_at":"%s","org":"%s","prev":"%s","recorded_at":"%s",' ||
           '"seq":%s,"subject":{"id":"%s","type":"intent"},"type":"%s","v":"aegis.audit/1"}',
           actor, md5('a' || n), intent, n % 9000, n, md5('b' || n), md5('c' || n), md5('d' || n), n, iso, $1::uuid,
           md5(n::text) || md5('p' || n), iso, n, coalesce(intent, actor), type)
  FROM (
    SELECT n, recorded_at, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS iso,
      CASE WHEN n % ${RARE} = 7 THEN 'policy.created' WHEN n % 10 < 4 THEN 'intent.submitted'
           WHEN n % 10 < 8 THEN 'intent.decided' WHEN n % 10 = 8 THEN 'approval.responded' ELSE 'agent.updated' END AS type,
      CASE WHEN n % 10 < 4 THEN 'agent-' || (n / 10 * 4 + n % 4) % ${AGENTS} WHEN n % 10 < 8 THEN 'policy'
           ELSE 'person-' || n / 10 % ${PEOPLE} END AS actor,
      CASE WHEN n % 10 < 9 THEN 'int_' || lpad(to_hex(n / 10 * 4 + n % 4), 32, '0') END AS intent
    FROM (SELECT n, timestamptz '2026-01-01 00:00:00Z' - ($4::bigint - n) * interval '1 second' AS recorded_at
          FROM generate_series($2::bigint, $3::bigint - 1) AS n) AS places) AS entries`;
