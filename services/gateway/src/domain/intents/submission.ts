import type { SubmitIntentBody } from '@aegis/contracts/http/intents';
import { type AmountFault, currencyExponent, parseAmount } from '@aegis/contracts/money';
import { type ProblemCode, ProblemError } from '@aegis/contracts/problems';
import type { Submission } from './intent.ts';
import { ratioText } from './ratio.ts';

export interface SubmissionRequest {
  /** UUID that becomes the intent's id. */
  readonly seed: string;
  readonly organizationId: string;
  readonly body: SubmitIntentBody;
  /** The amount as the client wrote it: the parsed number may have been rounded. */
  readonly amountText: string;
}

/**
 * The exact submission behind a request.
 *
 * @throws ProblemError `unknown_currency`, `amount_not_positive`, `amount_too_precise`, `amount_decimals`
 */
export function createSubmission({ seed, organizationId, body, amountText }: SubmissionRequest): Submission {
  const exponent = currencyExponent(body.currency);
  if (exponent === undefined)
    throw refusal('unknown_currency', 'currency', 'must be a code of ISO 4217 in upper case, such as INR');
  const amountMinor = parseAmount(amountText, exponent);
  if (typeof amountMinor !== 'bigint') throw refusedAmount(amountMinor, body.currency, exponent);
  return {
    id: intentIdOf(seed),
    organizationId,
    agentId: body.agentId,
    amountMinor,
    currency: body.currency,
    exponent,
    reason: body.reason,
    confidence: ratioText(body.confidence),
    merchant: body.merchant ?? null,
    merchantCategory: body.merchantCategory ?? null,
    metadata: body.metadata ?? null,
  };
}

/** The refusal of an amount, in words that say what to do. */
export function refusedAmount(fault: AmountFault, currency: string, exponent: number): ProblemError {
  const messages = {
    amount_not_positive: 'must be greater than zero',
    amount_too_precise: 'must have at most 15 significant digits',
    amount_decimals: `must have at most ${exponent} decimals in ${currency}`,
  };
  return refusal(fault, 'amount', messages[fault]);
}

/** The id of the intent that a request with this seed creates. */
export function intentIdOf(seed: string): string {
  return `int_${seed.replaceAll('-', '')}`;
}

function refusal(code: ProblemCode, path: string, message: string): ProblemError {
  return new ProblemError(code, `${path} ${message}`, [{ path, message }]);
}
