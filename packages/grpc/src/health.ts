import { setTimeout as delay } from 'node:timers/promises';
import type { MethodsOf } from './contract.ts';
import { loadService } from './definitions.ts';
import type { HealthCheckResponse } from './generated/grpc/health/v1/HealthCheckResponse.ts';
import type { HealthDefinition, HealthHandlers } from './generated/grpc/health/v1/Health.ts';
import type { Handlers } from './server.ts';

type HealthMethods = MethodsOf<HealthDefinition, HealthHandlers>;

export const healthContract = loadService<HealthMethods>('grpc.health.v1.Health', 'grpc/health/v1/health.proto');

const WATCH_INTERVAL_MS = 1000;

/** The health protocol for the server as a whole; `serving` is asked at every probe. */
export function healthHandlers(serving: () => Promise<boolean>): Handlers<HealthMethods> {
  const check = async (): Promise<HealthCheckResponse> => ({ status: (await serving()) ? 'SERVING' : 'NOT_SERVING' });
  return {
    check,
    async *watch(_request, { signal }) {
      let last: HealthCheckResponse['status'] | null = null;
      while (!signal.aborted) {
        const response = await check();
        if (response.status !== last) yield response;
        last = response.status;
        await delay(WATCH_INTERVAL_MS, undefined, { signal });
      }
    },
  };
}
