import { eventually } from '@aegis/testkit/eventually';
import pg from 'pg';
import type { SeparateSystem } from '../system.ts';

/** Where an intent has to arrive, each read from that service's own store. */
export const STATIONS = {
  gateway: 'in the gateway',
  final: 'final in the gateway',
  decided: 'decided by policy',
  audited: 'submission in the audit log',
  decisionsAudited: 'every decision in the audit log',
  analytics: 'final in analytics',
} as const;
export type Station = keyof typeof STATIONS;

export interface Balance {
  /** Answered with 202. */
  readonly accepted: number;
  /** Written although their answer did not arrive. */
  readonly unanswered: number;
  /** Of both, how many are not there. */
  readonly missing: Readonly<Record<Station, number>>;
  /** First decisions and submissions in the log that are there more than once. */
  readonly repeated: number;
}

/** Milliseconds from submission to a final status, of intents that no person was asked about. */
export interface DecisionTimes {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const DATABASE = 'aegis_analytics';

/** Accepted intents and those written without an answer, with what each service's tables say of them. */
const BALANCE = `
WITH accepted AS (SELECT unnest($2::text[]) AS id),
all_ids AS (
  SELECT id FROM accepted
  UNION SELECT id FROM gateway.intents WHERE organization_id = $1
),
logged AS (
  SELECT intent_id, count(*) FILTER (WHERE type = 'intent.submitted') AS submissions,
         count(*) FILTER (WHERE type = 'intent.decided') AS decisions
    FROM audit.entries WHERE organization_id = $1 AND intent_id IS NOT NULL GROUP BY intent_id
),
made AS (
  SELECT intent_id, count(*) AS decisions, count(*) FILTER (WHERE submission IS NOT NULL) AS first_decisions
    FROM policy.decision_log WHERE organization_id = $1 GROUP BY intent_id
)
SELECT a.id, i.id IS NOT NULL AS gateway, coalesce(i.status IN ('approved', 'denied'), false) AS final,
       coalesce(d.outcome IN ('approved', 'denied'), false) AS decided,
       coalesce(l.submissions, 0) > 0 AS audited,
       coalesce(l.decisions, 0) >= coalesce(m.decisions, 1) AS "decisionsAudited",
       coalesce(m.first_decisions, 0) > 1 OR coalesce(l.submissions, 0) > 1 OR l.decisions > m.decisions AS repeated
  FROM all_ids a
  LEFT JOIN gateway.intents i ON i.id = a.id
  LEFT JOIN policy.decisions d ON d.organization_id = $1 AND d.intent_id = a.id
  LEFT JOIN logged l ON l.intent_id = a.id
  LEFT JOIN made m ON m.intent_id = a.id`;

/** Intents of a span of time that have no decision, or are not in the log. */
const BEHIND = `
SELECT count(*)::int AS intents,
       count(*) FILTER (WHERE i.status = 'pending' OR NOT EXISTS (
         SELECT FROM audit.entries e
          WHERE e.organization_id = $1 AND e.intent_id = i.id AND e.type = 'intent.decided'))::int AS behind
  FROM gateway.intents i WHERE i.organization_id = $1 AND i.created_at >= $2 AND i.created_at < $3`;

type Row = Readonly<Record<Exclude<Station, 'analytics'> | 'repeated', boolean>> & { readonly id: string };

/** An organisation's intents, read from the stores themselves, past the services whose word is in question. */
export class Ledger {
  readonly #databaseUrl: string;
  readonly #clickhouseUrl: string;
  readonly #organization: string;

  constructor({ stores }: SeparateSystem, organizationId: string) {
    this.#databaseUrl = stores.env.DATABASE_URL;
    this.#clickhouseUrl = stores.env.CLICKHOUSE_URL;
    this.#organization = organizationId;
  }

  /** The balance once nothing is missing, or what it is when the time is over. */
  async settle(accepted: readonly string[], timeoutMs: number): Promise<Balance> {
    let balance = await this.balance(accepted);
    await eventually(
      async () => {
        balance = await this.balance(accepted);
        return Object.values(balance.missing).every((missing) => missing === 0);
      },
      { timeoutMs, intervalMs: 1_000 },
    ).catch(() => undefined);
    return balance;
  }

  async balance(accepted: readonly string[]): Promise<Balance> {
    const rows = await this.#query<Row>(BALANCE, [this.#organization, accepted]);
    const counted = new Set(await this.#clickhouse(`SELECT intent_id FROM ${DATABASE}.intents FINAL WHERE stage = 2`));
    const missing = (station: Exclude<Station, 'analytics'>) => rows.filter((row) => !row[station]).length;
    return {
      accepted: accepted.length,
      unanswered: rows.length - accepted.length,
      missing: {
        gateway: missing('gateway'),
        final: missing('final'),
        decided: missing('decided'),
        audited: missing('audited'),
        decisionsAudited: missing('decisionsAudited'),
        analytics: rows.filter(({ id }) => !counted.has(id)).length,
      },
      repeated: rows.filter(({ repeated }) => repeated).length,
    };
  }

  /** Of the intents accepted in a span of time, how many are not decided, logged and counted. */
  async behind(from: Date, to: Date): Promise<number> {
    const [row] = await this.#query<{ intents: number; behind: number }>(BEHIND, [this.#organization, from, to]);
    const span = `created_at >= fromUnixTimestamp64Milli(${from.getTime()}) AND created_at < fromUnixTimestamp64Milli(${to.getTime()})`;
    const [counted] = await this.#clickhouse(
      `SELECT count() FROM ${DATABASE}.intents FINAL WHERE organization_id = '${this.#organization}' AND stage > 0 AND ${span}`,
    );
    const { intents = 0, behind = 0 } = row ?? {};
    return Math.max(behind, intents - Number(counted));
  }

  async decisionTimes(): Promise<DecisionTimes> {
    const [row] = await this.#query<{ times: [number, number, number] }>(
      `SELECT percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM updated_at - created_at) * 1000) AS times
         FROM gateway.intents WHERE organization_id = $1 AND policy_decision = 'allow'`,
      [this.#organization],
    );
    const [p50 = 0, p99 = 0, max = 0] = (row?.times ?? []).map(Math.round);
    return { p50, p99, max };
  }

  async #query<R extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<R[]> {
    const client = new pg.Client({ connectionString: this.#databaseUrl, connectionTimeoutMillis: 5_000 });
    // A server that is killed ends it.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<R>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async #clickhouse(sql: string): Promise<string[]> {
    const answer = await fetch(this.#clickhouseUrl, { method: 'POST', body: sql, signal: AbortSignal.timeout(10_000) });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`ClickHouse: ${body}`);
    return body.split('\n').filter(Boolean);
  }
}
