import { type AmountFault, parseAmount } from '@aegis/contracts/money';
import { ProblemError } from '@aegis/contracts/problems';
import { invalid } from './invalid.ts';
import type { Budget } from './budget.ts';
import { digestOf } from '@aegis/contracts/canonical-json';
import type { Settings } from './organization.ts';
import type { WalletMode } from './wallet.ts';

export type RiskLevel = 'low' | 'medium' | 'high';
export type AgentStatus = 'active' | 'suspended';

/** A registered agent. Limits are minor units of the base currency: null is unlimited, 0 allows nothing. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly riskLevel: RiskLevel;
  readonly status: AgentStatus;
  readonly dailyLimit: bigint | null;
  readonly monthlyLimit: bigint | null;
  /** By how much a settlement may pass the amount; null: intents are captured at their amount when they are approved. */
  readonly tolerancePercent: number | null;
  readonly walletMode: WalletMode;
  readonly ownerId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An agent with what it has used of the windows that are open now. */
export interface AgentWithBudget {
  readonly agent: Agent;
  readonly daily: Readonly<Budget>;
  readonly monthly: Readonly<Budget>;
  /** Zero while it has no wallet. */
  readonly walletBalance: bigint;
  readonly walletHeld: bigint;
  /** The date whose windows these are. */
  readonly today: string;
}

/** What a caller may set; limits are decimal texts in the base currency's unit, and an empty text means unlimited. */
export interface AgentChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly riskLevel?: string | undefined;
  readonly dailyLimit?: string | undefined;
  readonly monthlyLimit?: string | undefined;
  readonly settlement?: string | undefined;
  readonly settlementTolerancePercent?: number | undefined;
  readonly walletMode?: string | undefined;
}

type Editable = Omit<Agent, 'id' | 'status' | 'ownerId' | 'createdAt' | 'updatedAt'>;

const BLANK: Editable = {
  name: '',
  description: null,
  riskLevel: 'medium',
  dailyLimit: null,
  monthlyLimit: null,
  tolerancePercent: null,
  walletMode: 'tracked',
};
const MAX_NAME = 200;
const MAX_DESCRIPTION = 2_000;

/**
 * The agent's fields after a change, absent ones keeping their value.
 *
 * @throws ProblemError `invalid_request` for a text, `amount_*` for a limit
 */
export function editAgent(current: Editable | null, change: AgentChange, settings: Settings): Editable {
  const { name, description, riskLevel, dailyLimit, monthlyLimit, tolerancePercent, walletMode } = current ?? BLANK;
  const edited = {
    name: change.name === undefined ? name : change.name.trim(),
    description: change.description === undefined ? description : change.description.trim() || null,
    riskLevel: change.riskLevel === undefined ? riskLevel : readRiskLevel(change.riskLevel),
    dailyLimit: change.dailyLimit === undefined ? dailyLimit : readLimit('dailyLimit', change.dailyLimit, settings),
    monthlyLimit:
      change.monthlyLimit === undefined ? monthlyLimit : readLimit('monthlyLimit', change.monthlyLimit, settings),
    tolerancePercent: readTolerance(change, tolerancePercent),
    walletMode: change.walletMode === undefined ? walletMode : readWalletMode(change.walletMode),
  };
  if (edited.name === '' || edited.name.length > MAX_NAME) {
    throw invalid('name', `must have 1 to ${MAX_NAME} characters`);
  }
  if (edited.description !== null && edited.description.length > MAX_DESCRIPTION) {
    throw invalid('description', `must have at most ${MAX_DESCRIPTION} characters`);
  }
  return edited;
}

function readRiskLevel(text: string): RiskLevel {
  if (text === 'low' || text === 'medium' || text === 'high') return text;
  throw invalid('riskLevel', 'must be low, medium or high');
}

function readWalletMode(text: string): WalletMode {
  if (text === 'tracked' || text === 'enforced') return text;
  throw invalid('walletMode', 'must be tracked or enforced');
}

function readTolerance(
  { settlement, settlementTolerancePercent: percent }: AgentChange,
  current: number | null,
): number | null {
  if (settlement !== undefined && settlement !== 'immediate' && settlement !== 'required') {
    throw invalid('settlement', 'must be immediate or required');
  }
  if (percent !== undefined && !(Number.isInteger(percent) && percent >= 0 && percent <= 100)) {
    throw invalid('settlementTolerancePercent', 'must be a whole number from 0 to 100');
  }
  const required = settlement === undefined ? current !== null : settlement === 'required';
  if (required) return percent ?? current ?? 0;
  if (percent) throw invalid('settlementTolerancePercent', 'needs settlement to be required');
  return null;
}

export function readStatus(text: string): AgentStatus {
  if (text === 'active' || text === 'suspended') return text;
  throw invalid('status', 'must be active or suspended');
}

/** Decimal text in the base currency's unit to minor units; empty text is no limit. */
export function readLimit(path: string, text: string, { baseCurrency, baseExponent }: Settings): bigint | null {
  if (text === '') return null;
  if (/^0+(\.0+)?$/.test(text)) return 0n;
  const amount = parseAmount(text, baseExponent);
  if (typeof amount === 'bigint') return amount;
  throw refusedAmount(path, amount, { baseCurrency, baseExponent }, 'must be zero or more');
}

/** The refusal of an amount in the base currency, in words that say what to do. */
export function refusedAmount(
  path: string,
  fault: AmountFault,
  { baseCurrency, baseExponent }: Pick<Settings, 'baseCurrency' | 'baseExponent'>,
  notPositive = 'must be greater than zero',
): ProblemError {
  const message = {
    amount_not_positive: notPositive,
    amount_too_precise: 'must be a decimal number of at most 15 significant digits',
    amount_decimals: `must have at most ${baseExponent} decimals, as ${baseCurrency} has`,
  }[fault];
  return new ProblemError(fault, `${path} ${message}`, [{ path, message }]);
}

/** The agent as events tell of it. */
export function agentState(agent: Agent) {
  return {
    agentId: agent.id,
    name: agent.name,
    riskLevel: agent.riskLevel,
    status: agent.status,
    dailyLimitMinor: agent.dailyLimit?.toString() ?? null,
    monthlyLimitMinor: agent.monthlyLimit?.toString() ?? null,
    ownerId: agent.ownerId,
    settlement: agent.tolerancePercent === null ? ('immediate' as const) : ('required' as const),
    settlementTolerancePercent: agent.tolerancePercent ?? 0,
    walletMode: agent.walletMode,
  };
}

/** SHA-256 of the agent's own fields, for the record of a change. */
export function agentDigest(agent: Agent): string {
  return digestOf({ ...agentState(agent), description: agent.description });
}
