import { idSchema } from '@aegis/contracts/ids';
import { type PopulationMethods, populationService } from '@aegis/grpc/definitions';
import type { IntentPage } from '@aegis/grpc/generated/aegis/gateway/v1/IntentPage';
import { callerSchema as caller, parse } from '@aegis/grpc/requests';
import { type BoundService, bind, type Handlers } from '@aegis/grpc/server';
import { z } from 'zod';
import type { CreatedRange } from '../../domain/intents/population.ts';
import type { FactsPage } from '../../usecases/intents/read-populations.ts';

export interface PopulationOperations {
  readonly list: (organizationId: string, range: CreatedRange, signal: AbortSignal) => AsyncIterable<FactsPage>;
  readonly get: (organizationId: string, ids: readonly string[]) => Promise<FactsPage>;
}

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const listRequest = z.object({ caller, from: instant.optional(), to: instant.optional() });
const getRequest = z.object({ caller, ids: z.array(idSchema('int')).max(1_000) });

/** What the operational database holds, for whoever compares it with the log. */
export function populationsGrpc({ list, get }: PopulationOperations): BoundService {
  const handlers: Handlers<PopulationMethods> = {
    async *listIntents(request, { signal }) {
      const { caller: asked, from = null, to = null } = parse(listRequest, request);
      for await (const page of list(asked.organizationId, { from, to }, signal)) yield pageMessage(page);
    },

    async getIntents(request) {
      const { caller: asked, ids } = parse(getRequest, request);
      return pageMessage(await get(asked.organizationId, ids));
    },
  };
  return bind(populationService, handlers);
}

function pageMessage({ intents, asOf }: FactsPage): IntentPage {
  return {
    asOf: asOf.toISOString(),
    intents: intents.map(({ id, status, amountMinor, currency, exponent }) => ({
      id,
      status,
      money: { amountMinor, currency, exponent },
    })),
  };
}
