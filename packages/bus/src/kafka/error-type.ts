/** Whether an error of kafkajs, or one that caused it, is one of the broker's errors of these names. */
export function isProtocolError(error: unknown, types: ReadonlySet<string>): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('type' in cause && types.has(String(cause.type))) return true;
  }
  return false;
}

const WARMING_UP = new Set(['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP']);

/** A broker that has just started needs a while to take groups; only when that takes long is it worth a word. */
export function isWarmingUp(error: unknown): boolean {
  return isProtocolError(error, WARMING_UP);
}
