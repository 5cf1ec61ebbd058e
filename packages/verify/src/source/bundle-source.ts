/** Where a bundle's files are read from: a ZIP file or a folder. */
export interface BundleSource {
  /** Names of all files, in the order of the archive. */
  readonly names: readonly string[];
  /** The bytes of a file, in constant memory. @throws FormatError when they are damaged */
  stream(name: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Names a bundle's file may have: a plain one, so that nothing is read or written outside a folder. */
export const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
