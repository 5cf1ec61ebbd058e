import { describe, expect, test } from 'vitest';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

describe('a service that is out', () => {
  test('is told as such, without a wait, and takes nothing else with it', async () => {
    const body = { agentId: shared.tenant.agentId, amount: 5, currency: 'INR', reason: 'x' };
    const { body: intent } = await call('POST /v1/intents', body, shared.tenant.agentKey);
    await shared.gateway.services.stop('audit');
    expect((await call(`GET /v1/intents/${intent['id']}`)).body).toMatchObject({ audit: null, auditUnavailable: true });
    expect(await call('GET /v1/audit')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await shared.gateway.services.stop('policy');
    expect(await call('GET /v1/policies')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await call('POST /v1/intents', body, shared.tenant.agentKey)).toMatchObject({ status: 202 });
    const unknown = { ...body, agentId: '00000000-0000-4000-8000-000000000000' };
    expect(await call('POST /v1/intents', unknown, shared.tenant.backendKey)).toMatchObject({ status: 503 });
  });
});
