import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { populationService } from '@aegis/grpc/definitions';
import type { IntentFacts } from '@aegis/grpc/generated/aegis/gateway/v1/IntentFacts';
import { bind, type GrpcServer, startGrpcServer } from '@aegis/grpc/server';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { checkBundle } from '@aegis/verify/bundle/check-bundle';
import { parseManifestKey } from '@aegis/verify/format/export/manifest-signature';
import type { Reconciliation } from '@aegis/verify/format/export/reconciliation';
import { parseVerifierKey } from '@aegis/verify/format/note';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memorySource } from '../../../packages/verify/test/sample-bundle.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { silent } from './audit-database.ts';
import { callerOf, type RunningAudit, startAudit } from './audit-service.ts';
import { prepare } from './chain.ts';
import { decided, delivered, submitted } from './events.ts';
import { unzip } from './unzip.ts';

const timeoutMs = 30_000;
/** When every intent was created. */
const TIME = '2026-03-05T10:00:00.000Z';
const MONEY = { amountMinor: '500000', currency: 'INR', exponent: 2 };

let audit: RunningAudit;
let gateway: GrpcServer;
/** The operational database, by organisation; an error in its place is thrown. */
const operational = new Map<string, IntentFacts[] | ProblemError>();
/** Called before each answer. */
let onAsked: (organizationId: string) => void;

function held(organizationId: string | undefined): IntentFacts[] {
  onAsked(organizationId ?? '');
  const intents = operational.get(organizationId ?? '') ?? [];
  if (intents instanceof ProblemError) throw intents;
  return intents;
}

beforeAll(async () => {
  const service = bind(populationService, {
    async *listIntents({ caller, from = '', to = '9' }) {
      const intents = held(caller?.organizationId);
      yield { intents: TIME >= from && TIME < to ? intents : [], asOf: new Date().toISOString() };
    },
    getIntents: async ({ caller, ids }) => ({
      intents: held(caller?.organizationId).filter(({ id }) => ids.includes(id)),
      asOf: new Date().toISOString(),
    }),
  });
  gateway = await startGrpcServer({
    name: 'gateway',
    host: '127.0.0.1',
    port: 0,
    tls: null,
    log: silent,
    services: [service],
  });
  audit = await startAudit({ populations: { gateway: gateway.address, settleTimeoutMs: 1_000 } });
});
afterAll(async () => {
  await audit.close();
  await gateway.stop();
});
beforeEach(() => {
  onAsked = () => undefined;
});

type Status = 'pending' | 'approved' | 'denied' | 'pending_approval';
const facts = (id: string, status: Status, amountMinor = MONEY.amountMinor): IntentFacts => ({
  id,
  status,
  money: { ...MONEY, amountMinor },
});

async function record(
  organizationId: string,
  id: ReturnType<typeof newId<'int'>>,
  kinds: readonly ('submitted' | 'decided')[],
) {
  const events = kinds.map((kind) => (kind === 'submitted' ? submitted : decided)({ organizationId, intentId: id }));
  await appendEntries(
    audit.database,
    ALL_ORGANIZATIONS,
    events.map((event) => prepare(delivered(event))),
  );
}

/** An organisation with intents that are approved, in the log and in the operational database. */
async function agreeing(count: number): Promise<{ organizationId: string; intents: IntentFacts[] }> {
  const organizationId = randomUUID();
  const intents: IntentFacts[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = newId('int');
    await record(organizationId, id, ['submitted', 'decided']);
    intents.push(facts(id, 'approved'));
  }
  operational.set(organizationId, intents);
  return { organizationId, intents };
}

async function exported(organizationId: string, asked: Partial<Parameters<RunningAudit['client']['export']>[0]> = {}) {
  const caller = callerOf(organizationId);
  const question = { caller, format: 'csv', standard: 'generic', bundle: true, ...asked };
  const chunks: Buffer[] = [];
  for await (const { content } of audit.client.export(question, { timeoutMs })) chunks.push(content);
  const files = await unzip(Buffer.concat(chunks));
  const { keys } = await audit.transparency.listKeys({ caller });
  const { jwkJson } = await audit.exports.getManifestKey({ caller });
  const report = await checkBundle(memorySource(files), {
    verifiers: keys.map(({ vkey }) => parseVerifierKey(vkey)),
    manifestKey: parseManifestKey(jwkJson),
    keptCheckpoint: null,
  });
  expect(report.faults).toEqual([]);
  return JSON.parse(files.get('manifest.json')?.toString() ?? '') as {
    readonly reconciliation: Reconciliation | null;
    readonly gaps: readonly { field: string; reason: string }[];
  };
}

async function lastOwnEntry(organizationId: string): Promise<unknown> {
  const [entry] = await audit.sql(
    `SELECT type, leaf::json -> 'data' ->> 'cause' AS cause FROM entries
     WHERE organization_id = $1 AND type LIKE 'export.%' ORDER BY seq DESC LIMIT 1`,
    [organizationId],
  );
  return entry;
}

describe('an export', () => {
  it('sets the operational figures beside those of the log, which an offline check counts again', async () => {
    const { organizationId } = await agreeing(3);
    const { reconciliation, gaps } = await exported(organizationId);
    const three = { count: 3, amounts_minor: { INR: '1500000' } };
    const none = { count: 0, amounts_minor: {} };
    expect(reconciliation).toMatchObject({
      compared_by: 'intent_id',
      period: { from: null },
      operational: { submitted: three, approved: three, denied: none },
      log: { submitted: three, approved: three, denied: none },
      deltas: { submitted: { count: 0, amounts_minor: { INR: '0' } }, denied: none },
      recorded_outside: 0,
      differences: { count: 0, intents: [] },
    });
    expect(reconciliation?.operational).toEqual(reconciliation?.log);
    expect(gaps.map(({ field }) => field)).not.toContain('reconciliation');
  });

  it('is refused before its first byte where the log lacks an intent, which is named', async () => {
    const { organizationId, intents } = await agreeing(2);
    const missing = facts(newId('int'), 'pending');
    operational.set(organizationId, [...intents, missing]);
    await expect(exported(organizationId)).rejects.toMatchObject({
      code: 'export_refused',
      message: `${missing.id}: the log has no entry of its submission`,
    });
    expect(await lastOwnEntry(organizationId)).toEqual({
      type: 'export.aborted',
      cause: `${missing.id}: the log has no entry of its submission`,
    });
  });

  it('names, where it is asked to, what the two do not agree on, and its bytes stay the same', async () => {
    const { organizationId, intents } = await agreeing(2);
    const undecided = newId('int');
    await record(organizationId, undecided, ['submitted']);
    const missing = facts(newId('int'), 'pending', '7');
    operational.set(organizationId, [...intents, missing, facts(undecided, 'denied')]);
    const { reconciliation } = await exported(organizationId, { differences: 'report' });
    expect(reconciliation).toMatchObject({
      operational: { submitted: { count: 4, amounts_minor: { INR: '1500007' } }, denied: { count: 1 } },
      log: { submitted: { count: 3, amounts_minor: { INR: '1500000' } }, denied: { count: 0 } },
      deltas: { submitted: { count: 1, amounts_minor: { INR: '7' } }, denied: { count: 1 } },
      differences: {
        count: 2,
        intents: [
          { intent_id: missing.id, what: 'the log has no entry of its submission' },
          { intent_id: undecided, what: 'it is denied, and the log has no entry of it' },
        ],
      },
    });
  });

  it('is broken off where the log holds an intent that the operational database does not', async () => {
    const { organizationId, intents } = await agreeing(3);
    operational.set(organizationId, intents.slice(1));
    await expect(exported(organizationId)).rejects.toMatchObject({ code: 'export_refused' });
    expect(await lastOwnEntry(organizationId)).toMatchObject({
      type: 'export.aborted',
      cause:
        'the operational database counts 2 intents, 1000000 INR in minor units submitted, the log 3 intents, 1500000 INR in minor units',
    });
  });

  it.each([
    ['an amount', (intent: IntentFacts) => ({ ...intent, money: { ...MONEY, amountMinor: '500001' } })],
    ['a currency', (intent: IntentFacts) => ({ ...intent, money: { ...MONEY, currency: 'USD' } })],
    ['an outcome', (intent: IntentFacts) => ({ ...intent, status: 'denied' })],
  ])('is broken off where the two hold %s of an intent differently', async (_, change) => {
    const { organizationId, intents } = await agreeing(3);
    operational.set(
      organizationId,
      intents.map((intent, index) => (index === 1 ? change(intent) : intent)),
    );
    await expect(exported(organizationId)).rejects.toMatchObject({ code: 'export_refused' });
  });

  it('waits for what is under way: to the log, and to the operational database', async () => {
    const { organizationId, intents } = await agreeing(1);
    const [late, undecided] = [newId('int'), newId('int')];
    await record(organizationId, undecided, ['submitted', 'decided']);
    operational.set(organizationId, [...intents, facts(late, 'pending'), facts(undecided, 'pending')]);
    let asked = 0;
    onAsked = () => {
      asked += 1;
      if (asked !== 2) return;
      operational.set(organizationId, [...intents, facts(late, 'pending'), facts(undecided, 'approved')]);
      void record(organizationId, late, ['submitted']);
    };
    const { reconciliation } = await exported(organizationId);
    expect(reconciliation).toMatchObject({
      operational: { submitted: { count: 2 }, approved: { count: 2 } },
      // It came to the log behind the range, which was settled before.
      recorded_outside: 1,
    });
    expect(asked).toBeGreaterThanOrEqual(2);
  });

  it('counts what was recorded outside its range apart', async () => {
    const { organizationId } = await agreeing(4);
    const times = await audit.sql<{ at: Date }>(
      'SELECT recorded_at AS at FROM entries WHERE organization_id = $1 ORDER BY seq',
      [organizationId],
    );
    const [from, to] = [times[2]?.at.toISOString() ?? '', times[6]?.at.toISOString() ?? ''];
    const early = await exported(organizationId, { to: from });
    expect(early.reconciliation).toMatchObject({ operational: { submitted: { count: 1 } }, recorded_outside: 3 });
    // Created before the time of the export: late entries of the log, and not intents of the period.
    const { reconciliation } = await exported(organizationId, { from, to });
    expect(reconciliation).toMatchObject({
      period: { from, to },
      log: { submitted: { count: 0 } },
    });
  });

  it('goes on without the figures where there is nobody to tell them, and its gaps say so', async () => {
    const { organizationId } = await agreeing(1);
    const reasonOf = async (asked = {}) => {
      const { reconciliation, gaps } = await exported(organizationId, asked);
      expect(reconciliation).toBeNull();
      return gaps.find(({ field }) => field === 'reconciliation')?.reason;
    };
    expect(await reasonOf({ type: 'intent.submitted' })).toBe(
      'an export with a filter is not compared: ask for one without',
    );
    operational.set(organizationId, new ProblemError('unavailable', 'no'));
    expect(await reasonOf()).toBe('the operational database did not answer');
  });

  it('asked for again has the same figures, whatever the operational database holds by now', async () => {
    const { organizationId } = await agreeing(2);
    await exported(organizationId);
    const [first] = (await audit.exports.listExports({ caller: callerOf(organizationId), page: null })).exports;
    const again = async () => {
      const request = {
        caller: callerOf(organizationId),
        exportId: first?.exportId ?? '',
        part: 'bundle',
        fromByte: '0',
      };
      const chunks: Buffer[] = [];
      for await (const { content } of audit.exports.exportAgain(request, { timeoutMs })) chunks.push(content);
      return Buffer.concat(chunks);
    };
    const before = await again();
    operational.set(organizationId, []);
    expect((await again()).equals(before)).toBe(true);
  });
});
