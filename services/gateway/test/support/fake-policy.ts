import { randomUUID } from 'node:crypto';
import type { PolicySet } from '@aegis/grpc/generated/aegis/policy/v1/PolicySet';
import { newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { policyService } from '@aegis/grpc/definitions';
import type { Agent } from '@aegis/grpc/generated/aegis/policy/v1/Agent';
import type { Caller } from '@aegis/grpc/generated/aegis/common/v1/Caller';
import type { Policy } from '@aegis/grpc/generated/aegis/policy/v1/Policy';
import { bind, type BoundService } from '@aegis/grpc/server';

const NOW = '2026-03-05T10:00:00.000Z';

export interface FakePolicy {
  readonly service: BoundService;
  /** Calls of GetAgent so far. */
  lookUps(): number;
}

/** A policy service that keeps what it is told and decides nothing. */
export function fakePolicy(): FakePolicy {
  const agents = new Map<string, Agent>();
  const policies = new Map<string, Policy>();
  let lookUps = 0;
  const key = (caller: Caller | null, id: string) => `${caller?.organizationId} ${id}`;
  const found = <T>(map: ReadonlyMap<string, T>, caller: Caller | null, id: string): T => {
    const value = map.get(key(caller, id));
    if (!value) throw new ProblemError('not_found', `nothing has the id ${id}`);
    return value;
  };
  const own = <T>(map: ReadonlyMap<string, T>, caller: Caller | null): T[] =>
    [...map].filter(([name]) => name.startsWith(`${caller?.organizationId} `)).map(([, value]) => value);
  const save = <T extends { id: string }>(map: Map<string, T>, caller: Caller | null, value: T): T => {
    map.set(key(caller, value.id), value);
    return value;
  };
  const money = (text: string | undefined) => {
    if (text === undefined || text === '') return null;
    if (!/^\d+(\.\d{1,2})?$/.test(text)) throw new ProblemError('amount_decimals', `${text} has too many decimals`);
    return { amountMinor: String(Math.round(Number(text) * 100)), currency: 'INR', exponent: 2 };
  };
  const zero = { amountMinor: '0', currency: 'INR', exponent: 2 };

  const service = bind(policyService, {
    putOrganization: async ({ caller, ...settings }) => ({
      organizationId: caller?.organizationId ?? '',
      baseCurrency: settings.baseCurrency ?? 'INR',
      timeZone: settings.timeZone ?? 'UTC',
      defaultAction: settings.defaultAction ?? 'allow',
      fxMaxAgeHours: settings.fxMaxAgeHours ?? 96,
    }),
    getOrganization: async ({ caller }) => ({
      organizationId: caller?.organizationId ?? '',
      baseCurrency: 'INR',
      timeZone: 'Asia/Kolkata',
      defaultAction: 'allow',
      fxMaxAgeHours: 96,
    }),
    createWalletTransaction: async ({ id, type, amount, reference, note }) => {
      const minor = Math.round(Number(amount) * 100);
      const line = (account: string, sign: number) => ({
        account,
        amount: { ...zero, amountMinor: String(sign * minor) },
      });
      const lines = [line('available', 1), line('external', -1)];
      return { id, type, lines, createdAt: NOW, createdBy: 'somebody', reference, note };
    },
    listWalletTransactions: async () => ({ transactions: [], page: { hasMore: false, total: 0 } }),
    checkLedger: async () => ({ compared: 3, differences: [] }),
    putBudgets: async ({ budgets }) => ({
      currency: 'INR',
      budgets: budgets.map(({ category, dailyLimit, monthlyLimit }) => ({
        ...(category !== undefined && { category }),
        daily: { limit: money(dailyLimit), spent: zero, held: zero, endsAt: NOW },
        monthly: { limit: money(monthlyLimit), spent: zero, held: zero, endsAt: NOW },
        since: '2026-03-01',
      })),
    }),
    listBudgets: async () => ({ budgets: [], currency: 'INR' }),
    putFxRates: async ({ rates }) => ({
      rates: rates.map(({ currency, rate, effectiveAt = NOW }) => ({
        id: newId('fxr'),
        currency,
        baseCurrency: 'INR',
        rate,
        effectiveAt,
        recordedAt: NOW,
      })),
    }),
    listFxRates: async () => ({ rates: [], page: { hasMore: false, total: 0 } }),
    createAgent: async ({ caller, id, name, description, riskLevel, dailyLimit, monthlyLimit, ...terms }) =>
      save(agents, caller, {
        id,
        name,
        description,
        riskLevel,
        status: 'active',
        walletBalance: zero,
        walletHeld: zero,
        walletMode: terms.walletMode ?? 'tracked',
        settlement: terms.settlement ?? 'immediate',
        settlementTolerancePercent: terms.settlementTolerancePercent ?? 0,
        dayEndsAt: '2026-03-05T18:30:00.000Z',
        monthEndsAt: '2026-03-31T18:30:00.000Z',
        dailyLimit: money(dailyLimit),
        monthlyLimit: money(monthlyLimit),
        spentToday: { ...zero, amountMinor: '1050' },
        heldToday: { ...zero, amountMinor: '950' },
        spentThisMonth: { ...zero, amountMinor: '2000' },
        heldThisMonth: { ...zero, amountMinor: '950' },
        createdAt: NOW,
        updatedAt: NOW,
      }),
    getAgent: async ({ caller, id }) => {
      lookUps += 1;
      return found(agents, caller, id);
    },
    listAgents: async ({ caller }) => ({ agents: own(agents, caller), page: { hasMore: false } }),
    updateAgent: async ({ caller, id, ...change }) => {
      const agent = found(agents, caller, id);
      const limit = (text: string | undefined, now: Agent['dailyLimit']) => (text === undefined ? now : money(text));
      return save(agents, caller, {
        ...agent,
        name: change.name ?? agent.name,
        riskLevel: change.riskLevel ?? agent.riskLevel,
        dailyLimit: limit(change.dailyLimit, agent.dailyLimit),
        monthlyLimit: limit(change.monthlyLimit, agent.monthlyLimit),
      });
    },
    setAgentStatus: async ({ caller, id, status }) => save(agents, caller, { ...found(agents, caller, id), status }),
    createPolicy: async ({ caller, ...policy }) => {
      if (policy.rulesJson.includes('"nonsense"')) {
        const message = 'names no field';
        throw new ProblemError('invalid_policy', message, [{ path: 'rules.conditions[0].field', message }]);
      }
      const { mode = 'enforce' } = policy;
      return save(policies, caller, { ...policy, mode, version: 1, createdAt: NOW, updatedAt: NOW, archived: false });
    },
    getPolicy: async ({ caller, id }) => found(policies, caller, id),
    listPolicies: async ({ caller }) => ({ policies: own(policies, caller), page: { hasMore: false } }),
    updatePolicy: async ({ caller, id, ...change }) => {
      const policy = found(policies, caller, id);
      return save(policies, caller, { ...policy, ...defined(change), version: policy.version + 1 });
    },
    archivePolicy: async ({ caller, id }) => save(policies, caller, { ...found(policies, caller, id), archived: true }),
    listPolicyVersions: async ({ caller, id }) => ({
      policies: [found(policies, caller, id)],
      page: { total: 1, hasMore: false },
    }),
    listPolicySets: async () => ({ policySets: [SET], page: { total: 1, hasMore: false } }),
    async *simulateWindow({ policiesJson, intents, assumption, from }) {
      if (policiesJson?.includes('"nonsense"')) {
        const message = 'names no field';
        const path = 'policies[0].rules.conditions[0].field';
        throw new ProblemError('invalid_policy', message, [{ path, message }]);
      }
      const answer = { outcome: 'approved', matchedPolicy: 'Default Allow', riskScore: '0.15', reasons: [assumption] };
      const amount = { amountMinor: '1050', currency: 'INR', exponent: 2 };
      const intent = {
        intentId: newId('int'),
        agentId: randomUUID(),
        createdAt: from ?? NOW,
        amount,
        before: answer,
        after: { ...answer, outcome: 'denied', matchedPolicy: 'Strict' },
      };
      const tally = { count: '1', amount };
      const none = { count: '0', amount: { ...amount, amountMinor: '0' } };
      yield { replayed: '1', total: '2', intents: intents ? [intent] : [] };
      const counts = { intents: '2', changed: '1', keptErased: '0', keptUndecidable: '0', newRequests: '0' };
      const outcomes = [{ before: 'approved', after: 'denied', tally }];
      const policiesSeen = [{ kind: 'policy', name: 'Strict', before: none, after: tally }];
      const report = { ...counts, outcomes, policies: policiesSeen, examples: [intent], baseCurrency: 'INR' };
      yield { replayed: '2', total: '2', intents: [], report };
    },
    simulateIntent: async ({ amount, at, policiesJson, metadataJson }) => {
      const condition = { path: 'rules.conditions[0]', field: 'amount', operator: 'gte', valueJson: '50000' };
      const { currency = '', amountMinor = '', exponent = 0 } = amount ?? {};
      return {
        verdict: { decision: 'deny', matchedPolicy: 'Strict' },
        reasons: [`${amountMinor} of ${exponent} ${currency}`, at ?? 'now', metadataJson ?? 'none'],
        guards: [{ name: 'Daily Limit', verdict: 'deny', reason: 'Daily Limit: no' }],
        limits: [
          {
            name: 'Daily Limit',
            whose: 'the agent',
            limit: money('100'),
            spent: money('50'),
            held: money('1'),
            fits: false,
          },
          {
            name: 'Monthly Limit',
            whose: 'the category "travel"',
            limit: money('0'),
            spent: money('0'),
            held: money('0'),
          },
        ],
        riskScore: '0.15',
        riskFactors: [{ name: 'unusual_hour', contribution: '0.1', detail: 'late' }],
        policies: [
          {
            name: 'Strict',
            priority: 2.5,
            action: 'deny',
            mode: 'enforce',
            isActive: true,
            holds: true,
            answers: true,
            conditions: [
              { ...condition, actualJson: '60000', holds: true },
              { ...condition, field: 'merchant', operator: 'exists', valueJson: undefined, holds: false },
            ],
          },
        ],
        policiesLeftOut: 0,
        ...(policiesJson && { live: { decision: 'allow', matchedPolicy: 'Default Allow' } }),
        policySetVersion: '3',
      };
    },
    lintPolicies: async ({ policiesJson }) => ({
      findings: [
        {
          kind: 'contradiction',
          policy: { id: 'pol_0193f2c3a1b27c4d8e5f60718293a4b5', name: 'Never' },
          paths: ['rules.conditions[0]'],
          alternative: 'rules.conditions[1].conditions[0]',
          by: [],
        },
        {
          kind: 'looser',
          policy: { name: 'Default Deny' },
          paths: [],
          by: [{ name: policiesJson ?? 'now' }],
          before: 'deny',
          after: 'allow',
          witness: {
            agentId: '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5',
            amount: { amountMinor: '1050', currency: 'INR', exponent: 2 },
            reason: 'Any reason',
            confidence: '0.5',
            metadataJson: '{"a":1}',
            at: NOW,
            seesJson: '{"amount":10.5,"merchant":null}',
          },
        },
      ],
      undecided: [{ kind: 'unreachable', policy: { name: 'Long' } }],
      findingsLeftOut: 0,
      undecidedLeftOut: 2,
      policySetVersion: '3',
    }),
    async *verifyDecisions({ from }) {
      const counts = { total: '2', same: '1', different: '1', unverifiable: '0' };
      const difference = { field: 'outcome', recordedJson: '"approved"', againJson: '"denied"' };
      const decision = { intentId: newId('int'), decisionId: newId('dec'), final: true, policySetVersion: 3 };
      const findings = from === undefined ? [{ ...decision, differences: [difference] }] : [];
      yield { ...counts, checked: '1', findings, done: false };
      yield { ...counts, checked: '2', findings: [], done: true };
    },
    getPolicySet: async ({ caller, version }) => {
      if (version !== SET.version) throw new ProblemError('not_found', 'no such version');
      return { ...SET, policies: own(policies, caller) };
    },
  });
  return { service, lookUps: () => lookUps };
}

const SET: PolicySet = {
  version: 3,
  hash: 'c'.repeat(64),
  baseCurrency: 'INR',
  timeZone: 'Asia/Kolkata',
  defaultAction: 'allow',
  policyCount: 1,
  createdAt: NOW,
  policies: [],
};

function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;
}
