import { randomUUID } from 'node:crypto';
import { encodeEvent, createEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { describe, expect, it } from 'vitest';
import { baseRecord } from '@aegis/verify/format/export/base-record';
import { BASE_COLUMNS } from '@aegis/verify/format/export/columns';
import { RecordsFile, type RecordsFileOptions } from '@aegis/verify/format/export/records-file';
import { NO_ROW_SETTINGS } from '@aegis/verify/format/export/row-settings';
import { chainOf, checkedEntries } from './chain.ts';
import { AUDITOR, decided, delivered, responded, submitted } from './events.ts';

const organizationId = randomUUID();

const recordsOf = (...messages: Parameters<typeof delivered>[0][]) => {
  const { entries } = chainOf(messages.map((message) => delivered(message)));
  return checkedEntries(organizationId, entries).map(baseRecord);
};

const PLAIN: RecordsFileOptions = {
  format: 'json',
  standard: 'generic',
  bom: false,
  settings: NO_ROW_SETTINGS,
  from: null,
};

function fileOf(options: Partial<RecordsFileOptions>, ...messages: Parameters<typeof delivered>[0][]) {
  const { entries } = chainOf(messages.map((message) => delivered(message)));
  const file = new RecordsFile({ ...PLAIN, ...options });
  let text = file.head();
  for (const entry of checkedEntries(organizationId, entries)) text += file.entry(entry);
  return { file, text: text + file.tail() };
}

describe('a JSON file', () => {
  it('is one array with a record a line', () => {
    const messages = [submitted({ organizationId }), decided({ organizationId })];
    const { text } = fileOf({}, ...messages);
    const records = JSON.parse(text) as object[];
    expect(records.map((record) => Object.keys(record))).toEqual([
      Object.keys(BASE_COLUMNS),
      Object.keys(BASE_COLUMNS),
    ]);
    expect(text.split('\n')).toHaveLength(records.length + 3);
  });

  it('without records is an empty array', () => {
    expect(JSON.parse(fileOf({}).text)).toEqual([]);
  });
});

describe('a file that leaves entries out', () => {
  it('holds a stub with place and checksum for each', () => {
    const file = new RecordsFile({ ...PLAIN, standard: 'sox' });
    const [stub] = JSON.parse(file.head() + file.withheld(7, 'a'.repeat(64)) + file.tail()) as Record<
      string,
      unknown
    >[];
    const { seq, leaf_hash: hash, row_status: status, status_reason: reason, ...others } = stub ?? {};
    expect([seq, hash, status, reason]).toEqual([7, 'a'.repeat(64), 'withheld', 'outside the filter of this export']);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
    expect(file.totals.totals('json')).toMatchObject({ rows: 1, entries: 1, withheld: 1, first_seq: 7, by_type: {} });
  });
});

describe('control totals', () => {
  it('count what went into the file, and add amounts by currency exactly', () => {
    const intents = ['9007199254740993', '2'].map((amountMinor) => {
      const intent = { organizationId, intentId: newId('int') };
      const money = { amountMinor, currency: 'INR', exponent: 2 };
      const first = submitted(intent);
      return { ...first, value: JSON.stringify({ ...JSON.parse(first.value), money }) };
    });
    const late = submitted({ organizationId }, { time: new Date('2026-03-01T00:00:00.000Z') });
    const messages = [...intents, decided({ organizationId }), responded({ organizationId, note: '=1+1' }), late];
    const { file, text } = fileOf({ format: 'csv', from: '2026-03-02T00:00:00.000Z' }, ...messages);
    expect(text.split('\r\n')).toHaveLength(messages.length + 2);
    expect(file.totals.totals('csv')).toEqual({
      rows: 5,
      entries: 5,
      by_type: { 'intent.submitted': 3, 'intent.decided': 1, 'approval.responded': 1 },
      by_decision: { approved: 1, approve: 1 },
      by_row_status: { present: 5 },
      first_seq: 0,
      last_seq: 4,
      seq_sum: '10',
      gaps: 0,
      amounts_minor: { INR: { submitted: '9007199255240995', approved: '500000', denied: '0' } },
      distinct_agents: 1,
      min_recorded_at: '2026-03-05T10:00:00.000Z',
      max_recorded_at: '2026-03-05T10:00:04.000Z',
      min_occurred_at: '2026-03-01T00:00:00.000Z',
      max_occurred_at: '2026-03-05T10:00:00.000Z',
      late: 1,
      erased: 0,
      withheld: 0,
      escaped_cells: 1,
    });
    expect(file.totals.lateEntries).toMatchObject([{ seq: 4, occurred_at: '2026-03-01T00:00:00.000Z' }]);
  });
});

describe('the record of an entry', () => {
  it('of a submitted intent tells amount, confidence and what was disclosed', () => {
    const [record] = recordsOf(submitted({ organizationId, reason: 'why', merchant: 'shop' }));
    expect(record).toMatchObject({
      seq: 0,
      prev: '0'.repeat(64),
      event_type: 'intent.submitted',
      occurred_at: '2026-03-05T10:00:00.000Z',
      recorded_at: '2026-03-05T10:00:00.000Z',
      late_ms: 0,
      actor_type: 'agent',
      auth_method: 'api_key',
      subject_type: 'intent',
      decision: null,
      confidence: '0.95',
      amount_minor: '500000',
      currency: 'INR',
      exponent: 2,
      merchant: 'shop',
      reason: 'why',
      row_status: 'present',
      status_reason: null,
    });
    expect(record?.intent_id).toBe(record?.subject_id);
  });

  it('of a decision tells the outcome, the policy that answered, and the risk', () => {
    const [, record] = recordsOf(submitted({ organizationId }), decided({ organizationId }));
    expect(record).toMatchObject({ late_ms: 1_000, decision: 'approved', policy_version: 3 });
    expect(record).toMatchObject({ policy_sha256: 'c'.repeat(64) });
    expect(record).toMatchObject({ risk_score: '0.12', risk_model: 'aegis-risk/1', amount_minor: '500000' });
    expect(record?.policy_id).toMatch(/^pol_/);
  });

  it('of an answer tells the decision and the note', () => {
    const [record] = recordsOf(responded({ organizationId, note: 'no' }));
    expect(record).toMatchObject({ decision: 'approve', note: 'no', actor_role: 'finance', subject_type: 'approval' });
  });

  it('of a change to a policy tells its digests before and after', () => {
    const policyId = newId('pol');
    const [record] = recordsOf(
      encodeEvent(
        createEvent({
          source: 'policy',
          type: 'policy.updated',
          time: new Date('2026-03-05T10:00:00.000Z'),
          subject: policyId,
          organizationId,
          actor: AUDITOR,
          data: {
            policyId,
            version: 4,
            name: 'p',
            priority: 1,
            action: 'deny',
            isActive: true,
            rules: { match: 'all', conditions: [] },
            approval: null,
            beforeSha256: 'a'.repeat(64),
            afterSha256: 'b'.repeat(64),
          },
        }),
      ),
    );
    expect(record).toMatchObject({
      policy_id: policyId,
      policy_version: 4,
      policy_sha256: 'b'.repeat(64),
      before_sha256: 'a'.repeat(64),
      after_sha256: 'b'.repeat(64),
      amount_minor: null,
    });
  });

  it('whose disclosures were erased says so and stays in the file', () => {
    const { entries } = chainOf([delivered(submitted({ organizationId }))]);
    const [record] = checkedEntries(
      organizationId,
      entries.map((entry) => ({ ...entry, disclosures: {} })),
    ).map(baseRecord);
    expect(record).toMatchObject({ reason: null, merchant: null, row_status: 'erased', amount_minor: '500000' });
    expect(record?.status_reason).toBe('erased: /data/merchant /data/metadata /data/reason');
  });
});
