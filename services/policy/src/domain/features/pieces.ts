/**
 * Amounts that an organisation's agents, all of them, asked for at one merchant and that stayed below a threshold but
 * above half of it: two of them together pass it.
 */
export interface Piece {
  readonly atMs: number;
  /** Minor units of the base currency. */
  readonly amount: bigint;
}

const WINDOW_MS = 7 * 86_400_000;
const KEPT = 32;

/**
 * The smallest amount above this one that a policy would treat differently, if this one is more than half of it; that
 * is what a payment would be split to stay below.
 *
 * @param thresholds ascending
 */
export function thresholdAbove(thresholds: readonly bigint[], amount: bigint): bigint | null {
  const threshold = thresholds.find((candidate) => candidate > amount);
  return threshold !== undefined && amount * 2n >= threshold ? threshold : null;
}

/** The pieces of the week before an instant that lie between half of the threshold and the threshold. */
export function piecesOf(pieces: readonly Piece[], threshold: bigint, atMs: number): { count: number; sum: bigint } {
  const counted = pieces.filter(
    (piece) =>
      piece.atMs <= atMs && piece.atMs > atMs - WINDOW_MS && piece.amount < threshold && piece.amount * 2n >= threshold,
  );
  return { count: counted.length, sum: counted.reduce((total, piece) => total + piece.amount, 0n) };
}

/** Adds a piece; those that no window reaches any more, and the oldest beyond a fixed number, are dropped. */
export function recordPiece(pieces: Piece[], piece: Piece): void {
  pieces.push(piece);
  const newest = Math.max(...pieces.map(({ atMs }) => atMs));
  const kept = pieces.filter(({ atMs }) => atMs > newest - WINDOW_MS).slice(-KEPT);
  pieces.splice(0, pieces.length, ...kept);
}
