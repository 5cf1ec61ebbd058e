import type { AnyEvent, Event } from '@aegis/contracts/events/envelope';
import type { Money } from '@aegis/contracts/money';

/** Stages of an intent's life; of an intent's facts the one of the latest stage holds. */
export const STAGE = { submitted: 0, waiting: 1, final: 2 } as const;

export type IntentStatus = 'pending' | 'pending_approval' | 'approved' | 'denied';

/** What one event says of an intent. */
export interface IntentFact {
  readonly organizationId: string;
  readonly intentId: string;
  readonly agentId: string;
  readonly stage: (typeof STAGE)[keyof typeof STAGE];
  readonly status: IntentStatus;
  readonly currency: string;
  readonly exponent: number;
  readonly amountMinor: bigint;
  /** Null before a decision. */
  readonly baseCurrency: string | null;
  /** Null before a decision, and where no exchange rate was known. */
  readonly amountBaseMinor: bigint | null;
  readonly createdAt: Date;
}

export interface ApprovalResolution {
  readonly organizationId: string;
  readonly approvalId: string;
  readonly outcome: 'approved' | 'rejected' | 'expired';
  readonly requestedAt: Date;
  readonly resolvedAt: Date;
}

export interface OrganizationFact {
  readonly organizationId: string;
  readonly baseCurrency: string;
  readonly changedAt: Date;
}

export interface Facts {
  readonly intents: readonly IntentFact[];
  readonly approvalResolutions: readonly ApprovalResolution[];
  readonly organizations: readonly OrganizationFact[];
}

/** A value that no table can hold; the same event will always fail. */
export class UnusableFactError extends Error {
  override readonly name = 'UnusableFactError';
}

/**
 * The facts that a batch of events states; events that state none are passed over.
 *
 * @throws UnusableFactError for a value outside what the tables hold, so that whatever reaches them fits
 */
export function factsOf(events: readonly AnyEvent[]): Facts {
  const intents: IntentFact[] = [];
  const approvalResolutions: ApprovalResolution[] = [];
  const organizations: OrganizationFact[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'intent.submitted':
        intents.push(submission(event));
        break;
      case 'intent.decided':
        intents.push(decision(event));
        break;
      case 'approval.resolved':
        approvalResolutions.push(resolution(event));
        break;
      case 'organization.created':
      case 'organization.updated':
        organizations.push(organization(event));
        break;
      default:
        break;
    }
  }
  return { intents, approvalResolutions, organizations };
}

function submission({ organizationId, data }: Event<'intent.submitted'>): IntentFact {
  return {
    ...intent(organizationId, data),
    stage: STAGE.submitted,
    status: 'pending',
    baseCurrency: null,
    amountBaseMinor: null,
    createdAt: instant(data.createdAt),
  };
}

function decision({ organizationId, data }: Event<'intent.decided'>): IntentFact {
  const { baseCurrency, amountBaseMinor } = data.context;
  return {
    ...intent(organizationId, data),
    stage: data.final ? STAGE.final : STAGE.waiting,
    status: data.outcome,
    baseCurrency,
    amountBaseMinor: amountBaseMinor === null ? null : minorUnits(amountBaseMinor),
    createdAt: instant(data.intentCreatedAt),
  };
}

function intent(organizationId: string, data: { intentId: string; agentId: string; money: Money }) {
  return {
    organizationId: uuid(organizationId),
    intentId: data.intentId,
    agentId: data.agentId,
    currency: data.money.currency,
    exponent: data.money.exponent,
    amountMinor: minorUnits(data.money.amountMinor),
  };
}

function resolution({ organizationId, data }: Event<'approval.resolved'>): ApprovalResolution {
  return {
    organizationId: uuid(organizationId),
    approvalId: data.approvalId,
    outcome: data.outcome,
    requestedAt: instant(data.requestedAt),
    resolvedAt: instant(data.resolvedAt),
  };
}

function organization(event: Event<'organization.created' | 'organization.updated'>): OrganizationFact {
  return {
    organizationId: uuid(event.data.organizationId),
    baseCurrency: event.data.baseCurrency,
    changedAt: instant(event.time),
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function uuid(text: string): string {
  if (!UUID.test(text)) throw new UnusableFactError(`${text} is not a UUID`);
  return text;
}

/** 38 digits fit an Int128. */
function minorUnits(text: string): bigint {
  if (!/^-?\d{1,38}$/.test(text)) throw new UnusableFactError(`${text} is not an amount of at most 38 digits`);
  return BigInt(text);
}

/** DateTime64 goes from 1900 to 2299; nothing here is older than the epoch. */
const LATEST_MS = Date.UTC(2299, 0);

function instant(text: string): Date {
  const time = new Date(text);
  if (!(time.getTime() >= 0 && time.getTime() < LATEST_MS)) throw new UnusableFactError(`${text} is out of range`);
  return time;
}
