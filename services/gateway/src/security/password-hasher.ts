import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';

export interface PasswordHasher {
  /** PHC string format: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, base64 without padding. */
  hash(password: string): Promise<string>;
  /** Against null (no such user) it takes as long and is false. */
  verify(password: string, phc: string | null): Promise<boolean>;
}

export interface ScryptCost {
  /** Binary logarithm of N. Memory is 128 · N · r bytes. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** One of the settings OWASP recommends (Password Storage Cheat Sheet): 32 MiB, about 0.2 s. */
export const DEFAULT_COST: ScryptCost = { ln: 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/** Two at a time leave the thread pool room for everything else; beyond the queue people are asked to come back. */
const MAX_RUNNING = 2;
const MAX_WAITING = 50;

export function createPasswordHasher(cost: ScryptCost = DEFAULT_COST): PasswordHasher {
  const limited = createLimiter();
  const dummy = format(cost, Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format(cost, salt, await limited(() => derive(password, salt, cost)));
    },
    async verify(password, phc) {
      const { salt, hash, cost: itsCost } = parse(phc ?? dummy);
      const derived = await limited(() => derive(password, salt, itsCost));
      return timingSafeEqual(derived, hash) && phc !== null;
    },
  };
}

function derive(password: string, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
  // The same characters typed on two systems may arrive composed and decomposed.
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function format({ ln, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$scrypt$ln=${ln},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
}

function parse(phc: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } {
  const match = PHC.exec(phc);
  if (!match) throw new Error('a stored password hash is unreadable');
  const [, ln, r, p, salt = '', hash = ''] = match;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  return { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

function createLimiter(): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) {
        throw new ProblemError('unavailable', 'too many log-ins at once; try again soon', [], 1);
      }
      // Whoever finishes hands its place over.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
