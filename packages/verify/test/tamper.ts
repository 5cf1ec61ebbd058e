/** A way to change a bundle, as somebody would who holds it but not the keys. */
export interface Tampering {
  readonly file: string;
  readonly kind: 'edit' | 'delete' | 'insert' | 'swap' | 'cut' | 'remove';
  readonly files: ReadonlyMap<string, Buffer>;
}

const KINDS = ['edit', 'delete', 'insert', 'swap', 'cut', 'remove'] as const;

/** Deterministic for a seed (mulberry32). Gives numbers from 0 up to and without `below`. */
export function seededNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Changes one file of a bundle in one place; `next` chooses which, how and where. Null where nothing would change. */
export function tamper(files: ReadonlyMap<string, Buffer>, next: (below: number) => number): Tampering | null {
  const names = [...files.keys()];
  const file = names[next(names.length)] ?? '';
  const kind = KINDS[next(KINDS.length)] ?? 'edit';
  const bytes = files.get(file) ?? Buffer.alloc(0);
  const changed = change(kind, bytes, next);
  if (changed?.equals(bytes)) return null;
  const result = new Map(files);
  if (changed === null) result.delete(file);
  else result.set(file, changed);
  return { file, kind, files: result };
}

function change(kind: Tampering['kind'], bytes: Buffer, next: (below: number) => number): Buffer | null {
  const at = next(Math.max(bytes.length, 1));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case 'edit': {
      const edited = Buffer.from(bytes);
      if (edited.length > 0) edited[at] = (edited[at] ?? 0) ^ (1 << next(8));
      return edited;
    }
    case 'delete':
      return Buffer.concat([before, after.subarray(1 + next(40))]);
    case 'insert':
      return Buffer.concat([before, Buffer.from([32 + next(95)]), after]);
    case 'swap':
      return swapLines(bytes, next);
    case 'cut':
      return before;
    case 'remove':
      return null;
  }
}

function swapLines(bytes: Buffer, next: (below: number) => number): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const [a, b] = [next(lines.length), next(lines.length)];
  const [lineA = '', lineB = ''] = [lines[a], lines[b]];
  lines[a] = lineB;
  lines[b] = lineA;
  return Buffer.from(lines.join('\n'), 'latin1');
}
