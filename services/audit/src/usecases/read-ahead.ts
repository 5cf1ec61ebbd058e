/**
 * What `read` gives for each item, in order. While one is being worked on, as many as `ahead` more are being read; their items are
 * asked for no earlier.
 */
export async function* readAhead<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  ahead: number,
  read: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const reading: Promise<Result>[] = [];
  for await (const item of items) {
    const result = read(item);
    // It may fail when nobody waits for it any more.
    result.catch(() => undefined);
    reading.push(result);
    const first = reading.length > ahead ? reading.shift() : undefined;
    if (first) yield await first;
  }
  for (const rest of reading) yield await rest;
}
