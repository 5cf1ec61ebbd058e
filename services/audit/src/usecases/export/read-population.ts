import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '@aegis/contracts/actor';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Logger } from '@aegis/runtime/log';
import type { ExportDefinition } from '../../domain/export/definition.ts';
import {
  type IntentFacts,
  type IntentPlaces,
  type OnDifference,
  type Population,
  PopulationCount,
} from '../../domain/export/population.ts';
import { selectIntentPlaces } from '../../store/intent-entries.ts';
import { readAhead } from '../read-ahead.ts';

export interface PopulationPage {
  readonly intents: readonly IntentFacts[];
  /** What was created at this time or later is not listed, RFC 3339. */
  readonly asOf: string;
}

export interface PopulationCaller {
  readonly organizationId: string;
  readonly actor: Actor;
}

/** The operational database, as its owner tells of it. Its errors are ProblemErrors. */
export interface PopulationSource {
  /** Whether there is one to ask. */
  isKnown(): boolean;
  /** Intents created in a half-open range, null being without bound; at least one page. */
  list(
    caller: PopulationCaller,
    created: { readonly from: string | null; readonly to: string | null },
    signal: AbortSignal,
  ): AsyncIterable<PopulationPage>;
  /** At most `MAX_ASKED` of them, as they stand now. */
  get(caller: PopulationCaller, ids: readonly string[], signal: AbortSignal): Promise<readonly IntentFacts[]>;
}

export interface PopulationDependencies {
  readonly database: Database;
  readonly populations: PopulationSource;
  /** How long what is under way may take to reach the log or the operational database. */
  readonly settleTimeoutMs: number;
  readonly log: Logger;
}

export interface PopulationCommand extends PopulationCaller {
  readonly query: ExportDefinition['query'];
  readonly range: ExportDefinition['range'];
  readonly onDifference: OnDifference;
}

export const MAX_ASKED = 1_000;
/** Intents waited for at the same time; what is beyond counts as it stands. */
const MAX_OPEN = 50_000;
const LOOK_AGAIN_MS = 200;
/** Pages of intents that the log is asked about while another is being counted. */
const AHEAD = 2;

/**
 * Asks the operational database which intents it holds of an export's time, and looks for each in the log. What is under
 * way between the two is given time to arrive.
 *
 * What makes the comparison impossible is told instead of the figures, so that an export does not depend on another
 * service being up.
 */
export async function readPopulation(
  dependencies: PopulationDependencies,
  command: PopulationCommand,
  signal: AbortSignal,
): Promise<Population> {
  const { populations, log } = dependencies;
  if (command.query.filter !== null) return { untold: 'an export with a filter is not compared: ask for one without' };
  if (!populations.isKnown()) return { untold: 'GATEWAY_GRPC_URL is not set: there is no operational database to ask' };
  try {
    return await compare(dependencies, command, signal);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    log.warn({ err: error }, 'an export is not compared with the operational database, which does not answer');
    return { untold: 'the operational database did not answer' };
  }
}

async function compare(
  { database, populations, settleTimeoutMs }: PopulationDependencies,
  command: PopulationCommand,
  signal: AbortSignal,
): Promise<Population> {
  const { organizationId, query, range, onDifference } = command;
  const count = new PopulationCount(range);
  const placesOf = (intents: readonly IntentFacts[]) =>
    database.read({ organizationId }, (tx) =>
      selectIntentPlaces(
        tx,
        organizationId,
        intents.map(({ id }) => id),
      ),
    );
  const open = new Map<string, IntentFacts>();
  let watermark = '';
  const pages = readAhead(populations.list(command, query, signal), AHEAD, async (page) => ({
    ...page,
    places: await placesOf(page.intents),
  }));
  for await (const { intents, asOf, places } of pages) {
    watermark = asOf;
    for (const intent of intents) {
      const found = places.get(intent.id) ?? NOWHERE;
      if (count.settle(intent, found)) continue;
      if (open.size < MAX_OPEN) open.set(intent.id, intent);
      else count.insist(intent, found);
    }
  }
  const lookAgain = async (settle: (intent: IntentFacts, places: IntentPlaces) => boolean) => {
    for (const ids of chunksOf([...open.keys()], MAX_ASKED)) {
      const intents = await populations.get(command, ids, signal);
      const places = await placesOf(intents);
      for (const intent of intents) if (settle(intent, places.get(intent.id) ?? NOWHERE)) open.delete(intent.id);
    }
  };
  const deadline = performance.now() + settleTimeoutMs;
  while (open.size > 0 && performance.now() < deadline) {
    await wait(LOOK_AGAIN_MS, undefined, { signal });
    await lookAgain((intent, places) => count.settle(intent, places));
  }
  await lookAgain((intent, places) => {
    count.insist(intent, places);
    return true;
  });
  const to = query.to !== null && query.to < watermark ? query.to : watermark;
  return count.told({ from: query.from, to }, onDifference);
}

const NOWHERE: IntentPlaces = { submitted: null, decidedFinally: null };

function* chunksOf<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
