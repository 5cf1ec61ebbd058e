import { createGrpcClient, type GrpcClient } from '@aegis/grpc/client';
import { type PopulationMethods, populationService } from '@aegis/grpc/definitions';
import type { IntentFacts as FactsMessage } from '@aegis/grpc/generated/aegis/gateway/v1/IntentFacts';
import type { TlsFiles } from '@aegis/grpc/tls-config';
import { ProblemError } from '@aegis/contracts/problems';
import type { IntentFacts } from './domain/export/population.ts';
import type { PopulationCaller, PopulationSource } from './usecases/export/read-population.ts';

/** Of the whole listing: some seconds a million intents. */
const LIST_TIMEOUT_MS = 300_000;
const GET_TIMEOUT_MS = 5_000;

/** The gateway's database, by gRPC; its address is asked for when it is first needed. */
export function populationClient(
  addressOf: () => string | null,
  tls: TlsFiles | null,
): PopulationSource & { close(): void } {
  let opened: GrpcClient<PopulationMethods> | null = null;
  const client = () => {
    const address = addressOf();
    if (address === null) throw new ProblemError('unavailable', 'there is no gateway to ask');
    return (opened ??= createGrpcClient(populationService, { address, tls }));
  };
  return {
    isKnown: () => addressOf() !== null,
    async *list(asked, { from, to }, signal) {
      const created = { ...(from !== null && { from }), ...(to !== null && { to }) };
      const options = { timeoutMs: LIST_TIMEOUT_MS, signal };
      for await (const page of client().listIntents({ caller: callerOf(asked), ...created }, options)) {
        yield { intents: page.intents.map(factsOf), asOf: page.asOf };
      }
    },
    async get(asked, ids, signal) {
      const request = { caller: callerOf(asked), ids: [...ids] };
      const { intents } = await client().getIntents(request, { timeoutMs: GET_TIMEOUT_MS, signal });
      return intents.map(factsOf);
    },
    close: () => opened?.close(),
  };
}

function callerOf({ organizationId, actor: { role, ...actor } }: PopulationCaller) {
  return { organizationId, actor: { ...actor, ...(role !== null && { role }) } };
}

function factsOf({ id, status, money }: FactsMessage): IntentFacts {
  if (!money) throw new TypeError(`the intent ${id} has no amount`);
  return { id, status: status as IntentFacts['status'], currency: money.currency, amountMinor: money.amountMinor };
}
