/** A request with an Idempotency-Key as the store remembers it. */
export interface RememberedRequest<Answer> {
  readonly bodySha256: string;
  readonly completed: boolean;
  /** Null in a completed one: the answer showed a secret. */
  readonly answer: Answer | null;
  /** The answer held personal text that was erased since. */
  readonly isErased: boolean;
}

export type Repetition<Answer> =
  | { readonly kind: 'reused' }
  | { readonly kind: 'running' }
  | { readonly kind: 'secret-shown' }
  | { readonly kind: 'erased' }
  | { readonly kind: 'replay'; readonly answer: Answer };

/** What becomes of a request whose key is taken. */
export function judgeRepetition<Answer>(first: RememberedRequest<Answer>, bodySha256: string): Repetition<Answer> {
  if (first.bodySha256 !== bodySha256) return { kind: 'reused' };
  if (!first.completed) return { kind: 'running' };
  if (first.isErased) return { kind: 'erased' };
  return first.answer === null ? { kind: 'secret-shown' } : { kind: 'replay', answer: first.answer };
}
