import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { sumSizes } from '../store/chain-heads.ts';

/** Entries over all organisations. */
export function readHeight(database: Database): Promise<number> {
  return database.read(ALL_ORGANIZATIONS, sumSizes);
}
