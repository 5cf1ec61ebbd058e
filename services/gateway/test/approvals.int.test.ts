import { describe, expect, test } from 'vitest';
import { decidedData, decidedEvent } from './support/decided-event.ts';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

describe('approvals', () => {
  async function pendingApproval(): Promise<{ intentId: string; approvalId: string }> {
    const body = { agentId: shared.tenant.agentId, amount: 5000, currency: 'INR', reason: 'a big one' };
    const submitted = await call('POST /v1/intents', body, shared.tenant.agentKey);
    const intentId = String(submitted.body['id']);
    const { organizationId, agentId } = shared.tenant;
    const decision = { organizationId, agentId, intentId, outcome: 'pending_approval' } as const;
    await shared.gateway.bus.publish([decidedEvent(decision)]);
    const { matchedPolicy, risk, reasons, context } = decidedData(decision);
    const decisionJson = JSON.stringify({ matchedPolicy, risk, reasons, context });
    const approvalId = shared.gateway.services.approval.open({ intentId, agentId, decisionJson });
    await call(`GET /v1/intents/${intentId}?wait=20`);
    return { intentId, approvalId };
  }

  test('come with the whole intent, the policy, the risk and what the budget would be', async () => {
    const { intentId, approvalId } = await pendingApproval();
    const { body } = await call('GET /v1/approvals');
    const approval = (body['data'] as { id: string }[]).find(({ id }) => id === approvalId);
    expect(approval).toMatchObject({
      intentId,
      status: 'open',
      assignedTo: [{ role: 'finance' }],
      quorum: 1,
      responses: [],
      intent: { id: intentId, amount: 5000, reason: 'a big one', status: 'pending_approval' },
      matchedPolicy: { name: 'Large spend', version: 3 },
      riskFactors: [{ name: 'new_merchant', contribution: 0.12 }],
      budgetAfter: {
        currency: 'INR',
        daily: { limit: 20_000, used: 6000, remaining: 14_000 },
        monthly: { limit: null, used: 6000, remaining: null },
      },
    });
    const detail = await call(`GET /v1/intents/${intentId}`);
    expect(detail.body['approvals']).toMatchObject([{ id: approvalId, status: 'open', respondedBy: null }]);
  });

  test('answered, carry the decision that the answer caused', async () => {
    const { intentId, approvalId } = await pendingApproval();
    shared.gateway.services.approval.onResolved = async () => {
      const { organizationId, agentId } = shared.tenant;
      const decision = {
        organizationId,
        agentId,
        intentId,
        outcome: 'approved',
        policyDecision: 'require_approval',
      } as const;
      await shared.gateway.bus.publish([decidedEvent(decision)]);
    };
    const answer = await call(`POST /v1/approvals/${approvalId}/respond`, { decision: 'approve', note: 'fine' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'approved',
        responses: [{ decision: 'approve', note: 'fine' }],
        intent: { id: intentId, status: 'approved', policyDecision: 'require_approval' },
      },
    });
    const again = await call(`POST /v1/approvals/${approvalId}/respond`, { decision: 'reject' });
    expect(again).toMatchObject({ status: 409, body: { code: 'wrong_state', detail: 'already approved' } });
  });

  test('answered while policy is slow, come back after two seconds with the intent as it stands', async () => {
    const { approvalId } = await pendingApproval();
    shared.gateway.services.approval.onResolved = async () => undefined;
    const startedAt = performance.now();
    const answer = await call(`POST /v1/approvals/${approvalId}/respond`, { decision: 'approve' });
    expect(answer.body).toMatchObject({ status: 'approved', intent: { status: 'pending_approval' } });
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  });

  test('are answered by people only, and by nothing but approve or reject', async () => {
    const path = `POST /v1/approvals/apr_${'0'.repeat(32)}/respond`;
    expect(await call(path, { decision: 'approve' }, shared.tenant.backendKey)).toMatchObject({ status: 403 });
    expect(await call(path, { decision: 'maybe' })).toMatchObject({ status: 400 });
    expect(await call(path, { decision: 'approve' })).toMatchObject({ status: 404 });
  });
});
