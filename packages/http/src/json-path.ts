/** A place inside a JSON value as people write it: `rules.conditions[0].field`; the value itself is the empty text. */
export function formatPath(segments: readonly PropertyKey[]): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (!/^[\w$-]+$/.test(String(segment))) path += `[${JSON.stringify(String(segment))}]`;
    else path += path === '' ? String(segment) : `.${String(segment)}`;
  }
  return path;
}
