import type { Database } from '@aegis/postgres/database';
import { type LogKey, selectLogKeys } from '../store/log-keys.ts';

/** The keys of an organisation's log without their private parts, the current one last. */
export async function listLogKeys(
  database: Database,
  organizationId: string,
): Promise<readonly Omit<LogKey, 'privateKey'>[]> {
  const keys = await database.read({ organizationId }, (tx) => selectLogKeys(tx, organizationId));
  return keys.map(({ generation, vkey, introducedAt }) => ({ generation, vkey, introducedAt }));
}
