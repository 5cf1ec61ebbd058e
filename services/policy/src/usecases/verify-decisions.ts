import type { Database } from '@aegis/postgres/database';
import type { DecisionRecord } from '../domain/decision-record.ts';
import { policySetDigest } from '../domain/policy-set.ts';
import { type RecordedSet, redecide, type Redecision } from '../domain/redecide.ts';
import { type DecisionRange, extentOf, readDecisionLog } from '../store/decision-log.ts';
import { loadPolicySet } from '../store/policy-sets.ts';
import type { Caller } from './caller.ts';
import { compilePolicies } from './policy-set-cache.ts';

/** A decision that did not come out as it is recorded, or that cannot be decided again. */
export interface Finding {
  readonly seq: bigint;
  readonly intentId: string;
  readonly decisionId: string;
  readonly final: boolean;
  readonly policySetVersion: number;
  readonly result:
    | Exclude<Redecision, { kind: 'same' }>
    | { readonly kind: 'unverifiable'; readonly cause: 'no such policy set' };
}

/** How far a verification came; the last one is `done`. */
export interface VerificationProgress {
  readonly checked: number;
  readonly total: number;
  readonly same: number;
  readonly different: number;
  readonly unverifiable: number;
  readonly findings: readonly Finding[];
  readonly done: boolean;
}

/** A page takes some ten milliseconds, between which other work of the process gets its turn. */
const PAGE = 250;
const SETS_KEPT = 64;

/**
 * Decides every decision of a range again, from what was recorded with it, in the order of deciding. The range ends with
 * what was decided when it began.
 */
export async function* verifyDecisions(
  { database }: { readonly database: Database },
  caller: Caller,
  range: DecisionRange,
  signal: AbortSignal,
): AsyncGenerator<VerificationProgress> {
  const { organizationId } = caller;
  const extent = await database.read(caller, (tx) => extentOf(tx, organizationId, range));
  const sets = new RecordedSets(database, caller);
  const counts = { checked: 0, same: 0, different: 0, unverifiable: 0 };
  const total = extent?.count ?? 0;
  for (let after = extent ? extent.first - 1n : 0n; extent && after < extent.last;) {
    signal.throwIfAborted();
    const page = { after, last: extent.last, limit: PAGE };
    const records = await database.read(caller, (tx) => readDecisionLog(tx, organizationId, range, page));
    const findings: Finding[] = [];
    for (const record of records) {
      const result = await verify(record, sets);
      counts.checked += 1;
      counts[result.kind] += 1;
      if (result.kind !== 'same') findings.push(findingOf(record, result));
    }
    yield { ...counts, total, findings, done: false };
    after = records.length < PAGE ? extent.last : (records.at(-1)?.seq ?? extent.last);
  }
  yield { ...counts, total, findings: [], done: true };
}

async function verify(record: DecisionRecord, sets: RecordedSets): Promise<Redecision | Finding['result']> {
  const set = await sets.get(record.decided.policySet.version);
  return set ? redecide(record, set) : { kind: 'unverifiable', cause: 'no such policy set' };
}

function findingOf({ seq, decided }: DecisionRecord, result: Finding['result']): Finding {
  const { intentId, decisionId, final, policySet } = decided;
  return { seq, intentId, decisionId, final, policySetVersion: policySet.version, result };
}

/** Policy-set versions as they are needed, the newest of them kept. */
class RecordedSets {
  readonly #database: Database;
  readonly #caller: Caller;
  readonly #sets = new Map<number, RecordedSet | null>();

  constructor(database: Database, caller: Caller) {
    this.#database = database;
    this.#caller = caller;
  }

  async get(version: number): Promise<RecordedSet | null> {
    const known = this.#sets.get(version);
    if (known !== undefined) return known;
    const set = await this.#load(version);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size >= SETS_KEPT && oldest !== undefined) this.#sets.delete(oldest);
    this.#sets.set(version, set);
    return set;
  }

  async #load(version: number): Promise<RecordedSet | null> {
    const { organizationId } = this.#caller;
    const stored = await this.#database.read(this.#caller, (tx) => loadPolicySet(tx, organizationId, version));
    if (!stored) return null;
    const { settings, policies } = stored;
    const hash = policySetDigest(organizationId, version, settings, policies);
    return { compiled: compilePolicies(stored), policies, hash };
  }
}
