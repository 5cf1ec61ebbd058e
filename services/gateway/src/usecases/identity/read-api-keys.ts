import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { ApiKey } from '../../domain/identity/api-key.ts';
import { findApiKey, listApiKeys } from '../../store/identity/api-keys.ts';
import type { ListRequest } from '../../domain/identity/listing.ts';

interface ReadDeps {
  readonly db: Pick<Database, 'read'>;
}

/** Throws ProblemError `not_found`. */
export async function getApiKey({ db }: ReadDeps, organizationId: string, id: string): Promise<ApiKey> {
  const key = await db.read({ organizationId }, (tx) => findApiKey(tx, organizationId, id));
  if (!key) throw new ProblemError('not_found', 'no such key');
  return key;
}

export function searchApiKeys({ db }: ReadDeps, request: ListRequest): Promise<{ rows: ApiKey[]; total: number }> {
  return db.read({ organizationId: request.organizationId }, (tx) => listApiKeys(tx, request));
}
