import type { BusMessage } from '@aegis/bus/port';

/** The text that identifies a message in these tests: `<key>#<number within the key>`. */
export function message(key: string, number: number): BusMessage {
  return { topic: 'aegis.intents', key, headers: { ce_id: `${key}#${number}` }, value: JSON.stringify({ number }) };
}

/** Keeps what is published. `fail` may throw before anything of a batch is kept, or name how many of it are kept. */
export class RecordingBus {
  readonly published: string[] = [];
  fail: (messages: readonly BusMessage[]) => number | undefined = () => undefined;

  publish = async (messages: readonly BusMessage[]): Promise<void> => {
    await Promise.resolve();
    const kept = this.fail(messages);
    this.published.push(...messages.slice(0, kept).map(({ headers }) => headers['ce_id'] ?? ''));
    if (kept !== undefined) throw new Error(`only ${kept} of ${messages.length} were published`);
  };

  /** Every message once, in the order of the first copies, as a consumer sees it that knows event ids. */
  get distinct(): string[] {
    return [...new Set(this.published)];
  }

  /** The numbers published under one key, in the order of the first copies. */
  numbers(key: string): number[] {
    return this.distinct.filter((id) => id.startsWith(`${key}#`)).map((id) => Number(id.slice(key.length + 1)));
  }
}
