import { setImmediate } from 'node:timers/promises';
import type { Database } from '@aegis/postgres/database';
import { disclosuresLine, withheldLine } from '@aegis/verify/format/export/bundle-files';
import { countedIn, IntentSets, type Period, type Reconciliation } from '@aegis/verify/format/export/reconciliation';
import { RecordsFile } from '@aegis/verify/format/export/records-file';
import { leafHash } from '@aegis/verify/format/hashing';
import type { ChainPosition } from '@aegis/verify/format/leaf-chain';
import { LeafReader } from '@aegis/verify/format/leaf-reader';
import { ChainCheck } from '../../domain/chain-check.ts';
import { type ExportDefinition, rowSettings } from '../../domain/export/definition.ts';
import { describeDifference, reconciliationOf } from '../../domain/export/population.ts';
import { isShown } from '../../domain/export/filter.ts';
import type { DisclosedLeaf } from '../../domain/stored-entry.ts';
import { readLeaves } from '../read-range.ts';
import { Digest } from './digest.ts';
import { refusal, refuse } from './refusal.ts';
import { TextChunks } from './text-chunks.ts';

/** Where the range begins and ends, as a check before the first byte found it. */
export interface CheckedRange {
  readonly begin: ChainPosition;
  readonly end: ChainPosition;
}

/**
 * Goes through the entries once: writes the records, and digests what the files of leaves and disclosures will hold.
 * Every entry is checked once more as it goes out: what is sent is what was checked before.
 */
export class RecordsPass {
  readonly records = new Digest();
  readonly leaves = new Digest();
  readonly disclosures = new Digest();
  readonly file: RecordsFile;
  readonly #definition: ExportDefinition;
  readonly #intents = new IntentSets();
  readonly #forBundle: boolean;

  /** @param forBundle whether the other files are wanted too */
  constructor(definition: ExportDefinition, forBundle: boolean) {
    this.#forBundle = forBundle;
    this.#definition = definition;
    this.file = new RecordsFile({ ...definition.query, settings: rowSettings(definition.settings) });
  }

  /** The file of records. @throws ProblemError `export_refused` */
  async *run(database: Database, checked: CheckedRange, signal: AbortSignal): AsyncGenerator<Buffer> {
    const { organizationId } = this.#definition;
    const { filter } = this.#definition.query;
    const chunks = new TextChunks();
    const check = new ChainCheck(organizationId, checked.begin);
    chunks.add(this.file.head());
    const range = { from: checked.begin.size, to: checked.end.size };
    const compared = this.#comparedPeriod();
    for await (const page of readLeaves(database, organizationId, range, signal)) {
      let [leaves, disclosures] = ['', ''];
      for (const stored of page) {
        const result = check.nextLeaf(stored);
        if (!result.ok) throw refusal(result.fault);
        const { entry } = result;
        const counted = compared && countedIn(compared, entry.outline);
        if (counted) this.#intents.add(counted);
        const shows = isShown(filter, entry.outline);
        if (this.#forBundle) {
          const line = disclosureLine(stored, shows);
          if (line !== '') this.disclosures.rows += 1;
          leaves += leafLine(stored, shows, () => entry.leafHash);
          disclosures += line;
        }
        const row = shows ? this.file.entry(entry) : this.file.withheld(stored.seq, entry.leafHash);
        const chunk = chunks.add(row);
        if (!chunk) continue;
        yield this.#sent(chunk);
        // Others have their turn, and the database, whose answer is taken up meanwhile, goes on with the next page.
        await setImmediate();
      }
      if (!this.#forBundle) continue;
      this.leaves.rows += page.length;
      this.leaves.update(Buffer.from(leaves));
      this.disclosures.update(Buffer.from(disclosures));
    }
    const fault = check.end(checked.end);
    if (fault) throw refusal(fault);
    this.#checkTotals();
    this.#checkPopulation();
    chunks.add(this.file.tail());
    yield this.#sent(chunks.take());
  }

  #sent(chunk: Buffer): Buffer {
    if (this.#forBundle) this.records.update(chunk);
    return chunk;
  }

  /** What the operational database told beside what was counted; once the records have ended. */
  reconciliation(): Reconciliation | null {
    return reconciliationOf(this.#definition.population, this.#intents.totals());
  }

  #comparedPeriod(): Period | null {
    const { population } = this.#definition;
    return population && 'period' in population ? population.period : null;
  }

  #checkPopulation(): void {
    const { population } = this.#definition;
    if (population === undefined || 'untold' in population || population.onDifference === 'report') return;
    const reconciliation = this.reconciliation();
    const difference = reconciliation && describeDifference(reconciliation);
    if (difference !== null) refuse(difference);
  }

  /** The totals must be those of places without a gap. */
  #checkTotals(): void {
    const { begin, end } = this.#definition.range;
    const totals = this.file.totals.totals(this.#definition.query.format);
    this.records.rows = totals.rows;
    const count = end - begin;
    const sum = (BigInt(count) * BigInt(begin + end - 1)) / 2n;
    if (totals.entries !== count || totals.gaps !== 0 || totals.seq_sum !== String(count === 0 ? 0n : sum)) {
      refuse(`the totals are not those of the entries ${begin} up to and without ${end}`);
    }
  }
}

/** @param hashOf tells the checksum that stands for a leaf which is not shown */
function leafLine({ seq, leaf }: DisclosedLeaf, shows: boolean, hashOf = leafHash): string {
  return `${shows ? leaf : withheldLine(seq, hashOf(leaf))}\n`;
}

/** Empty for an entry that discloses nothing. */
function disclosureLine({ seq, disclosures }: DisclosedLeaf, shows: boolean): string {
  return shows && Object.keys(disclosures).length > 0 ? `${disclosuresLine(seq, disclosures)}\n` : '';
}

const LINES = { leaves: leafLine, disclosures: disclosureLine } as const;

/**
 * The file of leaves, or of disclosures, whose digest the records pass took.
 *
 * @throws ProblemError `export_refused` when the entries are not the same any more
 */
export async function* linesFile(
  database: Database,
  { organizationId, range, query }: ExportDefinition,
  kind: keyof typeof LINES,
  expectedSha256: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const digest = new Digest();
  const { begin: from, end: to } = range;
  const reader = new LeafReader();
  const isShownText = (leaf: string): boolean => {
    if (query.filter === null) return true;
    const outline = reader.read(leaf);
    return outline !== null && isShown(query.filter, outline);
  };
  for await (const page of readLeaves(database, organizationId, { from, to }, signal)) {
    let text = '';
    for (const stored of page) text += LINES[kind](stored, isShownText(stored.leaf));
    const content = Buffer.from(text);
    digest.update(content);
    if (content.length > 0) yield content;
  }
  if (digest.end().sha256 !== expectedSha256) refuse(`the ${kind} changed while they were read: ask again`);
}
