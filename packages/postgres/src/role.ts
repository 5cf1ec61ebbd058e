import type pg from 'pg';
import { sqlState } from './errors.ts';

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const ATTEMPTS = 10;

/**
 * Creates the role a service works under (NOLOGIN) and lets the current user `SET ROLE` to it. Roles belong to the whole
 * server, out of reach of a database's advisory locks, so two databases migrating at once may collide: then it asks again.
 */
export async function ensureRole(client: pg.Client, role: string): Promise<void> {
  if (!NAME.test(role)) throw new RangeError(`${role} is not a plain lower-case role name`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`
        DO $$
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
            CREATE ROLE ${role} NOLOGIN;
          END IF;
          IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            EXECUTE format('GRANT ${role} TO %I', current_user);
          END IF;
        END
        $$`);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isCollision(error)) throw error;
    }
  }
}

/** Duplicate role, its unique index, or "tuple concurrently updated", which PostgreSQL reports as an internal error. */
function isCollision(error: unknown): boolean {
  const state = sqlState(error);
  return state === '42710' || state === '23505' || state === 'XX000';
}
