/** One purchase that a demonstration submits. */
export interface DemoPurchase {
  readonly agent: string;
  /** Decimal text in the currency's own unit. */
  readonly amount: string;
  readonly currency: string;
  readonly merchant: string;
  readonly merchantCategory: string;
  readonly reason: string;
  readonly confidence: number;
}

export const DEMO_AGENTS = ['Procurement', 'Travel', 'Cloud costs', 'Marketing', 'Facilities'] as const;

interface Category {
  readonly name: string;
  readonly agent: (typeof DEMO_AGENTS)[number];
  readonly merchants: readonly string[];
  /** Median and spread of a log-normal distribution: most purchases are small, a few are very large. */
  readonly medianAmount: number;
  readonly spread: number;
  readonly weight: number;
}

const CATEGORIES: readonly Category[] = [
  {
    name: 'office supplies',
    agent: 'Procurement',
    merchants: ['paperclip.example', 'desk-and-chair.example', 'inkwell.example'],
    medianAmount: 34,
    spread: 1.1,
    weight: 30,
  },
  {
    name: 'software',
    agent: 'Procurement',
    merchants: ['licences.example', 'design-tools.example'],
    medianAmount: 89,
    spread: 1.2,
    weight: 14,
  },
  {
    name: 'travel',
    agent: 'Travel',
    merchants: ['rail.example', 'airline.example', 'hotel.example', 'taxi.example'],
    medianAmount: 120,
    spread: 1.0,
    weight: 22,
  },
  {
    name: 'cloud',
    agent: 'Cloud costs',
    merchants: ['compute.example', 'storage.example'],
    medianAmount: 260,
    spread: 1.4,
    weight: 12,
  },
  {
    name: 'advertising',
    agent: 'Marketing',
    merchants: ['search-ads.example', 'social-ads.example'],
    medianAmount: 400,
    spread: 1.1,
    weight: 10,
  },
  {
    name: 'catering',
    agent: 'Facilities',
    merchants: ['lunchbox.example', 'coffee.example'],
    medianAmount: 22,
    spread: 0.8,
    weight: 11,
  },
  {
    name: 'gambling',
    agent: 'Marketing',
    merchants: ['lucky-seven.example'],
    medianAmount: 50,
    spread: 0.7,
    weight: 1,
  },
];

/**
 * A stream of purchases with the shape of real card data: heavy-tailed amounts by category, merchants that recur, now
 * and then a foreign currency or an unsure agent. The same seed gives the same stream.
 */
export function* demoStream(seed: number, count: number): Generator<DemoPurchase> {
  const random = mulberry32(seed);
  for (let index = 0; index < count; index++) {
    const category = pick(CATEGORIES, random());
    const foreign = random() < 0.02;
    const amount = Math.max(0.5, category.medianAmount * Math.exp(category.spread * normal(random)));
    yield {
      agent: category.agent,
      amount: amount.toFixed(2),
      currency: foreign ? 'EUR' : 'GBP',
      // The first merchants of a list are the regular ones.
      merchant: category.merchants[Math.floor(random() ** 2 * category.merchants.length)] ?? '',
      merchantCategory: category.name,
      reason: `Purchase of ${category.name}`,
      confidence: random() < 0.06 ? round(random() * 0.5) : round(0.7 + random() * 0.3),
    };
  }
}

function pick(categories: readonly Category[], position: number): Category {
  const total = categories.reduce((sum, category) => sum + category.weight, 0);
  let left = position * total;
  for (const category of categories) {
    left -= category.weight;
    if (left < 0) return category;
  }
  throw new RangeError('the position must be below 1');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Standard normal by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Tommy Ettinger's mulberry32: 32 bits of state are plenty for a demonstration. Numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
