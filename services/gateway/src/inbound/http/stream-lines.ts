import type { Reply } from '@aegis/http/route';
import { startStream } from './start-stream.ts';

/** Going through all of a history again takes its time; a client that loses interest ends it earlier. */
export const STREAM_TIMEOUT_MS = 3_600_000;

/** Answers with a line of JSON for each message, once the first has come. */
export async function streamLines<T>(messages: AsyncIterable<T>, view: (message: T) => unknown): Promise<Reply> {
  const { bytes } = await startStream(messages, (message) => Buffer.from(`${JSON.stringify(view(message))}\n`));
  return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, stream: bytes };
}
