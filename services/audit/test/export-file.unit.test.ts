import { randomUUID } from 'node:crypto';
import { encodeEvent, createEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMNS, type ExportRecord } from '@aegis/verify/format/export/columns';
import { CSV_HEADER, csvRow, csvText, MAX_CELL_LENGTH } from '@aegis/verify/format/export/csv';
import { FILE_FORMATS } from '@aegis/verify/format/export/format';
import { exportRecord } from '@aegis/verify/format/export/record';
import { chainOf, checkedEntries } from './chain.ts';
import { AUDITOR, decided, delivered, responded, submitted } from './events.ts';

const organizationId = randomUUID();
const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as unknown as ExportRecord;

const recordsOf = (...messages: Parameters<typeof delivered>[0][]) => {
  const { entries } = chainOf(messages.map((message) => delivered(message)));
  return checkedEntries(organizationId, entries).map(exportRecord);
};

/** Strict: no relaxed quotes, every line as long as the header, CRLF between records. */
const readCsv = (text: string): Record<string, string>[] =>
  parse(text, { columns: true, record_delimiter: '\r\n', relax_column_count: false, relax_quotes: false });

const restored = (cell: string | undefined) => cell?.replace(/^'/, '');

describe('a CSV file', () => {
  it('has exactly these bytes', () => {
    const record: ExportRecord = {
      ...EMPTY,
      seq: 7,
      leaf_hash: '305c1072',
      event_type: 'intent.submitted',
      late_ms: -12,
      amount_minor: '-500000',
      currency: 'INR',
      exponent: 2,
      merchant: '=HYPERLINK("http://evil.example";"x")',
      reason: 'two\r\nlines, "quoted" é😀',
      note: "'tis fine",
      row_status: 'present',
    };
    expect(CSV_HEADER + csvRow(record)).toBe(
      '"seq","leaf_hash","prev","event_id","event_type","occurred_at","recorded_at","late_ms","actor_type","actor_id",' +
        '"actor_role","auth_method","subject_type","subject_id","intent_id","agent_id","decision","policy_id",' +
        '"policy_version","policy_sha256","risk_score","risk_model","confidence","amount_minor","currency","exponent",' +
        '"merchant","reason","note","before_sha256","after_sha256","row_status","status_reason"\r\n' +
        '"7","305c1072","","","intent.submitted","","","-12","","","","","","","","","","","","","","","","-500000",' +
        '"INR","2","\'=HYPERLINK(""http://evil.example"";""x"")","two\r\nlines, ""quoted"" é😀","\'\'tis fine","","",' +
        '"present",""\r\n',
    );
  });

  it('is read back by a strict parser with every text as it was', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[='"+\-@,;\r\n\t \u00a0＝＠a]{0,12}$/),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(anything, anything, anything), { maxLength: 5 }), (texts) => {
        const rows = texts.map(([merchant, reason, note], seq) => csvRow({ ...EMPTY, seq, merchant, reason, note }));
        const read = readCsv(CSV_HEADER + rows.join(''));
        expect(read.map((row) => [restored(row['merchant']), restored(row['reason']), restored(row['note'])])).toEqual(
          texts,
        );
        expect(read.map((row) => row['seq'])).toEqual(texts.map((_, seq) => String(seq)));
      }),
    );
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\rx',
    '\nx',
    ' =1',
    '\u00a0=1',
    '\u3000 @x',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    'a\n=1',
    'a\r\n  =1',
    'a\r=1',
    'a\n\nb',
    ' \t',
    "'quoted",
    "'=1",
  ])('puts an apostrophe before %j', (text) => {
    expect(csvText(text)).toBe(`'${text}`);
  });

  it.each(['', 'a=1', 'a - b', '1+1', 'a\nb', 'a\r\nb', 'a\n', 'mail@example.com', '  indented', 'it\u2019s', '"=1"'])(
    'leaves %j alone',
    (text) => {
      expect(csvText(text)).toBe(text);
    },
  );

  it('looks at an endless blank text once', () => {
    const started = performance.now();
    expect(csvText(' '.repeat(MAX_CELL_LENGTH))).toBe(' '.repeat(MAX_CELL_LENGTH));
    expect(csvText(' a\n'.repeat(MAX_CELL_LENGTH / 4))).toHaveLength((MAX_CELL_LENGTH / 4) * 3);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('holds a text of over 32,000 characters as its digest', () => {
    expect(csvText('x'.repeat(32_000))).toBe('x'.repeat(32_000));
    expect(csvText('x'.repeat(32_001))).toBe('sha256:848714a800dc429179d2358119ed26d11eff5aba18f278c1f2d0e95a34f550eb');
  });
});

describe('a JSON file', () => {
  it('is one array with a record a line', () => {
    const records = recordsOf(submitted({ organizationId }), decided({ organizationId }));
    const { head, separator, tail, row } = FILE_FORMATS.json;
    const text = head + records.map(row).join(separator) + tail;
    expect(JSON.parse(text)).toEqual(records);
    expect(text.split('\n')).toHaveLength(records.length + 3);
  });

  it('without records is an empty array', () => {
    expect(JSON.parse(FILE_FORMATS.json.head + FILE_FORMATS.json.tail)).toEqual([]);
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
    expect(record).toMatchObject({ late_ms: 1_000, decision: 'approved', policy_version: 3, policy_sha256: null });
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
    ).map(exportRecord);
    expect(record).toMatchObject({ reason: null, merchant: null, row_status: 'erased', amount_minor: '500000' });
    expect(record?.status_reason).toBe('erased: /data/merchant /data/metadata /data/reason');
  });
});
