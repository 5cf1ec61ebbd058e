import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE_COLUMNS, type ExportRecord } from '../src/format/export/columns.ts';
import { CsvRows, csvText, MAX_CELL_LENGTH } from '../src/format/export/csv.ts';

const rowOf = (record: ExportRecord, onEscape?: () => void) => new CsvRows(BASE_COLUMNS, onEscape).row(record);
const HEADER = new CsvRows(BASE_COLUMNS).header();

/** Strict: no relaxed quotes, every line as long as the header, CRLF between records. */
const readCsv = (text: string): Record<string, string>[] =>
  parse(text, { columns: true, record_delimiter: '\r\n', relax_column_count: false, relax_quotes: false });

const restored = (cell: string | undefined) => cell?.replace(/^'/, '');

describe('a CSV file', () => {
  it('has exactly these bytes', () => {
    const record: ExportRecord = {
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
    expect(HEADER + rowOf(record)).toBe(
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
        const rows = texts.map(([merchant, reason, note], seq) => rowOf({ seq, merchant, reason, note }));
        const read = readCsv(HEADER + rows.join(''));
        expect(read.map((row) => [restored(row['merchant']), restored(row['reason']), restored(row['note'])])).toEqual(
          texts,
        );
        expect(read.map((row) => row['seq'])).toEqual(texts.map((_, seq) => String(seq)));
      }),
    );
  });

  it('gives a number as it was recorded, whatever stands in its place', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[",\r\n1'=-]{0,12}$/));
    fc.assert(
      fc.property(anything, anything, (minor, merchant) => {
        const [row] = readCsv(HEADER + rowOf({ seq: 0, amount_minor: minor, merchant }));
        expect([row?.['amount_minor'], restored(row?.['merchant'])]).toEqual([minor, merchant]);
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
