import {
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { tracingEnabled } from './telemetry-state.ts';

type Headers = Readonly<Record<string, string>>;

/** W3C `traceparent` of the active span, for an outbox row or a message; null when nothing is being traced. */
export function currentTraceparent(): string | null {
  const span = trace.getActiveSpan();
  return span ? traceparentOf(span) : null;
}

/**
 * Runs `fn` in a consumer span that continues the trace in the message's `traceparent` header. Without tracing it only
 * calls `fn`.
 */
export async function withMessageSpan<T>(headers: Headers, name: string, fn: () => Promise<T>): Promise<T> {
  if (!tracingEnabled()) return fn();
  const parent = contextOf(headers);
  const span = startConsumerSpan(headers, name, parent);
  try {
    return await context.with(trace.setSpan(parent, span), fn);
  } catch (error) {
    recordError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/**
 * Handles a batch as one piece of work, with a consumer span a message. `fn` receives the `traceparent` to put on what a
 * message causes; without tracing that is the message's own. The spans of `fn` join the message's trace when it is alone,
 * otherwise one of the batch that links to every message.
 */
export async function withBatchSpans<M extends { readonly headers: Headers }, T>(
  batch: readonly M[],
  name: string,
  fn: (traceparentOf: (message: M) => string | null) => Promise<T>,
): Promise<T> {
  if (!tracingEnabled()) return fn((message) => message.headers['traceparent'] ?? null);
  const spans = new Map(
    batch.map((message) => [message, startConsumerSpan(message.headers, name, contextOf(message.headers))]),
  );
  const [first, ...others] = spans.values();
  const whole = first && others.length === 0 ? first : startBatchSpan(name, [...spans.values()]);
  const all = new Set([...spans.values(), whole]);
  try {
    return await context.with(trace.setSpan(ROOT_CONTEXT, whole), () =>
      fn((message) => {
        const span = spans.get(message);
        return span ? traceparentOf(span) : null;
      }),
    );
  } catch (error) {
    for (const span of all) recordError(span, error);
    throw error;
  } finally {
    for (const span of all) span.end();
  }
}

function startBatchSpan(name: string, spans: readonly Span[]): Span {
  const links = spans.map((span) => ({ context: span.spanContext() }));
  return trace.getTracer('aegis').startSpan(`${name} batch`, { kind: SpanKind.CONSUMER, links }, ROOT_CONTEXT);
}

function contextOf(headers: Headers): Context {
  return propagation.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

function startConsumerSpan(headers: Headers, name: string, parent: Context): Span {
  const attributes: Record<string, string> = {};
  for (const attribute of ['ce_type', 'ce_id', 'ce_org']) {
    const value = headers[attribute];
    if (value) attributes[attribute.replace('ce_', 'cloudevents.event_')] = value;
  }
  return trace.getTracer('aegis').startSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent);
}

function recordError(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** https://www.w3.org/TR/trace-context/#traceparent-header, version 00. */
function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}
