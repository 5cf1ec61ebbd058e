import type { AgentStatus, RiskLevel } from './agent.ts';
import type { Activity } from './features/activity.ts';
import type { MerchantHistory } from './features/merchant-history.ts';
import type { Piece } from './features/pieces.ts';
import type { Purse } from './purse.ts';
import type { Wallet } from './wallet.ts';

/** What deciding needs of one agent, and counts as it goes; the shell loads it under lock and writes it back. */
export interface Account extends Purse {
  readonly organizationId: string;
  readonly agentId: string;
  readonly name: string;
  readonly riskLevel: RiskLevel;
  status: AgentStatus;
  /** The person who registered the agent. */
  readonly ownerId: string | null;
  /** Payments made so far and their sum: the agent's own history, without a scan. */
  historyCount: number;
  historySum: bigint;
  /** Intents that people are being asked about. */
  openApprovals: number;
  /** By how much a settlement may pass the amount; null for an agent whose intents are captured at once. */
  readonly tolerancePercent: number | null;
  /** Null before its first transaction: what is not used costs nothing. */
  readonly wallet: Wallet | null;
  readonly activity: Activity;
  /** What it spent where, by merchant key. */
  readonly merchants: Map<string, MerchantHistory>;
  /** Amounts just below thresholds, by merchant key; the organisation's agents share them. */
  readonly pieces: Map<string, Piece[]>;
}

/** A payment was made: it counts in the agent's history. */
export function recordPayment(account: Account, amount: bigint): void {
  account.historyCount += 1;
  account.historySum += amount;
}

/** Mean of the payments so far in minor units, rounded down; null before the first. */
export function historyMean(account: Account): bigint | null {
  return account.historyCount === 0 ? null : account.historySum / BigInt(account.historyCount);
}
