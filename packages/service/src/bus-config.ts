import { flag, list, oneOf, url } from '@aegis/runtime/config';
import { z } from 'zod';
import type { KafkaBusOptions } from '@aegis/bus/kafka';

/** Which bus a process works on: Kafka where brokers are named, else the log in PostgreSQL. */
export type BusTarget =
  | { readonly adapter: 'kafka'; readonly kafka: Pick<KafkaBusOptions, 'brokers' | 'ssl' | 'sasl'> }
  | { readonly adapter: 'postgres-log'; readonly databaseUrl: string };

const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** Variables that every process on the bus understands. */
export const busConfig = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']).optional(),
    KAFKA_BROKERS: list().optional(),
    KAFKA_SSL: flag(false),
    KAFKA_SASL_MECHANISM: oneOf(SASL_MECHANISMS, 'scram-sha-512'),
    KAFKA_USERNAME: z.string().optional(),
    KAFKA_PASSWORD: z.string().optional(),
  })
  .transform((env, context): BusTarget => {
    if (env.KAFKA_BROKERS) {
      const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password, KAFKA_SASL_MECHANISM: mechanism } = env;
      // One shape for three mechanisms, which the client's types tell apart.
      const sasl = (username && password ? { mechanism, username, password } : undefined) as KafkaBusOptions['sasl'];
      return { adapter: 'kafka', kafka: { brokers: env.KAFKA_BROKERS, ssl: env.KAFKA_SSL, ...(sasl && { sasl }) } };
    }
    if (env.DATABASE_URL) return { adapter: 'postgres-log', databaseUrl: env.DATABASE_URL };
    context.addIssue({
      code: 'custom',
      path: ['KAFKA_BROKERS'],
      message: 'set it, or DATABASE_URL for the bus in PostgreSQL',
    });
    return z.NEVER;
  });
