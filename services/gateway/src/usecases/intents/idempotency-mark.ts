import { createHash } from 'node:crypto';
import { canonicalJson } from '@aegis/contracts/canonical-json';
import { principalName } from '@aegis/http/idempotent';
import type { Principal } from '@aegis/http/principal';
import type { Submission } from '../../domain/intents/intent.ts';
import type { IdempotencyMark } from '../../store/intents/insert-intents.ts';

/** What makes two submissions the same one: who sent them, under which key, and what they say. */
export function idempotencyMark(principal: Principal, key: string, submission: Submission): IdempotencyMark {
  const { agentId, amountMinor, currency, reason, confidence, merchant, merchantCategory, metadata } = submission;
  const said = [agentId, String(amountMinor), currency, reason, confidence, merchant, merchantCategory, metadata];
  return {
    scope: principalName(principal),
    key,
    bodySha256: createHash('sha256').update(canonicalJson(said)).digest(),
  };
}
