import { NotCanonicalError } from '../format/canonical-json.ts';
import { FormatError } from '../format/format-error.ts';

/** Something that does not hold, and where: a file of the bundle, with line or byte where it has such. */
export interface Fault {
  readonly place: string;
  readonly what: string;
}

/** Collects what is wrong, so that one fault does not hide another. */
export class Faults {
  readonly all: Fault[] = [];

  add(place: string, what: string): void {
    this.all.push({ place, what });
  }

  /** What `read` gives; null, with a fault noted, when it finds a wrong format. */
  async try<T>(place: string, read: () => T | Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (!isFormatFault(error)) throw error;
      this.add(place, error.message);
      return null;
    }
  }
}

/** RangeErrors are what the formats throw for numbers that do not go together. */
export function isFormatFault(error: unknown): error is Error {
  return error instanceof FormatError || error instanceof NotCanonicalError || error instanceof RangeError;
}
