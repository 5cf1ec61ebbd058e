import type { Leaf } from '../leaf.ts';
import { fieldsOf, textOf, textsOf } from './fields.ts';

/** Who asked and who answered, as far as the entry tells. */
export interface People {
  readonly maker: string | null;
  readonly checkers: readonly string[];
  readonly checkedAt: string | null;
  /** Whether none of those who answered had a part in the request; null unless both are known. */
  readonly separate: boolean | null;
}

export function peopleOf({ data }: Leaf): People {
  const parties = textsOf(data['partyIds']);
  const maker =
    textOf(fieldsOf(data['submitter'])['id']) ?? textOf(fieldsOf(data['parties'])['submitterId']) ?? parties[0] ?? null;
  const responder = textOf(data['responderId']);
  const checkers = responder === null ? textsOf(data['responderIds']) : [responder];
  return {
    maker,
    checkers,
    checkedAt:
      textOf(data['respondedAt']) ??
      textOf(data['attemptedAt']) ??
      (checkers.length > 0 ? textOf(data['resolvedAt']) : null),
    separate: maker === null || checkers.length === 0 ? null : ![maker, ...parties].some((id) => checkers.includes(id)),
  };
}
