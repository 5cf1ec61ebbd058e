/** A file below a place: folders and a name, made of ids and dates. */
export interface PlacedFile {
  readonly folder: readonly string[];
  readonly name: string;
}

export interface FileDigest {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Where scheduled exports are put. */
export interface ExportPlace {
  /**
   * Writes a file, which is there whole or not at all, also after a crash, and takes the place of one of the same name.
   *
   * @param confirm asked when all is written and nothing is in its place yet; a rejection leaves everything as it was
   * @throws PlaceError when the place takes nothing
   */
  write(file: PlacedFile, content: AsyncIterable<Buffer>, confirm: () => Promise<void>): Promise<FileDigest>;
  /** Reads a file again; null when there is none. */
  digest(file: PlacedFile): Promise<FileDigest | null>;
}

/** The place cannot be written to, in words that may be shown to whoever reads about a run. */
export class PlaceError extends Error {
  override readonly name = 'PlaceError';
}
