import { ProblemError } from '@aegis/contracts/problems';

/**
 * The first byte of `Range: bytes=N-`; null when no range is asked for. Other forms are refused rather than ignored: a
 * client would put the whole file behind its part.
 */
export function byteRange(header: string | null): number | null {
  if (header === null) return null;
  const from = /^bytes=(\d{1,15})-$/.exec(header)?.[1];
  if (from !== undefined) return Number(from);
  throw new ProblemError(
    'invalid_request',
    'Range must be of the form bytes=N-: the rest of the file from one byte on',
  );
}
