import { type Observable, type ObservableCallback, metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

const reader = new PrometheusExporter({ preventServerStart: true });
const provider = new MeterProvider({ readers: [reader] });
const serializer = new PrometheusSerializer('', false, undefined, true, true);
// Asked directly: an instrument made before the global provider is set would stay silent for ever, and instruments are
// declared when modules load. Packages that know only the API meet the same provider.
const meter = provider.getMeter('aegis');
metrics.setGlobalMeterProvider(provider);

type Labels<L extends string> = Readonly<Record<L, string>>;

interface Declaration<L extends string> {
  readonly description: string;
  /** Every value of a label is a time series: never an id. */
  readonly labels?: readonly L[];
}

/** Something that only grows. */
export interface Counter<L extends string> {
  add(value: number, labels: Labels<L>): void;
}

/** A distribution, such as of latencies. */
export interface Histogram<L extends string> {
  record(value: number, labels: Labels<L>): void;
}

/** A level, read when Prometheus asks. */
export interface Gauge<L extends string> {
  /** Starts reading one series. After a call of the function returned it keeps its last value. */
  observe(read: () => number, labels: Labels<L>): () => void;
}

/** Names are dotted and end in the unit, if they have one: `aegis.export.bytes` becomes `aegis_export_bytes_total`. */
export function counter<const L extends string = never>(name: string, declaration: Declaration<L>): Counter<L> {
  return meter.createCounter(name, { description: declaration.description });
}

/** `boundaries` are the buckets' upper ends, in the unit. */
export function histogram<const L extends string = never>(
  name: string,
  declaration: Declaration<L> & { boundaries: readonly number[] },
): Histogram<L> {
  const advice = { explicitBucketBoundaries: [...declaration.boundaries] };
  return meter.createHistogram(name, { description: declaration.description, advice });
}

export function gauge<const L extends string = never>(name: string, declaration: Declaration<L>): Gauge<L> {
  return observed(meter.createObservableGauge(name, { description: declaration.description }));
}

/** A counter that somebody else keeps, read when Prometheus asks. */
export function observedCounter<const L extends string = never>(name: string, declaration: Declaration<L>): Gauge<L> {
  return observed(meter.createObservableCounter(name, { description: declaration.description }));
}

function observed<L extends string>(instrument: Observable): Gauge<L> {
  return {
    observe(read, labels) {
      const callback: ObservableCallback = (result) => result.observe(read(), labels);
      instrument.addCallback(callback);
      return () => instrument.removeCallback(callback);
    },
  };
}

/** All instruments of the process in the Prometheus text format. */
export async function renderMetrics(): Promise<string> {
  const { resourceMetrics, errors } = await reader.collect();
  if (errors.length > 0) throw new AggregateError(errors, 'a metric could not be read');
  return serializer.serialize(resourceMetrics);
}
