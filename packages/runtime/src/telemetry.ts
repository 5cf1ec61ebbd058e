import { processEnvironment } from './config.ts';

/**
 * Preload: `node --import @aegis/runtime/telemetry main.ts`. Tracing starts when OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_TRACES_EXPORTER is set; otherwise nothing is loaded, so that the default costs nothing.
 */
const env = processEnvironment();
const exporter = env['OTEL_TRACES_EXPORTER'] || (env['OTEL_EXPORTER_OTLP_ENDPOINT'] ? 'otlp' : 'none');
if (exporter !== 'none' && env['OTEL_SDK_DISABLED'] !== 'true') {
  const { register } = await import('node:module');
  // Modules imported from here on, ES modules included, can be instrumented; hence the dynamic import after it.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const { startTracing } = await import('./start-tracing.ts');
  startTracing();
}
