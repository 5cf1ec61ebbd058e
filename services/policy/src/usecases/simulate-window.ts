import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { DecidedIntent } from '../domain/intent.ts';
import { changeSettings, type Settings } from '../domain/organization.ts';
import { type Policy, type PolicyDraft, readDraft } from '../domain/policy.ts';
import { needsPersonalText } from '../domain/redecide.ts';
import { type Assumption, Simulation, type SimulatedIntent } from '../domain/simulation.ts';
import { ReportBuilder, type SimulationReport } from '../domain/simulation-report.ts';
import { countDecisions, extentOf, readDecisionLog } from '../store/decision-log.ts';
import { loadPolicySet } from '../store/policy-sets.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';
import { compilePolicies } from './policy-set-cache.ts';

/** A policy of the proposed set; the id of an existing one keeps its age and its name in the report. */
export type ProposedPolicy = PolicyDraft & { readonly id?: string | undefined };

export interface WindowSimulation {
  /** Half-open, over the creation of the intents; null is open. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** The whole set; null for the policies as they are now. */
  readonly policies: readonly ProposedPolicy[] | null;
  readonly defaultAction: string | null;
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
  const { proposed, policies, settings } = await readProposal(database, caller, proposal);
  const extent = await database.read(caller, (tx) => extentOf(tx, organizationId, { from, to, agentId: null }));
  const last = extent?.last ?? 0n;
  const total = await database.read(caller, (tx) => countDecisions(tx, organizationId, last));
  const needsText = policies.some(needsPersonalText);
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
    for (const record of records) {
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

type Proposal = Pick<WindowSimulation, 'policies' | 'defaultAction'>;

/** The live set with the proposed policies in the place of its own. */
async function readProposal(database: Database, caller: Caller, { policies: drafts, defaultAction }: Proposal) {
  const { organizationId } = caller;
  const stored = await database.read(caller, async (tx) => {
    const { policySetVersion } = await requireOrganization(tx, organizationId);
    return loadPolicySet(tx, organizationId, policySetVersion);
  });
  if (!stored) throw new ProblemError('not_found', 'the organisation has no policies or settings yet');
  const settings = defaultAction === null ? stored.settings : changeSettings(stored.settings, { defaultAction });
  const policies = drafts === null ? stored.policies : readProposed(drafts, stored.policies);
  return { proposed: compilePolicies({ ...stored, settings, policies }), policies, settings };
}

/** New policies count as younger than all there are: among equal priorities the oldest answers first. */
function readProposed(drafts: readonly ProposedPolicy[], existing: readonly Policy[]): Policy[] {
  const errors: FieldError[] = [];
  const youngest = existing.reduce((latest, { createdAt }) => (createdAt > latest ? createdAt : latest), '');
  const policies = drafts.map((draft, index): Policy | null => {
    const known = existing.find(({ id }) => id === draft.id);
    const place = String(index).padStart(4, '0');
    const identity = known ?? { id: draft.id ?? `${PROPOSED}${place}`, version: 0, createdAt: `${youngest}+${place}` };
    try {
      const { id, version, createdAt } = identity;
      return { ...readDraft(draft), id, version, createdAt, updatedAt: createdAt, archived: false };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      errors.push(...error.errors.map(({ path, message }) => ({ path: `policies[${index}].${path}`, message })));
      return null;
    }
  });
  if (errors.length > 0) {
    const [first] = errors;
    throw new ProblemError('invalid_policy', `${first?.path} ${first?.message}`, errors);
  }
  return policies.filter((policy) => policy !== null);
}

/** Begins the ids of proposed policies that do not exist yet. */
export const PROPOSED = 'proposed-';
