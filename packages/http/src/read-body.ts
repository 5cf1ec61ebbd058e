import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ProblemError } from '@aegis/contracts/problems';

export const BODY_LIMIT_BYTES = 64 * 1024;

/** How much of a body that is too large is still read, so that an honest client sees the answer and not a reset. */
const DRAIN_LIMIT_BYTES = 1024 * 1024;

const DECODERS = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** The client went away before its request was complete: there is nobody to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

/**
 * The text of a JSON body, decompressed; the empty text when the request has none.
 *
 * @throws ProblemError `unsupported_media_type` (before a byte is read), `payload_too_large` (also for what a small
 *   body inflates to), `malformed_json` for a broken encoding; ClientGoneError
 */
export function readJsonText(request: IncomingMessage): Promise<string> {
  return readText(request, requireJson);
}

/** Whether the body calls itself CSV. */
export function isCsv({ headers }: IncomingMessage): boolean {
  return /^text\/csv\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

/** The text of a CSV body; throws as `readJsonText` does. */
export function readCsvText(request: IncomingMessage): Promise<string> {
  return readText(request, requireUtf8Csv);
}

async function readText(request: IncomingMessage, requireType: (type: string | undefined) => void): Promise<string> {
  const { headers } = request;
  const declaredBytes = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (declaredBytes === 0 || (declaredBytes === undefined && headers['transfer-encoding'] === undefined)) return '';
  requireType(headers['content-type']);
  const decode = decoderFor(headers['content-encoding']);
  if (declaredBytes !== undefined && declaredBytes > DRAIN_LIMIT_BYTES) throw tooLarge();
  const bytes = await readBytes(request);
  const content = decode ? await decode(bytes) : bytes;
  if (!isUtf8(content)) throw new ProblemError('malformed_json', 'the body is not UTF-8');
  return content.toString('utf8');
}

function requireJson(contentType: string | undefined): void {
  if (contentType === 'application/json') return;
  if (!/^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(contentType ?? '')) {
    throw new ProblemError('unsupported_media_type', 'send the body as Content-Type: application/json, in UTF-8');
  }
}

function requireUtf8Csv(contentType: string | undefined): void {
  if (!/^text\/csv\s*(?:;\s*(?:charset\s*=\s*"?utf-8"?|header\s*=\s*present)\s*)*$/i.test(contentType ?? '')) {
    throw new ProblemError('unsupported_media_type', 'send the body as Content-Type: text/csv, in UTF-8');
  }
}

function decoderFor(encoding: string | undefined): ((bytes: Buffer) => Promise<Buffer>) | undefined {
  if (encoding === undefined || encoding === 'identity') return undefined;
  const decoder = DECODERS.get(encoding.toLowerCase());
  if (!decoder) {
    throw new ProblemError('unsupported_media_type', `Content-Encoding may be ${[...DECODERS.keys()].join(', ')}`);
  }
  return async (bytes) => {
    try {
      return await decoder(bytes, { maxOutputLength: BODY_LIMIT_BYTES });
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge();
      throw new ProblemError('malformed_json', `the body is not valid ${encoding}`);
    }
  };
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
      else if (length > DRAIN_LIMIT_BYTES) reject(tooLarge());
      else chunks.length = 0;
    });
    request.once('end', () => {
      if (length > BODY_LIMIT_BYTES) reject(tooLarge());
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
    });
    request.once('close', () => {
      if (!request.complete) reject(new ClientGoneError('the connection closed inside the body'));
    });
    request.once('error', () => reject(new ClientGoneError('the connection broke inside the body')));
  });
}

function tooLarge(): ProblemError {
  return new ProblemError('payload_too_large', `a body may have ${BODY_LIMIT_BYTES} bytes, decompressed`);
}
