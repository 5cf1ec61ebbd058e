import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { callerOf, type RunningAudit, startAudit } from './audit-service.ts';
import { prepare } from './chain.ts';
import { decided, delivered, responded, submitted } from './events.ts';

let audit: RunningAudit;

beforeAll(async () => {
  audit = await startAudit();
});
afterAll(() => audit.close());

const append = (...events: Parameters<typeof delivered>[0][]) =>
  appendEntries(
    audit.database,
    ALL_ORGANIZATIONS,
    events.map((event) => prepare(delivered(event))),
  );

const at = (second: number) => ({ time: new Date(Date.UTC(2026, 2, 5, 10, 0, second)) });

/** A whole life among the entries of other intents; the submission came to the log last. */
async function lived(organizationId = randomUUID()) {
  const intentId = newId('int');
  const of = { organizationId, intentId };
  await append(submitted({ organizationId }), decided(of, at(2)), decided({ organizationId }));
  await append(responded(of), responded({ organizationId }), submitted(of, at(-1)));
  return of;
}

function page(of: { organizationId: string; intentId: string }, limit = 20, cursor?: string) {
  const request = { limit, offset: 0, ...(cursor !== undefined && { cursor }) };
  return audit.client.listTimeline({ caller: callerOf(of.organizationId), intentId: of.intentId, page: request });
}

const TYPES = ['intent.submitted', 'approval.responded', 'intent.decided'];

describe('the timeline of an intent', () => {
  it('has its entries alone, in the order in which they happened, whatever the order of arrival', async () => {
    const of = await lived();
    const { entries, page: info } = await page(of);
    expect(entries.map(({ type }) => type)).toEqual(TYPES);
    expect(entries.map(({ seq }) => Number(seq))).toEqual([5, 3, 1]);
    expect(info).toMatchObject({ hasMore: false });
  });

  it('leads from page to page, and on when the log has grown meanwhile', async () => {
    const of = await lived();
    const types: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 3; pages += 1) {
      const { entries, page: info } = await page(of, 1, cursor);
      types.push(...entries.map(({ type }) => type));
      cursor = info?.nextCursor;
      if (pages === 0) await append(submitted({ organizationId: of.organizationId }));
    }
    expect(types).toEqual(TYPES);
    expect(cursor).toBeUndefined();
    await expect(page(of, 1, 'x')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('names what was erased and keeps the rest: checksum, place and proof', async () => {
    const of = await lived();
    const before = await page(of);
    await audit.tamper('DELETE FROM disclosures WHERE organization_id = $1', [of.organizationId]);
    const after = await page(of);
    expect(before.entries.map(({ erased }) => erased)).toEqual([[], [], []]);
    expect(after.entries.map(({ erased }) => erased.toSorted())).toEqual([
      ['/data/merchant', '/data/metadata', '/data/reason'],
      ['/data/note'],
      [],
    ]);
    expect(after.entries.map(({ checksum }) => checksum)).toEqual(before.entries.map(({ checksum }) => checksum));
    expect(after.entries[0]?.dataJson).not.toContain('reason');
    const [entry] = after.entries;
    const proof = await audit.transparency.proveInclusion({
      caller: callerOf(of.organizationId),
      entryId: entry?.id ?? '',
    });
    expect(proof).toMatchObject({ seq: entry?.seq, checksum: entry?.checksum });
  });

  it('does not exist for another organisation, nor of an intent that nothing was recorded of', async () => {
    const of = await lived();
    const missing = { code: 'not_found', message: 'the log holds nothing about such an intent' };
    await expect(page({ ...of, organizationId: randomUUID() })).rejects.toMatchObject(missing);
    await expect(page({ ...of, intentId: newId('int') })).rejects.toMatchObject(missing);
  });

  it('reads the entries of the intent alone, by their index', async () => {
    const { organizationId, intentId } = await lived();
    const plan = await audit.database.read({ organizationId }, async (tx) => {
      const { rows } = await tx.query<{ 'QUERY PLAN': string }>(
        'EXPLAIN SELECT leaf FROM entries WHERE organization_id = $1 AND intent_id = $2',
        [organizationId, intentId],
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toMatch(/Index Scan (using|on) entries_\d_organization_id_intent_id_seq_idx/);
    expect(plan).toMatch(/Index Cond: .*intent_id = /);
  });
});
