/** The command was called in a way it cannot be, or a file it names cannot be read. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
