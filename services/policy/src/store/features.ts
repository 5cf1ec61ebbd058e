import { textArray } from '@aegis/postgres/binary-array';
import type { Tx } from '@aegis/postgres/transaction';
import { type Account } from '../domain/account.ts';
import type { Activity } from '../domain/features/activity.ts';
import type { MerchantDay, MerchantHistory } from '../domain/features/merchant-history.ts';
import type { Piece } from '../domain/features/pieces.ts';
import type { AgentKey } from './accounts.ts';

export interface MerchantRef {
  readonly organizationId: string;
  readonly merchantKey: string;
}

export interface AgentMerchantRef extends AgentKey, MerchantRef {}

type DayJson = [day: number, spent: string, count: number, largest: string];
type PieceJson = [atMs: number, amount: string];

const LOAD_ACTIVITY = {
  name: 'agent-activity-load',
  text: `SELECT a.*
         FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, agent_id)
         CROSS JOIN LATERAL (
           SELECT organization_id, agent_id, activity FROM agent_activity
           WHERE organization_id = k.organization_id AND agent_id = k.agent_id LIMIT 1
         ) AS a`,
};

const SAVE_ACTIVITY = {
  name: 'agent-activity-save',
  text: `INSERT INTO agent_activity (organization_id, agent_id, activity)
         SELECT organization_id, agent_id, activity::json
         FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (organization_id, agent_id, activity)
         ON CONFLICT (organization_id, agent_id) DO UPDATE SET activity = excluded.activity`,
};

/** What agents, whose rows the caller has locked, asked for lately; one that never asked is left out. */
export async function loadActivity(
  tx: Tx,
  keys: readonly AgentKey[],
): Promise<(AgentKey & { readonly activity: Activity })[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<{ organization_id: string; agent_id: string; activity: Activity }>(LOAD_ACTIVITY, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.agentId),
  ]);
  return rows.map(({ organization_id, agent_id, activity }) => ({
    organizationId: organization_id,
    agentId: agent_id,
    activity,
  }));
}

export async function saveActivity(tx: Tx, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  await tx.query(SAVE_ACTIVITY, [
    accounts.map((account) => account.organizationId),
    accounts.map((account) => account.agentId),
    textArray(accounts.map(({ activity }) => JSON.stringify(activity))),
  ]);
}

const LOAD_MERCHANTS = {
  name: 'agent-merchants-load',
  text: `SELECT m.*
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS k (organization_id, agent_id, merchant_key)
         CROSS JOIN LATERAL (
           SELECT organization_id, agent_id, merchant_key, seen, days FROM agent_merchants
           WHERE organization_id = k.organization_id AND agent_id = k.agent_id AND merchant_key = k.merchant_key LIMIT 1
         ) AS m`,
};

const SAVE_MERCHANTS = {
  name: 'agent-merchants-save',
  text: `INSERT INTO agent_merchants (organization_id, agent_id, merchant_key, seen, days)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::json[])
         ON CONFLICT (organization_id, agent_id, merchant_key)
         DO UPDATE SET seen = excluded.seen, days = excluded.days`,
};

/** What agents, whose rows the caller has locked, spent at merchants. */
export async function loadMerchants(
  tx: Tx,
  keys: readonly AgentMerchantRef[],
): Promise<(AgentMerchantRef & { readonly history: MerchantHistory })[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<{
    organization_id: string;
    agent_id: string;
    merchant_key: string;
    seen: boolean;
    days: DayJson[];
  }>(LOAD_MERCHANTS, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.agentId),
    keys.map((key) => key.merchantKey),
  ]);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    agentId: row.agent_id,
    merchantKey: row.merchant_key,
    history: { seen: row.seen, days: new Map(row.days.map(dayOf)) },
  }));
}

function dayOf([day, spent, count, largest]: DayJson): [number, MerchantDay] {
  return [day, { spent: BigInt(spent), count, largest: BigInt(largest) }];
}

export async function saveMerchants(tx: Tx, accounts: readonly Account[]): Promise<void> {
  const rows = accounts.flatMap(({ organizationId, agentId, merchants }) =>
    [...merchants].map(([key, history]) => ({ organizationId, agentId, key, history })),
  );
  if (rows.length === 0) return;
  await tx.query(SAVE_MERCHANTS, [
    rows.map((row) => row.organizationId),
    rows.map((row) => row.agentId),
    rows.map((row) => row.key),
    rows.map((row) => row.history.seen),
    rows.map((row) => JSON.stringify([...row.history.days].map(dayJson))),
  ]);
}

function dayJson([day, { spent, count, largest }]: [number, MerchantDay]): DayJson {
  return [day, spent.toString(), count, largest.toString()];
}

// Opens and locks in one statement: the update of nothing waits for whoever holds the row and returns what they wrote.
// Sorted, and after the agents' rows in every transaction, so that no two batches wait for each other crosswise.
const LOCK_PIECES = {
  name: 'merchant-pieces-lock',
  text: `INSERT INTO merchant_pieces AS p (organization_id, merchant_key, pieces)
         SELECT organization_id, merchant_key, '[]'
         FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, merchant_key) ORDER BY 1, 2
         ON CONFLICT (organization_id, merchant_key) DO UPDATE SET organization_id = p.organization_id
         RETURNING organization_id, merchant_key, pieces`,
};

const SAVE_PIECES = {
  name: 'merchant-pieces-save',
  text: `UPDATE merchant_pieces p SET pieces = n.pieces
         FROM unnest($1::uuid[], $2::uuid[], $3::json[]) AS n (organization_id, merchant_key, pieces)
         WHERE p.organization_id = n.organization_id AND p.merchant_key = n.merchant_key`,
};

/** Locks what all agents of an organisation asked for at merchants just below thresholds. */
export async function lockPieces(
  tx: Tx,
  keys: readonly MerchantRef[],
): Promise<(MerchantRef & { readonly pieces: Piece[] })[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<{ organization_id: string; merchant_key: string; pieces: PieceJson[] }>(LOCK_PIECES, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.merchantKey),
  ]);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    merchantKey: row.merchant_key,
    pieces: row.pieces.map(([atMs, amount]) => ({ atMs, amount: BigInt(amount) })),
  }));
}

export async function savePieces(
  tx: Tx,
  rows: readonly (MerchantRef & { readonly pieces: readonly Piece[] })[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(SAVE_PIECES, [
    rows.map((row) => row.organizationId),
    rows.map((row) => row.merchantKey),
    rows.map((row) => JSON.stringify(row.pieces.map(({ atMs, amount }) => [atMs, amount.toString()]))),
  ]);
}
