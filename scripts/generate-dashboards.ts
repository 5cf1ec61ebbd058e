import type { GenerateStep } from './generate-step.ts';

interface Query {
  readonly expr: string;
  /** Such as `{{service}}`. */
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  readonly description: string;
  readonly unit: 'short' | 's' | 'bytes' | 'percentunit' | 'reqps';
  readonly queries: readonly Query[];
  /** One number with a colour from this value on, instead of a graph. */
  readonly redFrom?: number;
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

const FOLDER = 'helm/aegis-comply/files/dashboards';
const [WIDTH, HEIGHT] = [24, 8];
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const by = (expr: string, legend: string): Query => ({ expr, legend });
const API_RATE = 'sum by (status) (rate(aegis_http_request_seconds_count[5m]))';
const quantile = (q: number, metric: string, where = '') =>
  `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket${where}[5m])))`;

/** The five questions that whoever is woken asks first, in this order. */
const overview: Dashboard = {
  uid: 'aegis-overview',
  title: 'Aegis Comply: five questions',
  rows: [
    {
      title: 'Is it up?',
      panels: [
        {
          title: 'Pods that answer',
          description: 'Targets that Prometheus reaches.',
          unit: 'short',
          queries: [by('count by (service) (up{job="aegis"} == 1)', '{{service}}')],
        },
        {
          title: 'Readiness, by check',
          description: 'Share of the pods that pass each check. See docs/runbooks/aegis-not-ready.md.',
          unit: 'percentunit',
          queries: [by('avg by (service, check) (aegis_ready)', '{{service}} {{check}}')],
        },
      ],
    },
    {
      title: 'Is it fast?',
      panels: [
        {
          title: 'From submission to decision',
          description: 'Without the time that people take.',
          unit: 's',
          queries: [0.5, 0.95, 0.99].map((q) => by(quantile(q, 'aegis_decision_latency_seconds'), `p${q * 100}`)),
        },
        {
          title: 'API, slowest routes',
          description: '99th percentile; waits that the client asked for (Prefer: wait) are included.',
          unit: 's',
          queries: [
            by(
              'topk(5, histogram_quantile(0.99, sum by (le, method, route) (rate(aegis_http_request_seconds_bucket[5m]))))',
              '{{method}} {{route}}',
            ),
          ],
        },
      ],
    },
    {
      title: 'Is it behind?',
      panels: [
        {
          title: 'Events to handle',
          description: 'Published and not yet handled, by consumer group.',
          unit: 'short',
          queries: [by('sum by (group) (aegis_consumer_lag)', '{{group}}')],
        },
        {
          title: 'Wait in the outbox',
          description: 'Age of the oldest event that is committed and not published.',
          unit: 's',
          queries: [by('max by (schema) (aegis_outbox_age_seconds)', '{{schema}}')],
        },
      ],
    },
    {
      title: 'Is it losing anything?',
      panels: [
        {
          title: 'Dead letters, last 24 hours',
          description: 'Events that no retry could help: aegis dead-letters list.',
          unit: 'short',
          redFrom: 1,
          queries: [by('sum(increase(aegis_dead_letters_total[24h]))', 'dead letters')],
        },
        {
          title: 'Intents, by what became of them',
          description: 'pending counts submissions; the other lines together follow it.',
          unit: 'reqps',
          queries: [by('sum by (status) (rate(aegis_intents_total[5m]))', '{{status}}')],
        },
        {
          title: 'Growth of the audit log',
          description: 'Entries a second, over all organisations.',
          unit: 'reqps',
          queries: [by('deriv(max(aegis_chain_height)[10m:30s])', 'entries')],
        },
      ],
    },
    {
      title: 'Is it over its error budget?',
      panels: [
        {
          title: 'Budget left of the last 30 days',
          description: 'The objective: 999 of 1,000 requests are answered without a fault of ours.',
          unit: 'percentunit',
          queries: [
            by(
              '1 - (sum(increase(aegis_http_request_seconds_count{status=~"5.."}[30d])) or vector(0)) / sum(increase(aegis_http_request_seconds_count[30d])) / 0.001',
              'left',
            ),
          ],
        },
        {
          title: 'Requests, by status',
          description: '4xx are refusals that the caller can mend; 5xx spend the budget.',
          unit: 'reqps',
          queries: [by(API_RATE, '{{status}}')],
        },
      ],
    },
  ],
};

/** What each process uses: where to look when an answer above is no. */
const processes: Dashboard = {
  uid: 'aegis-processes',
  title: 'Aegis Comply: processes',
  rows: [
    {
      title: 'Resources',
      panels: [
        {
          title: 'Processor',
          description: 'Cores in use.',
          unit: 'short',
          queries: [
            by(
              'sum by (service, instance) (rate(process_cpu_seconds_total{job="aegis"}[5m]))',
              '{{service}} {{instance}}',
            ),
          ],
        },
        {
          title: 'Memory',
          description: 'Resident.',
          unit: 'bytes',
          queries: [by('process_resident_memory_bytes{job="aegis"}', '{{service}} {{instance}}')],
        },
        {
          title: 'JavaScript heap',
          description: 'In use.',
          unit: 'bytes',
          queries: [by('nodejs_heap_used_bytes{job="aegis"}', '{{service}} {{instance}}')],
        },
        {
          title: 'Event loop delay',
          description: '99th percentile since the last scrape.',
          unit: 's',
          queries: [by('nodejs_eventloop_delay_seconds{job="aegis"}', '{{service}} {{instance}}')],
        },
      ],
    },
    {
      title: 'Work',
      panels: [
        {
          title: 'Events published',
          description: 'By the relays of the outboxes.',
          unit: 'reqps',
          queries: [by('sum by (schema) (rate(aegis_outbox_published_total[5m]))', '{{schema}}')],
        },
        {
          title: 'Events in the outbox',
          description: 'Committed and not published.',
          unit: 'short',
          queries: [by('max by (schema) (aegis_outbox_lag)', '{{schema}}')],
        },
        {
          title: 'Audit exports',
          description: 'Bytes a second.',
          unit: 'bytes',
          queries: [by('sum by (format, standard) (rate(aegis_export_bytes_total[5m]))', '{{format}} {{standard}}')],
        },
        {
          title: 'Restarts',
          description: 'Age of each process.',
          unit: 's',
          queries: [by('time() - process_start_time_seconds{job="aegis"}', '{{service}} {{instance}}')],
        },
      ],
    },
  ],
};

/** Grafana's own format; the data source is a variable, so that they can be imported anywhere. */
function documentOf({ uid, title, rows }: Dashboard): object {
  let y = 0;
  const panels: object[] = [];
  for (const row of rows) {
    panels.push({ type: 'row', title: row.title, collapsed: false, panels: [], gridPos: { x: 0, y, w: WIDTH, h: 1 } });
    y += 1;
    const perLine = row.panels.length === 3 ? 3 : 2;
    for (const [index, panel] of row.panels.entries()) {
      const w = WIDTH / perLine;
      const gridPos = { x: (index % perLine) * w, y: y + Math.floor(index / perLine) * HEIGHT, w, h: HEIGHT };
      panels.push(panelOf(panel, gridPos));
    }
    y += Math.ceil(row.panels.length / perLine) * HEIGHT;
  }
  const datasource = { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' };
  return {
    uid,
    title,
    tags: ['aegis'],
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [datasource] },
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
}

function panelOf({ title, description, unit, queries, redFrom }: Panel, gridPos: object): object {
  const steps = [{ color: 'green', value: null }, ...(redFrom === undefined ? [] : [{ color: 'red', value: redFrom }])];
  return {
    type: redFrom === undefined ? 'timeseries' : 'stat',
    title,
    description,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCodePoint(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}

/** Grafana dashboards, which the chart ships as ConfigMaps and compose mounts. */
export const dashboardsStep: GenerateStep = {
  name: 'dashboards',
  ownedDir: FOLDER,
  outputs: async () =>
    new Map(
      [overview, processes].map((dashboard) => [
        `${FOLDER}/${dashboard.uid.replace('aegis-', '')}.json`,
        `${JSON.stringify(documentOf(dashboard), null, 2)}\n`,
      ]),
    ),
};
