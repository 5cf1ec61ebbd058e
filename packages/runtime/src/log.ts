import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { redact } from './redact.ts';

export type Logger = PinoLogger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Goes into every line as `service`. */
  readonly name: string;
  readonly level: LogLevel;
  /** Default: standard output, synchronously: otherwise lines are lost in a crash and out of order at an exit. */
  readonly destination?: DestinationStream;
}

/** A JSON logger, one object a line, without secrets, with the ids of the span it was called in. Errors go under `err`. */
export function createLogger({ name, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service: name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: traceIds,
    hooks: { streamWrite: redact },
  };
  return pino(options, destination ?? pino.destination({ sync: true }));
}

function traceIds(): object {
  const context = trace.getActiveSpan()?.spanContext();
  return context ? { traceId: context.traceId, spanId: context.spanId } : {};
}
