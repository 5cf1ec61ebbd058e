import { fxRateListSchema, fxRatesSchema, listFxRatesQuery, putFxRatesBody } from '@aegis/contracts/http/fx-rates';
import { type Route, route } from '@aegis/http/route';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { ratesFromCsv } from './fx-csv.ts';
import { pageRequest, paginationOf } from './pages.ts';

export interface FxRateRoutesDeps {
  readonly policy: Pick<PolicyClient, 'listFxRates' | 'putFxRates'>;
}

const tag = 'Exchange rates';

export function fxRateRoutes(deps: FxRateRoutesDeps): Route[] {
  return [listRoute(deps), putRoute(deps)];
}

function listRoute({ policy }: FxRateRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/fx-rates',
    operationId: 'listFxRates',
    tag,
    summary: 'List exchange rates',
    description:
      'Every rate that was recorded, by currency, the latest first; a correction comes before what it corrects.',
    access: 'policies:read',
    query: listFxRatesQuery,
    responses: { 200: { description: 'A page of rates.', schema: fxRateListSchema } },
    async handle({ principal, query }) {
      const { currency, ...position } = query;
      const { rates, page } = await policy.listFxRates({
        caller: callerOf(principal),
        page: pageRequest(position),
        ...(currency === undefined ? {} : { currency }),
      });
      return { status: 200, body: { data: rates, pagination: paginationOf(position, rates.length, page) } };
    },
  });
}

function putRoute({ policy }: FxRateRoutesDeps): Route {
  return route({
    method: 'put',
    path: '/v1/fx-rates',
    operationId: 'putFxRates',
    tag,
    summary: 'Record exchange rates',
    description:
      'Each holds from its own time on, until a later one does or it is older than `fxMaxAgeHours` of the organization. Decisions that begin afterwards use them; those that were made keep theirs. What is on record already changes nothing; another rate for the same time corrects it. Also takes `text/csv` with the columns currency, rate and effectiveAt.',
    access: 'org:manage',
    body: putFxRatesBody,
    csv: ratesFromCsv,
    responses: { 200: { description: 'The rates as they stand, in the order given.', schema: fxRatesSchema } },
    async handle({ principal, body }) {
      const { rates } = await policy.putFxRates({ caller: callerOf(principal), rates: body.rates });
      return { status: 200, body: { data: rates } };
    },
  });
}
