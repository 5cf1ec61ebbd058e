import { EVENTS } from '../packages/contracts/src/events/catalog.ts';
import { TOPICS } from '../packages/contracts/src/topics.ts';
import type { GenerateStep } from './generate-step.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly title: string;
  readonly text: readonly string[];
  readonly fill?: string;
}

const [WIDTH, HEIGHT, BOX_HEIGHT] = [1000, 560, 78];
const INK = '#1f2937';
const [OUTSIDE, SERVICE, BUS, STORE] = ['#f3f4f6', '#e0ecff', '#fff3d6', '#e7f6ec'];

/** Event types of one topic, such as `intent.submitted`; the registry has too many to name. */
function eventsOf(topic: string): string {
  const types = Object.entries(EVENTS).filter(([, event]) => event.topic === topic);
  return types.length > 4 ? 'agents, policies, users, keys' : types.map(([type]) => type.split('.')[1]).join(', ');
}

const outside: Box[] = [
  { x: 40, y: 20, width: 270, title: 'Agents', text: ['an API key', 'POST /v1/intents'], fill: OUTSIDE },
  {
    x: 365,
    y: 20,
    width: 270,
    title: 'Finance people',
    text: ['a login', 'approvals, policies, analytics'],
    fill: OUTSIDE,
  },
  {
    x: 690,
    y: 20,
    width: 270,
    title: 'Auditors and regulators',
    text: ['exports they check', 'without us'],
    fill: OUTSIDE,
  },
];
const gateway: Box = {
  x: 40,
  y: 150,
  width: 920,
  title: 'gateway',
  text: ['REST, authentication, permissions, idempotency, rate limits · owns intents, users and keys'],
  fill: SERVICE,
};
const bus: Box = {
  x: 40,
  y: 280,
  width: 920,
  title: 'the bus: Kafka, or a durable log in PostgreSQL',
  text: [
    Object.values(TOPICS)
      .map((topic) => `${topic}: ${eventsOf(topic)}`)
      .slice(0, 2)
      .join('   ·   '),
    Object.values(TOPICS)
      .map((topic) => `${topic}: ${eventsOf(topic)}`)
      .slice(2)
      .join('   ·   '),
  ],
  fill: BUS,
};
const services: Box[] = [
  { x: 40, y: 410, width: 200, title: 'policy', text: ['decides, holds budgets'], fill: SERVICE },
  { x: 280, y: 410, width: 200, title: 'approval', text: ['asks people, expires'], fill: SERVICE },
  { x: 520, y: 410, width: 200, title: 'audit', text: ['hash chain, exports'], fill: SERVICE },
  { x: 760, y: 410, width: 200, title: 'analytics', text: ['what was spent'], fill: SERVICE },
];
const stores: Box[] = [
  { x: 40, y: 510, width: 680, title: 'PostgreSQL: one schema and one role a service', text: [], fill: STORE },
  { x: 760, y: 510, width: 200, title: 'ClickHouse', text: [], fill: STORE },
];

function draw({ x, y, width, title, text, fill }: Box): string {
  const height = text.length === 0 ? 36 : BOX_HEIGHT;
  const middle = x + width / 2;
  const lines = text.map(
    (line, index) => `<text x="${middle}" y="${y + 46 + index * 18}" font-size="13">${line}</text>`,
  );
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="${INK}" stroke-width="1.2"/>`,
    `<text x="${middle}" y="${y + 24}" font-size="16" font-weight="600">${title}</text>`,
    ...lines,
  ].join('\n');
}

function arrow(x: number, from: number, to: number, both = false): string {
  const start = both ? ' marker-start="url(#head)"' : '';
  return `<line x1="${x}" y1="${from}" x2="${x}" y2="${to}" stroke="${INK}" stroke-width="1.4" marker-end="url(#head)"${start}/>`;
}

function picture(): string {
  const boxes = [...outside, gateway, bus, ...services, ...stores];
  const arrows = [
    ...outside.map(({ x, width }) => arrow(x + width / 2, 20 + BOX_HEIGHT, gateway.y - 2, true)),
    arrow(500, gateway.y + BOX_HEIGHT + 2, bus.y - 2, true),
    ...services.map(({ x, width, y }) => arrow(x + width / 2, bus.y + BOX_HEIGHT + 2, y - 2, true)),
    ...services.map(({ x, width, y }) => arrow(x + width / 2, y + BOX_HEIGHT, 508)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" fill="${INK}" text-anchor="middle">
<title>Aegis Comply: five services around one bus</title>
<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="${INK}"/></marker></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${[...arrows, ...boxes.map(draw)].join('\n')}
<text x="850" y="262" font-size="13" fill="#4b5563">and gRPC to ask and to command</text>
</svg>
`;
}

/** The picture of the README: its topics and events are those of the contracts. */
export const pictureStep: GenerateStep = {
  name: 'picture',
  outputs: async () => new Map([['docs/pictures/system.svg', picture()]]),
};
