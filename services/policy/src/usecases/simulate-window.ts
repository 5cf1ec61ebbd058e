import { setImmediate } from 'node:timers/promises';
import type { Database } from '@aegis/postgres/database';
import type { DecidedIntent } from '../domain/intent.ts';
import type { Settings } from '../domain/organization.ts';
import { needsPersonalText } from '../domain/redecide.ts';
import { type Assumption, Simulation, type SimulatedIntent } from '../domain/simulation.ts';
import { ReportBuilder, type SimulationReport } from '../domain/simulation-report.ts';
import { countDecisions, extentOf, readDecisionLog } from '../store/decision-log.ts';
import type { Caller } from './caller.ts';
import { compilePolicies } from './policy-set-cache.ts';
import { loadProposal, type Proposal } from './proposed-policies.ts';

export interface WindowSimulation extends Proposal {
  /** Half-open, over the creation of the intents; null is open. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly assumption: Assumption;
}

export interface SimulationProgress {
  /** Decisions replayed so far, those before the window included. */
  readonly replayed: number;
  readonly total: number;
  /** Intents of the window since the progress before. */
  readonly intents: readonly SimulatedIntent[];
  readonly settings: Settings;
  /** The result, with the last progress. */
  readonly report: SimulationReport | null;
}

/** A page is decided within some ten milliseconds; between pages the process' other work gets its turn. */
const PAGE = 500;
/** Regular expressions may take long: the other work does not wait for the end of a page then. */
const MAX_TURN_MS = 50;
const FROM_THE_BEGINNING = { from: null, to: null, agentId: null };

/**
 * Replays history against a proposed set of policies, in the order in which it was decided: what came before the window
 * as it was decided, what lies in it by the proposed policies. Memory grows with agents and their merchants, not with
 * the number of decisions.
 *
 * @throws ProblemError `invalid_policy` naming every fault of the proposed policies
 */
export async function* simulateWindow(
  { database }: { readonly database: Database },
  caller: Caller,
  { from, to, assumption, ...proposal }: WindowSimulation,
  signal: AbortSignal,
): AsyncGenerator<SimulationProgress> {
  const { organizationId } = caller;
  const { proposed: set } = await database.read(caller, (tx) => loadProposal(tx, organizationId, proposal));
  const { policies, settings } = set;
  const extent = await database.read(caller, (tx) => extentOf(tx, organizationId, { from, to, agentId: null }));
  const last = extent?.last ?? 0n;
  const total = await database.read(caller, (tx) => countDecisions(tx, organizationId, last));
  const needsText = policies.some(needsPersonalText);
  const proposed = compilePolicies(set);
  const simulation = new Simulation({ organizationId, proposed, needsPersonalText: needsText, assumption });
  const report = new ReportBuilder();
  const isInside = ({ intentCreatedAt }: DecidedIntent) => {
    const at = Date.parse(intentCreatedAt);
    return (from === null || at >= from.getTime()) && (to === null || at < to.getTime());
  };
  let replayed = 0;
  for (let after = 0n; after < last;) {
    signal.throwIfAborted();
    const page = { after, last, limit: PAGE };
    const records = await database.read(caller, (tx) => readDecisionLog(tx, organizationId, FROM_THE_BEGINNING, page));
    const intents: SimulatedIntent[] = [];
    let turnBegan = performance.now();
    for (const record of records) {
      if (performance.now() - turnBegan > MAX_TURN_MS) {
        await setImmediate();
        signal.throwIfAborted();
        turnBegan = performance.now();
      }
      if (!isInside(record.decided)) {
        simulation.replay(record);
        continue;
      }
      const simulated = simulation.decide(record);
      if (!simulated) continue;
      report.add(simulated);
      intents.push(simulated);
    }
    replayed += records.length;
    after = records.length < PAGE ? last : (records.at(-1)?.seq ?? last);
    yield { replayed, total, intents, settings, report: null };
  }
  yield { replayed, total: replayed, intents: [], settings, report: report.report() };
}
