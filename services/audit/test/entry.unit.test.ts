import { randomUUID } from 'node:crypto';
import { EVENTS, LOG_ONLY_EVENTS } from '@aegis/contracts/events/catalog';
import { UnreadableEventError } from '@aegis/contracts/events/envelope';
import { DEAD_LETTER_TOPIC } from '@aegis/bus/port';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHAIN_START } from '@aegis/verify/format/leaf-chain';
import { viewEntry } from '../src/domain/entry-view.ts';
import { MAX_LEAF_BYTES, parseLeaf } from '@aegis/verify/format/leaf';
import { NO_ORGANIZATION } from '../src/inbound/log-event.ts';
import { prepare, store } from './chain.ts';
import { decided, delivered, responded, submitted } from './events.ts';

const organizationId = randomUUID();
const asStored = (delivery: ReturnType<typeof delivered>) => store(prepare(delivery), CHAIN_START);
const asLeaf = (delivery: ReturnType<typeof delivered>) => {
  const leaf = parseLeaf(asStored(delivery).leaf);
  if (!leaf) throw new Error('no leaf');
  return leaf;
};
const withHeaders = (headers: Record<string, string>) => {
  const event = submitted({ organizationId });
  return delivered({ ...event, headers: { ...event.headers, ...headers } });
};

/** Every schema below the top level of an event's data. */
function* nested(schema: z.core.$ZodType): Generator<z.core.$ZodType> {
  const definition = schema._zod.def as unknown as Record<string, unknown>;
  const inner = [definition['innerType'], definition['element'], definition['valueType'], definition['shape']];
  for (const child of inner.flatMap((value) => (value && !isSchema(value) ? Object.values(value) : [value]))) {
    if (!isSchema(child)) continue;
    yield child;
    yield* nested(child);
  }
}
const isSchema = (value: unknown): value is z.core.$ZodType =>
  typeof value === 'object' && value !== null && '_zod' in value;

describe('an event becomes an entry', () => {
  it('that holds its data as published, less the personal fields', () => {
    const event = submitted({ organizationId });
    const { reason, merchant, metadata, ...clear } = JSON.parse(event.value) as Record<string, unknown>;
    const leaf = asLeaf(delivered(event));
    expect(leaf.data).toEqual(clear);
    expect(Object.keys(leaf.sd ?? {})).toEqual(['/data/merchant', '/data/metadata', '/data/reason']);
    expect(JSON.parse(viewEntry(asStored(delivered(event)))?.dataJson ?? '')).toEqual({
      ...clear,
      reason,
      merchant,
      metadata,
    });
  });

  it('that names who did it, to what, when, and because of what', () => {
    const event = decided({ organizationId });
    const leaf = asLeaf(delivered(event));
    expect(leaf).toMatchObject({
      v: 'aegis.audit/1',
      org: organizationId,
      id: event.headers['ce_id'],
      type: 'intent.decided',
      occurred_at: '2026-03-05T10:00:00.000Z',
      actor: { type: 'service', id: 'policy', auth_method: 'internal' },
      subject: { type: 'intent', id: event.headers['ce_subject'] },
      causation_id: event.headers['ce_causationid'],
    });
    expect(leaf.actor).not.toHaveProperty('role');
  });

  it('in which no personal text stands in clear, whatever it says', () => {
    const words = fc.stringMatching(/^[a-zA-Z<>"\\ éß😀]{12,40}$/u);
    fc.assert(
      fc.property(words, words, words, words, (reason, merchant, value, note) => {
        const spend = delivered(submitted({ organizationId, reason, merchant, metadata: { [value]: value } }));
        const answer = delivered(responded({ organizationId, note }));
        const leaves = asStored(spend).leaf + asStored(answer).leaf;
        for (const secret of [reason, merchant, value, note]) {
          expect(leaves).not.toContain(JSON.stringify(secret).slice(1, -1));
        }
      }),
    );
  });

  it('in which nothing said stays nothing said', () => {
    const leaf = asLeaf(delivered(submitted({ organizationId, merchant: null, metadata: null })));
    expect(leaf.data).toMatchObject({ merchant: null, metadata: null });
    expect(Object.keys(leaf.sd ?? {})).toEqual(['/data/reason']);
  });

  it('in which a field that has no canonical form stands as a digest', () => {
    const rules = { match: 'all', conditions: [{ field: 'confidence', operator: 'lt', value: 0.8 }] };
    const digests = { beforeSha256: null, afterSha256: 'a'.repeat(64) };
    const data = {
      policyId: `pol_${'0'.repeat(32)}`,
      version: 1,
      name: 'p',
      priority: 10,
      action: 'deny',
      isActive: true,
    };
    const value = JSON.stringify({ ...data, rules, approval: null, ...digests });
    const event = withHeaders({ ce_type: 'policy.created' });
    const delivery = { ...event, value };
    const leaf = asLeaf(delivery);
    expect(leaf.data).toEqual({ ...data, approval: null, ...digests });
    expect(Object.keys(leaf.sd ?? {})).toEqual(['/data/rules']);
    expect(JSON.parse(viewEntry(asStored(delivery))?.dataJson ?? '')).toMatchObject({ rules });
  });

  it('of an unknown type, with its data as a digest only, and shown as they were published', () => {
    const value = '{"later":1.00000000000000000001,"name":"Jo"}';
    const delivery = { ...withHeaders({ ce_type: 'dispute.opened' }), value };
    const leaf = asLeaf(delivery);
    expect(leaf).toMatchObject({ type: 'dispute.opened', data: {}, subject: { type: 'dispute' } });
    expect(Object.keys(leaf.sd ?? {})).toEqual(['/data']);
    expect(viewEntry(asStored(delivery))?.dataJson).toBe(value);
  });

  it('of an unknown type, even when its data are not JSON', () => {
    const delivery = { ...withHeaders({ ce_type: 'dispute.opened' }), value: 'not \0 JSON' };
    expect(viewEntry(asStored(delivery))?.dataJson).toBe(JSON.stringify('not \0 JSON'));
  });

  it('whose leaf stays within 65,535 bytes: data beyond that stand as a digest', () => {
    const [condition] = [
      { field: 'reason', operator: 'in', value: Array.from({ length: 900 }, () => 'x'.repeat(100)) },
    ];
    const data = {
      policyId: `pol_${'0'.repeat(32)}`,
      version: 1,
      name: 'p',
      priority: 10,
      action: 'deny',
      isActive: true,
      rules: { match: 'all', conditions: [condition] },
      approval: null,
      beforeSha256: null,
      afterSha256: null,
    };
    const delivery = { ...withHeaders({ ce_type: 'policy.created' }), value: JSON.stringify(data) };
    const stored = asStored(delivery);
    expect(Buffer.byteLength(stored.leaf)).toBeLessThan(MAX_LEAF_BYTES);
    expect(Object.keys(parseLeaf(stored.leaf)?.sd ?? {})).toEqual(['/data']);
    expect(JSON.parse(viewEntry(stored)?.dataJson ?? '')).toEqual(data);
  });

  it('whose time is in UTC and whole milliseconds', () => {
    expect(asLeaf(withHeaders({ ce_time: '2026-03-05T15:30:00.1239+05:30' })).occurred_at).toBe(
      '2026-03-05T10:00:00.123Z',
    );
  });

  it.each([
    ['an organisation that is no UUID', { ce_org: 'acme' }],
    ['an organisation in capitals', { ce_org: organizationId.toUpperCase() }],
    ['a time without a zone', { ce_time: '2026-03-05T10:00:00' }],
    ['a time that does not exist', { ce_time: '2026-13-05T10:00:00Z' }],
    ['an id with a line feed', { ce_id: 'evt_1\nevt_2' }],
    ['a subject with NUL', { ce_subject: 'a\0b' }],
    ['an endless type', { ce_type: 'x'.repeat(513) }],
    [
      'an actor id with a lone surrogate',
      { ce_actor: '{"type":"human","id":"\\ud800","role":null,"authMethod":"jwt"}' },
    ],
  ])('unless it has %s', (_, headers) => {
    expect(() => prepare(withHeaders(headers))).toThrow(UnreadableEventError);
  });
});

describe('a dead letter becomes an entry', () => {
  const origin = { dl_topic: 'aegis.intents', dl_partition: '3', dl_offset: '17', dl_group: 'policy' };
  const letter = (headers: Record<string, string>) => ({
    ...withHeaders({ ...origin, dl_error: 'cannot read "Jo"', dl_at: '2026-03-05T10:00:02.000Z', ...headers }),
    topic: DEAD_LETTER_TOPIC,
  });

  it('of type event.unreadable with the digest of its bytes and its origin, its error as a digest', () => {
    const leaf = asLeaf(letter({}));
    expect(leaf).toMatchObject({
      type: 'event.unreadable',
      org: organizationId,
      subject: { type: 'message', id: 'aegis.intents/3@17' },
      data: { topic: 'aegis.intents', partition: 3, offset: '17', group: 'policy' },
    });
    expect(leaf.data['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(leaf.sd ?? {})).toEqual(['/data/error']);
  });

  it('with the same id whenever it is delivered again, and another one from another place', () => {
    const message = letter({});
    expect(prepare(message).eventId).toBe(prepare({ ...message, offset: 99n }).eventId);
    const other = { ...message, headers: { ...message.headers, dl_offset: '18' } };
    expect(prepare(message).eventId).not.toBe(prepare(other).eventId);
  });

  it('whatever it holds', () => {
    const headers = fc.dictionary(
      fc.constantFrom('ce_org', 'ce_id', 'dl_topic', 'dl_partition', 'dl_offset', 'dl_group', 'dl_error', 'dl_at'),
      fc.string({ unit: 'binary', maxLength: 3_000 }),
    );
    fc.assert(
      fc.property(headers, fc.string({ unit: 'binary' }), (given, value) => {
        const entry = prepare({ topic: DEAD_LETTER_TOPIC, key: '', headers: given, value, partition: 0, offset: 0n });
        expect(entry).toMatchObject({ type: 'event.unreadable', organizationId: NO_ORGANIZATION });
      }),
    );
  });
});

describe('the marks of personal text', () => {
  const schemas = Object.entries({ ...EVENTS, ...LOG_ONLY_EVENTS }).map(
    ([type, definition]) => [type, 'data' in definition ? definition.data : definition] as const,
  );

  it.each(schemas)('of %s stand at the top of its data, where the log looks for them', (_, schema) => {
    for (const field of Object.values(schema.shape)) {
      for (const inner of nested(field)) expect(z.globalRegistry.get(inner)).not.toMatchObject({ personal: true });
    }
  });
});
