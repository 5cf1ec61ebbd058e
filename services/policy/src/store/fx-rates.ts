import type { Tx } from '@aegis/postgres/transaction';
import { positionTimeSchema } from '@aegis/contracts/http/text';
import { z } from 'zod';
import type { FxRate } from '../domain/fx.ts';
import { COUNT_LIMIT, type Page, pageOf, type PageRequest } from '../domain/page.ts';

/** Asks for the rate of a currency that holds at an instant. */
export interface RateKey {
  readonly organizationId: string;
  readonly currency: string;
  readonly baseCurrency: string;
  readonly at: string;
}

interface RateRow {
  readonly organization_id: string;
  readonly rate_id: string;
  readonly currency: string;
  readonly base_currency: string;
  readonly rate: string;
  readonly effective_at: Date;
  readonly revision: number;
  readonly recorded_at: Date;
  readonly [column: string]: unknown;
}

const COLUMNS = 'organization_id, rate_id, currency, base_currency, rate, effective_at, revision, recorded_at';

const LOAD = {
  name: 'fx-rates-load',
  text: `SELECT DISTINCT r.*
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS k (organization_id, currency, base, at)
         CROSS JOIN LATERAL (
           SELECT ${COLUMNS} FROM fx_rates
           WHERE organization_id = k.organization_id AND currency = k.currency AND base_currency = k.base
             AND effective_at <= k.at
           ORDER BY effective_at DESC, revision DESC LIMIT 1
         ) AS r`,
};

/** Of each currency the rate that holds at the instant, whatever its age; currencies without one are left out. */
export async function loadRates(
  tx: Tx,
  keys: readonly RateKey[],
): Promise<{ readonly organizationId: string; readonly rate: FxRate }[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<RateRow>(LOAD, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.currency),
    keys.map((key) => key.baseCurrency),
    keys.map((key) => key.at),
  ]);
  return rows.map((row) => ({ organizationId: row.organization_id, rate: rateOf(row) }));
}

/** Records rates. The caller holds the organisation's row, so that revisions follow one another. */
export async function insertRates(tx: Tx, organizationId: string, rates: readonly FxRate[]): Promise<void> {
  if (rates.length === 0) return;
  await tx.query(
    `INSERT INTO fx_rates (organization_id, currency, effective_at, revision, rate_id, base_currency, rate, recorded_at)
     SELECT $1, * FROM unnest($2::text[], $3::timestamptz[], $4::integer[], $5::text[], $6::text[], $7::text[],
                              $8::timestamptz[])`,
    [
      organizationId,
      rates.map((rate) => rate.currency),
      rates.map((rate) => rate.effectiveAt),
      rates.map((rate) => rate.revision),
      rates.map((rate) => rate.id),
      rates.map((rate) => rate.baseCurrency),
      rates.map((rate) => rate.rate),
      rates.map((rate) => rate.recordedAt),
    ],
  );
}

/** Where a rate stands in the list: currency, time, revision. */
export const rateKeySchema = z.tuple([z.string().regex(/^[A-Z]{3}$/), positionTimeSchema, z.int32()]);
export type RateListKey = z.infer<typeof rateKeySchema>;

/** By currency; of one currency the latest first, corrections before what they correct. */
export async function listRates(
  tx: Tx,
  organizationId: string,
  currency: string | null,
  page: PageRequest<RateListKey>,
): Promise<Page<FxRate>> {
  const [afterCurrency, afterTime, afterRevision] = page.after ?? [];
  const [found, count] = await Promise.all([
    tx.query<RateRow>(
      `SELECT ${COLUMNS} FROM fx_rates
       WHERE organization_id = $1 AND ($2::text IS NULL OR currency = $2)
         AND ($3::text IS NULL OR currency > $3
              OR (currency = $3 AND (effective_at, revision) < ($4::timestamptz, $5::integer)))
       ORDER BY currency, effective_at DESC, revision DESC LIMIT $6 OFFSET $7`,
      [
        organizationId,
        currency,
        afterCurrency ?? null,
        afterTime ?? null,
        afterRevision ?? null,
        page.limit + 1,
        page.offset,
      ],
    ),
    tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (
         SELECT FROM fx_rates WHERE organization_id = $1 AND ($2::text IS NULL OR currency = $2) LIMIT $3) AS counted`,
      [organizationId, currency, COUNT_LIMIT + 1],
    ),
  ]);
  return pageOf(found.rows.map(rateOf), page, count.rows[0]?.count ?? 0, (rate) => [
    rate.currency,
    rate.effectiveAt,
    rate.revision,
  ]);
}

function rateOf(row: RateRow): FxRate {
  return {
    id: row.rate_id,
    currency: row.currency,
    baseCurrency: row.base_currency,
    rate: row.rate,
    effectiveAt: row.effective_at.toISOString(),
    revision: row.revision,
    recordedAt: row.recorded_at.toISOString(),
  };
}
