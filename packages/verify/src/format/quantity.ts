/** How many of what, as a person reads it: `1 entry`, `2,000 entries`. */
export function quantity(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
