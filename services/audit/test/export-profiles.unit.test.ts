import { randomUUID } from 'node:crypto';
import { EVENTS, LOG_ONLY_EVENTS } from '@aegis/contracts/events/catalog';
import { changesBetween } from '@aegis/contracts/events/changes';
import { createEvent, type EncodedEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { baseRecord } from '@aegis/verify/format/export/base-record';
import type { Standard } from '@aegis/verify/format/export/profile';
import { PROFILES } from '@aegis/verify/format/export/profiles';
import { RecordsFile } from '@aegis/verify/format/export/records-file';
import { NO_ROW_SETTINGS, parseRowSettings, type RowSettings } from '@aegis/verify/format/export/row-settings';
import { ProvenLeaf } from '@aegis/verify/format/leaf-chain';
import { describe, expect, it } from 'vitest';
import { chainOf, checkedEntries } from './chain.ts';
import { AGENT_ACTOR, AUDITOR, decided, delivered, responded, submitted } from './events.ts';

const organizationId = randomUUID();

function recordsOf(standard: Standard, messages: EncodedEvent[], settings: RowSettings = NO_ROW_SETTINGS) {
  const { entries } = chainOf(messages.map((message) => delivered(message)));
  const file = new RecordsFile({ format: 'json', standard, bom: false, settings, from: null });
  const rows = checkedEntries(organizationId, entries).map((entry) => file.entry(entry));
  const records = JSON.parse(file.head() + rows.join('') + file.tail()) as Record<string, string | number | null>[];
  return { records, totals: file.totals.totals('json') };
}

function policyUpdated(before: { name: string; priority: number }, after: { name: string; priority: number }) {
  const policyId = newId('pol');
  const rules = { match: 'all' as const, conditions: [] };
  return encodeEvent(
    createEvent({
      source: 'policy',
      type: 'policy.updated',
      time: new Date('2026-03-05T20:00:00.000Z'),
      subject: policyId,
      organizationId,
      actor: AUDITOR,
      data: {
        policyId,
        version: 4,
        ...after,
        action: 'deny',
        isActive: true,
        rules,
        approval: null,
        beforeSha256: 'a'.repeat(64),
        afterSha256: 'b'.repeat(64),
        changes: changesBetween(before, after),
      },
    }),
  );
}

describe('rbi', () => {
  it('has a row for each field that a change touched, in Indian time, and counts the entry once', () => {
    const change = policyUpdated({ name: 'small', priority: 1 }, { name: 'large', priority: 2 });
    const { records, totals } = recordsOf('rbi', [change, submitted({ organizationId })]);
    expect(records).toMatchObject([
      { seq: 0, row_part: 0, field: 'name', old_value: '"small"', new_value: '"large"', action: 'policy.updated' },
      {
        seq: 0,
        row_part: 1,
        field: 'priority',
        old_value: '1',
        new_value: '2',
        ts_ist: '2026-03-06T01:30:00.000+05:30',
      },
      { seq: 1, row_part: 0, field: null, old_value: null, user_id: AGENT_ACTOR.id, session_id: null },
    ]);
    expect(totals).toMatchObject({ rows: 3, entries: 2, seq_sum: '1', by_type: { 'policy.updated': 1 } });
  });

  it('tells what changed where that is disclosed, where an older entry has it in clear, and not once it is erased', () => {
    const [entry] = checkedEntries(organizationId, chainOf([delivered(submitted({ organizationId }))]).entries);
    if (!entry) throw new Error('there is no entry');
    const changes = [{ field: 'sox', before: 'null', after: '{"reviewer":"Jo Doe"}' }];
    const rows = (data: object, disclosed: ReadonlyMap<string, unknown>) => {
      const text = JSON.stringify({ ...entry.leaf, type: 'audit_settings.updated', data });
      const leaf = new ProvenLeaf(text, { outline: entry.outline, leafHash: entry.leafHash, disclosed });
      return PROFILES.rbi.rows(leaf, baseRecord(leaf), NO_ROW_SETTINGS);
    };
    const told = [{ row_part: 0, field: 'sox', old_value: 'null', new_value: '{"reviewer":"Jo Doe"}' }];
    expect(rows({}, new Map([['/data/changes', changes]]))).toMatchObject(told);
    expect(rows({ changes }, new Map())).toMatchObject(told);
    expect(rows({}, new Map())).toMatchObject([{ row_part: 0, field: null, old_value: null, new_value: null }]);
  });

  it('tells maker and checker, and whether they differ, only where both are known', () => {
    const answer = responded({ organizationId });
    const [maker, owner] = [randomUUID(), randomUUID()];
    const data = JSON.parse(answer.value) as { responderId: string };
    const withParties = (partyIds: string[]) => ({ ...answer, value: JSON.stringify({ ...data, partyIds }) });
    const { records } = recordsOf('rbi', [answer, withParties([maker, owner]), withParties([maker, data.responderId])]);
    expect(records).toMatchObject([
      { maker_id: null, checker_id: data.responderId, maker_ne_checker: null, checker_note: 'fine by me' },
      { maker_id: maker, checker_id: data.responderId, maker_ne_checker: 'true' },
      { maker_id: maker, checker_id: data.responderId, maker_ne_checker: 'false' },
    ]);
  });
});

describe('eu_ai_act', () => {
  it('tells the use, the rules it was judged by, its input and its output', () => {
    const intentId = newId('int');
    const settings = { ...NO_ROW_SETTINGS, incidents: [{ ref: 'INC-7', subject_id: intentId }] };
    const messages = [submitted({ organizationId, intentId }), decided({ organizationId, intentId })];
    const { records } = recordsOf('eu_ai_act', messages, settings);
    const time = '2026-03-05T10:00:00.000Z';
    expect(records[0]).toMatchObject({ use_start: time, use_end: null, output: null, monitoring_tag: 'use' });
    expect(JSON.parse(String(records[0]?.['input']))).toMatchObject({ merchant: 'cloud.example.com' });
    expect(records[0]?.['input_digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(records[1]).toMatchObject({
      use_start: time,
      use_end: time,
      reference_data_id: 'policy_set@12',
      reference_data_sha256: 'a'.repeat(64),
      matched_conditions: '["amount below the limit"]',
      output: 'approved',
      risk_flag: 'false',
      incident_ref: 'INC-7',
      substantial_change: null,
    });
  });

  it('names people alone as verifiers, and what they did', () => {
    const { records } = recordsOf('eu_ai_act', [responded({ organizationId }), decided({ organizationId })]);
    expect(records[0]).toMatchObject({
      oversight_action: 'approve',
      verifier_ids: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(records[1]).toMatchObject({ oversight_action: null, verifier_ids: null });
  });

  it('puts every type of entry under a tag for monitoring', () => {
    const [entry] = checkedEntries(organizationId, chainOf([delivered(submitted({ organizationId }))]).entries);
    if (!entry) throw new Error('there is no entry');
    const untagged = [...Object.keys(EVENTS), ...Object.keys(LOG_ONLY_EVENTS)].filter((type) => {
      const other = new ProvenLeaf(JSON.stringify({ ...entry.leaf, type, data: {} }), entry);
      const [cells] = PROFILES.eu_ai_act.rows(other, baseRecord(other), NO_ROW_SETTINGS);
      return cells?.['monitoring_tag'] === null;
    });
    expect(untagged).toEqual([]);
  });

  it('leaves it to the provider whether a change is substantial', () => {
    const { records } = recordsOf('eu_ai_act', [policyUpdated({ name: 'a', priority: 1 }, { name: 'b', priority: 1 })]);
    expect(records[0]).toMatchObject({ substantial_change: 'not_assessed', monitoring_tag: 'change' });
  });
});

describe('sox', () => {
  const settings: RowSettings = {
    incidents: [],
    control_matrix: [
      { control_id: 'FIN-1', owner: 'CFO', type: 'auto', domain: 'operations', event_types: ['intent.decided'] },
      { control_id: 'IT-2', owner: 'CIO', type: 'manual', domain: 'change', event_types: ['policy.*'] },
    ],
  };

  it('assigns entries to the controls of the customer, and assesses nothing', () => {
    const change = policyUpdated({ name: 'a', priority: 1 }, { name: 'b', priority: 1 });
    const { records } = recordsOf(
      'sox',
      [decided({ organizationId }), change, submitted({ organizationId })],
      settings,
    );
    expect(records).toMatchObject([
      { control_id: 'FIN-1', control_owner: 'CFO', control_type: 'auto', result: 'not_assessed', policy_author: null },
      { control_id: 'IT-2', control_owner: 'CIO', itgc_domain: 'change', policy_author: AUDITOR.id },
      { control_id: null, control_owner: null, control_type: 'auto', itgc_domain: 'operations', sod_ok: null },
    ]);
    expect(records[1]?.['evidence_ref']).toBe(`1:${records[1]?.['leaf_hash']}`);
  });

  it('reads its settings back from a manifest, and nothing of another shape', () => {
    expect(parseRowSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    for (const wrong of [
      null,
      {},
      { ...settings, incidents: [{}] },
      { ...settings, control_matrix: [{ control_id: 1 }] },
    ])
      expect(parseRowSettings(wrong)).toBeNull();
  });
});
