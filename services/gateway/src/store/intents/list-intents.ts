import { MAX_COUNTED_TOTAL } from '@aegis/contracts/http/pagination';
import type { IntentStatus } from '@aegis/contracts/http/intents';
import type { Tx } from '@aegis/postgres/transaction';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import { INTENT_COLUMNS, intentFromRow, type IntentRow } from './rows.ts';

export interface IntentFilter {
  readonly organizationId: string;
  readonly status?: IntentStatus | undefined;
  readonly agentId?: string | undefined;
  /** Half-open range of the time of creation. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The whole merchant, whatever the case. */
  readonly merchant?: string | undefined;
  /** Decimal texts, in each intent's own currency. */
  readonly minAmount?: string | undefined;
  readonly maxAmount?: string | undefined;
  /** Part of the reason or the merchant, or an id. */
  readonly q?: string | undefined;
}

/** The last intent of the page before. */
export interface IntentPosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface IntentPageRequest {
  readonly limit: number;
  readonly offset: number;
  readonly after: IntentPosition | null;
}

export interface IntentPage {
  /** One more than the limit when there is a next page. */
  readonly rows: readonly StoredIntent[];
  /** Of the whole filter, counted up to 10,001. */
  readonly total: number;
}

/** Newest first. Under `after` the page is found by the index, however deep it lies. */
export async function listIntents(tx: Tx, filter: IntentFilter, page: IntentPageRequest): Promise<IntentPage> {
  const { where, values } = conditions(filter);
  const { rows: counted } = await tx.query<{ count: bigint }>(
    `SELECT count(*) FROM (SELECT FROM intents WHERE ${where} LIMIT ${MAX_COUNTED_TOTAL + 1}) AS found`,
    values,
  );
  const place = (value: unknown) => `$${values.push(value)}`;
  const { after } = page;
  const position = after ? `AND (created_at, id) < (${place(after.createdAt)}, ${place(after.id)})` : '';
  const { rows } = await tx.query<IntentRow>(
    `SELECT ${INTENT_COLUMNS} FROM intents WHERE ${where} ${position}
     ORDER BY created_at DESC, id DESC LIMIT ${place(page.limit + 1)} OFFSET ${place(page.offset)}`,
    values,
  );
  return { rows: rows.map(intentFromRow), total: Number(counted[0]?.count) };
}

/** An SQL condition for each filter that is set; the values travel as parameters. */
function conditions(filter: IntentFilter): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const terms: string[] = [];
  const add = (value: unknown, term: (place: string) => string) => {
    if (value !== undefined) terms.push(term(`$${values.push(value)}`));
  };
  add(filter.organizationId, (place) => `organization_id = ${place}`);
  add(filter.status, (place) => `status = ${place}`);
  add(filter.agentId, (place) => `agent_id = ${place}`);
  add(filter.from, (place) => `created_at >= ${place}`);
  add(filter.to, (place) => `created_at < ${place}`);
  add(filter.merchant, (place) => `lower(merchant) = lower(${place})`);
  add(filter.minAmount, (place) => `amount_minor >= ${place}::numeric * 10::numeric ^ exponent`);
  add(filter.maxAmount, (place) => `amount_minor <= ${place}::numeric * 10::numeric ^ exponent`);
  add(
    filter.q,
    (place) =>
      `(position(lower(${place}) IN lower(reason)) > 0 OR position(lower(${place}) IN lower(merchant)) > 0 OR id = ${place})`,
  );
  return { where: terms.join(' AND '), values };
}
