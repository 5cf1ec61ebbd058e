/** Text that compares without case; a blank one is as good as none, and must not pass for a value. */
export function caseless(text: string | null): string | undefined {
  if (text === null || (!beginsVisibly(text) && text.trim() === '')) return undefined;
  return text.toLowerCase();
}

/** True for what is certainly not blank, without making a trimmed copy: it begins with visible ASCII. */
function beginsVisibly(text: string): boolean {
  const code = text.charCodeAt(0);
  return code > 32 && code < 127;
}
