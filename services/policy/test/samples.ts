import { newId } from '@aegis/contracts/ids';
import type { Account } from '../src/domain/account.ts';
import type { FxRate } from '../src/domain/fx.ts';
import type { SubmittedIntent } from '../src/domain/intent.ts';
import type { Settings } from '../src/domain/organization.ts';
import type { Policy } from '../src/domain/policy.ts';
import { emptyActivity } from '../src/domain/features/activity.ts';
import { amountThresholds } from '../src/domain/features/thresholds.ts';
import { compilePolicySet, compileShadow, type PolicySet } from '../src/domain/policy-set.ts';
import type { Surroundings } from '../src/domain/surroundings.ts';

export const AGENT_ID = '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5';
export const ORGANIZATION_ID = '0193f2c3-0000-7000-8000-000000000001';

export const RUPEES: Settings = {
  baseCurrency: 'INR',
  baseExponent: 2,
  timeZone: 'Asia/Kolkata',
  defaultAction: 'allow',
  fxMaxAgeHours: 96,
};

/** A submission of 50.00 INR on a Thursday at 15:30 in Kolkata. */
export function submission(change: Partial<SubmittedIntent> = {}): SubmittedIntent {
  return {
    intentId: newId('int'),
    agentId: AGENT_ID,
    money: { amountMinor: '5000', currency: 'INR', exponent: 2 },
    confidence: '0.9',
    reason: 'Paper for the printer',
    merchant: 'Acme Stationers',
    merchantCategory: 'office',
    metadata: null,
    submitter: { type: 'agent', id: AGENT_ID, role: null, authMethod: 'api_key' },
    keyCreatorId: null,
    createdAt: '2026-03-05T10:00:00.000Z',
    ...change,
  };
}

export function rupees(minor: bigint | number): SubmittedIntent['money'] {
  return { amountMinor: minor.toString(), currency: 'INR', exponent: 2 };
}

export function account(change: Partial<Account> = {}): Account {
  return {
    organizationId: ORGANIZATION_ID,
    agentId: AGENT_ID,
    name: 'Buyer',
    riskLevel: 'medium',
    status: 'active',
    dailyLimit: null,
    monthlyLimit: null,
    ownerId: null,
    historyCount: 0,
    historySum: 0n,
    openApprovals: 0,
    tolerancePercent: null,
    wallet: null,
    budgets: new Map(),
    activity: emptyActivity(),
    merchants: new Map(),
    pieces: new Map(),
    ...change,
  };
}

export function policy(change: Partial<Policy> = {}): Policy {
  return {
    id: newId('pol'),
    version: 1,
    name: 'A policy',
    description: null,
    priority: 10,
    action: 'deny',
    rules: { match: 'all', conditions: [] },
    isActive: true,
    mode: 'enforce',
    approval: null,
    archived: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
}

export function policySet(policies: readonly Policy[] = [], settings: Settings = RUPEES): PolicySet {
  return {
    version: 1,
    hash: 'f'.repeat(64),
    settings,
    match: compilePolicySet(policies),
    shadow: compileShadow(policies),
    thresholds: amountThresholds(policies, settings.baseExponent),
  };
}

/** Nothing around the agent's own account: no rates, no budgets that it shares. */
export function surroundings(change: Partial<Surroundings> = {}): Surroundings {
  return { rates: [], shared: [], maxOpenApprovals: 1_000, ...change };
}

export const RECHECK = { rates: [], shared: [], fxMaxAgeHours: RUPEES.fxMaxAgeHours, merchantKey: null } as const;

export function fxRate(change: Partial<FxRate> = {}): FxRate {
  return {
    id: newId('fxr'),
    currency: 'EUR',
    baseCurrency: 'INR',
    rate: '90.5',
    effectiveAt: '2026-03-05T00:00:00.000Z',
    revision: 1,
    recordedAt: '2026-03-05T00:00:00.000Z',
    ...change,
  };
}

export const STAMP = {
  decisionId: 'dec_0193f2c3a1b27c4d8e5f60718293a4b5',
  decidedAt: '2026-03-05T10:00:01.000Z',
} as const;
