const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The time in UTC and whole milliseconds, as leaves hold it; null for what is not RFC 3339. */
export function toInstant(text: string): string | null {
  const timeMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? null : new Date(timeMs).toISOString();
}
