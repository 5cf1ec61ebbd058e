import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { registerTelemetry } from './telemetry-state.ts';

/** Paths that probes call every few seconds. */
const PROBES = new Set(['/livez', '/readyz', '/metrics', '/healthz']);

/**
 * Starts the SDK; exporter, sampler and resource come from the standard OTEL_* variables. Kafka's client has no
 * instrumentation: it would put the relay's trace into each message, in place of the one that caused it.
 */
export function startTracing(): void {
  const sdk = new NodeSDK({
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => PROBES.has(request.url ?? '') }),
      new ExpressInstrumentation(),
      new GrpcInstrumentation(),
      new PgInstrumentation({ requireParentSpan: true }),
      new UndiciInstrumentation(),
    ],
    // Metrics have an endpoint of their own and logs go to standard output.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  registerTelemetry(() => sdk.shutdown());
}
