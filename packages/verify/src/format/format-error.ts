/** Bytes or a text that do not keep to their format; the message says what is wrong, and what would be right. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
