import { Kafka, type KafkaConfig, logLevel, type RetryOptions } from 'kafkajs';
import type { Log } from '../log.ts';
import { logTo } from './client-log.ts';
import { installRecordCodec } from './record-codec.ts';
import { repairRequestQueue } from './request-queue.ts';

export interface KafkaClientOptions {
  /** `host:port` of some brokers. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  readonly log: Log;
}

/** About ten seconds in all; what fails longer is the caller's to try again. */
export const RETRY: RetryOptions = { initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000, retries: 8 };

export function createClient({ brokers, clientId, ssl, sasl, log }: KafkaClientOptions): Kafka {
  repairRequestQueue();
  installRecordCodec();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    retry: RETRY,
    logLevel: logLevel.INFO,
    logCreator: logTo(log),
  });
}
