/** Text that compares without case; a blank one is as good as none, and must not pass for a value. */
export function caseless(text: string | null): string | undefined {
  return text === null || text.trim() === '' ? undefined : text.toLowerCase();
}
