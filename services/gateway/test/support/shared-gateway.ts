import { afterAll, beforeAll } from 'vitest';
import { api, type ApiAnswer } from './api.ts';
import { startTestGateway, type Tenant, type TestGateway } from './test-gateway.ts';

export interface SharedGateway {
  readonly gateway: TestGateway;
  readonly tenant: Tenant;
  /** Calls as the tenant's owner, unless another token is given. */
  call(route: string, body?: unknown, token?: string): Promise<ApiAnswer<Record<string, unknown>>>;
}

/** One gateway with one tenant for all tests of a file. */
export function sharedGateway(): SharedGateway {
  let gateway: TestGateway | undefined;
  let tenant: Tenant | undefined;
  beforeAll(async () => {
    gateway = await startTestGateway();
    tenant = await gateway.createTenant();
  });
  afterAll(() => gateway?.stop());
  return {
    get gateway() {
      return started(gateway);
    },
    get tenant() {
      return started(tenant);
    },
    call(route, body, token = started(tenant).owner) {
      return api(started(gateway).url, route, { token, ...(body === undefined ? {} : { body }) });
    },
  };
}

function started<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('used before it was started');
  return value;
}
