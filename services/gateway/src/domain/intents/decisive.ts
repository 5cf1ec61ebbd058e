/** One delivery of a decision about an intent. */
export interface Delivered {
  readonly intentId: string;
  readonly final: boolean;
}

/**
 * Of several deliveries in one batch, the one that counts for each intent: the first final decision, else the first.
 * Every decision carries all of its fields, so one that comes late adds nothing to the one that stands.
 */
export function decisive<D extends Delivered>(deliveries: readonly D[]): D[] {
  const chosen = new Map<string, D>();
  for (const delivery of deliveries) {
    const known = chosen.get(delivery.intentId);
    if (!known || (delivery.final && !known.final)) chosen.set(delivery.intentId, delivery);
  }
  return [...chosen.values()];
}
