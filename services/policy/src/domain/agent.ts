import { parseAmount } from '@aegis/contracts/money';
import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import type { Budget } from './budget.ts';
import { digestOf } from '@aegis/contracts/canonical-json';
import type { Settings } from './organization.ts';

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
  readonly ownerId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An agent with what it has used of the windows that are open now. */
export interface AgentWithBudget {
  readonly agent: Agent;
  readonly daily: Readonly<Budget>;
  readonly monthly: Readonly<Budget>;
}

/** What a caller may set; limits are decimal texts in the base currency's unit, and an empty text means unlimited. */
export interface AgentChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly riskLevel?: string | undefined;
  readonly dailyLimit?: string | undefined;
  readonly monthlyLimit?: string | undefined;
}

type Editable = Pick<Agent, 'name' | 'description' | 'riskLevel' | 'dailyLimit' | 'monthlyLimit'>;

const BLANK: Editable = { name: '', description: null, riskLevel: 'medium', dailyLimit: null, monthlyLimit: null };
const MAX_NAME = 200;
const MAX_DESCRIPTION = 2_000;

/**
 * The agent's fields after a change, absent ones keeping their value.
 *
 * @throws ProblemError `invalid_request` for a text, `amount_*` for a limit
 */
export function editAgent(current: Editable | null, change: AgentChange, settings: Settings): Editable {
  const { name, description, riskLevel, dailyLimit, monthlyLimit } = current ?? BLANK;
  const edited = {
    name: change.name === undefined ? name : change.name.trim(),
    description: change.description === undefined ? description : change.description.trim() || null,
    riskLevel: change.riskLevel === undefined ? riskLevel : readRiskLevel(change.riskLevel),
    dailyLimit: change.dailyLimit === undefined ? dailyLimit : readLimit('dailyLimit', change.dailyLimit, settings),
    monthlyLimit:
      change.monthlyLimit === undefined ? monthlyLimit : readLimit('monthlyLimit', change.monthlyLimit, settings),
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

export function readStatus(text: string): AgentStatus {
  if (text === 'active' || text === 'suspended') return text;
  throw invalid('status', 'must be active or suspended');
}

/** Decimal text in the base currency's unit to minor units; empty text is no limit. */
function readLimit(path: string, text: string, { baseCurrency, baseExponent }: Settings): bigint | null {
  if (text === '') return null;
  if (/^0+(\.0+)?$/.test(text)) return 0n;
  const amount = parseAmount(text, baseExponent);
  if (typeof amount === 'bigint') return amount;
  const message = {
    amount_not_positive: 'must be zero or more',
    amount_too_precise: 'must be a decimal number of at most 15 significant digits',
    amount_decimals: `must have at most ${baseExponent} decimals, as ${baseCurrency} has`,
  }[amount];
  throw new ProblemError(amount, `${path} ${message}`, [{ path, message }]);
}

function invalid(path: string, message: string): ProblemError {
  const errors: FieldError[] = [{ path, message }];
  return new ProblemError('invalid_request', `${path} ${message}`, errors);
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
  };
}

/** SHA-256 of the agent's own fields, for the record of a change. */
export function agentDigest(agent: Agent): string {
  return digestOf({ ...agentState(agent), description: agent.description });
}
