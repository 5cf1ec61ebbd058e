import { hash } from 'node:crypto';

/** Letters of other scripts that look like Latin ones: writing with them must not make another merchant. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ı: 'i',
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  ł: 'l',
};

/** Digits that stand in for letters inside a word, as in `amaz0n`. */
const LETTER_DIGITS: Readonly<Record<string, string>> = { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' };

/** Legal forms and parts of web addresses say nothing about who is paid. */
const NOISE: ReadonlySet<string> = new Set(
  'ltd limited inc llc llp plc co corp corporation company gmbh ag sa sarl srl bv nv pvt pte pty the www com net org uk'.split(
    ' ',
  ),
);

const KEPT = 10_000;
const known = new Map<string, string | null>();

/**
 * One form for the spellings of a merchant: case, accents, look-alike letters, punctuation, spaces, legal forms, web
 * addresses and numbers of branches or orders do not count. Null for a blank text.
 */
export function normalizeMerchant(text: string | null): string | null {
  if (text === null || text.trim() === '') return null;
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\p{L}/gu, (letter) => LOOK_ALIKES[letter] ?? letter)
    .replaceAll('&', ' and ');
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const telling = words.filter((word) => !/^\p{N}+$/u.test(word) && !NOISE.has(word)).map(spellOut);
  return telling.join('') || words.join('') || plain.trim();
}

/** A word of letters with one or two digits among them; in `kd4x99` the digits are a number. */
function spellOut(word: string): string {
  const digits = word.replaceAll(/\P{N}/gu, '').length;
  if (digits === 0 || digits > 2) return word;
  return word.replaceAll(/[0134578]/g, (digit) => LETTER_DIGITS[digit] ?? digit);
}

/**
 * Names a merchant within its organisation in the form of a UUID: 128 bits of SHA-256, so that what is kept about
 * merchants repeats no text of a submission. Null where the submission names none.
 */
export function merchantKey(organizationId: string, merchant: string | null): string | null {
  if (merchant === null) return null;
  const memo = `${organizationId} ${merchant}`;
  const found = known.get(memo);
  if (found !== undefined) return found;
  const normalized = normalizeMerchant(merchant);
  const key = normalized === null ? null : uuidOf(hash('sha256', `${organizationId} ${normalized}`, 'hex'));
  if (known.size >= KEPT) known.clear();
  known.set(memo, key);
  return key;
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
