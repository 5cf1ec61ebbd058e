import type { Tx } from '@aegis/postgres/transaction';

/** Tells every replica which intents moved. */
export const DECIDED_CHANNEL = 'gateway_intents_decided';

const NOTIFY = {
  name: 'intents-notify-decided',
  text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
};

/** A payload holds at most 8,000 bytes: 200 ids of 36 characters and their separators fit. */
const IDS_A_PAYLOAD = 200;

export async function notifyDecided(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const payloads: string[] = [];
  for (let start = 0; start < ids.length; start += IDS_A_PAYLOAD) {
    payloads.push(ids.slice(start, start + IDS_A_PAYLOAD).join(' '));
  }
  await tx.query(NOTIFY, [DECIDED_CHANNEL, payloads]);
}

export function idsOfNotification(payload: string): string[] {
  return payload.split(' ');
}
