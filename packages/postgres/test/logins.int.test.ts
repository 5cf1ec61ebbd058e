import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { ALL_ORGANIZATIONS, createDatabase, type Database } from '../src/database.ts';
import { openLedger, silent } from './ledger.ts';

it('a second login works beside the first, which can be dropped while the second goes on', async () => {
  await using ledger = await openLedger();
  const suffix = randomBytes(4).toString('hex');
  const [old, next] = [`old_${suffix}`, `next_${suffix}`];
  /** As docs/secrets.md has it: a new password is a new login with the same roles. */
  const logIn = async (name: string): Promise<Database> => {
    await ledger.admin(`CREATE ROLE ${name} LOGIN PASSWORD 'secret'; GRANT aegis_ledger TO ${name}`);
    const url = new URL(ledger.url);
    url.username = name;
    url.password = 'secret';
    return createDatabase({ url: url.href, schema: 'ledger', log: silent });
  };
  const count = (of: Database) => of.read(ALL_ORGANIZATIONS, (tx) => tx.query('SELECT count(*) FROM entries'));
  const before = await logIn(old);
  const after = await logIn(next);
  await Promise.all([count(before), count(after)]);
  await before.close();
  await ledger.admin(`DROP ROLE ${old}`);
  await expect(count(after)).resolves.toMatchObject({ rowCount: 1 });
  await after.close();
  await ledger.admin(`DROP ROLE ${next}`);
});
