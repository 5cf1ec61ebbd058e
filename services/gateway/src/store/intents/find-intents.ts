import type { Tx } from '@aegis/postgres/transaction';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import { INTENT_COLUMNS, intentFromRow, type IntentRow } from './rows.ts';

const FIND_ONE = {
  name: 'intents-find-one',
  text: `SELECT ${INTENT_COLUMNS} FROM intents WHERE organization_id = $1 AND id = $2`,
};

const FIND_MANY = {
  name: 'intents-find-many',
  text: `SELECT ${INTENT_COLUMNS} FROM intents WHERE organization_id = $1 AND id = ANY ($2::text[])`,
};

const FIND_ANYWHERE = {
  name: 'intents-find-anywhere',
  text: `SELECT ${INTENT_COLUMNS} FROM intents WHERE id = ANY ($1::text[])`,
};

export async function findIntent(tx: Tx, organizationId: string, id: string): Promise<StoredIntent | null> {
  const { rows } = await tx.query<IntentRow>(FIND_ONE, [organizationId, id]);
  return rows[0] ? intentFromRow(rows[0]) : null;
}

export async function findIntents(tx: Tx, organizationId: string, ids: readonly string[]): Promise<StoredIntent[]> {
  const { rows } = await tx.query<IntentRow>(FIND_MANY, [organizationId, ids]);
  return rows.map(intentFromRow);
}

/** For those who wait: the ids come from requests of several organisations, each of which proved that it may read it. */
export async function findIntentsOfAll(tx: Tx, ids: readonly string[]): Promise<StoredIntent[]> {
  const { rows } = await tx.query<IntentRow>(FIND_ANYWHERE, [ids]);
  return rows.map(intentFromRow);
}
