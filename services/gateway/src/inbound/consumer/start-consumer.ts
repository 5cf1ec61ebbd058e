import type { Bus, Delivery, Subscription } from '@aegis/bus/port';
import { decodeEvent, UnreadableEventError } from '@aegis/contracts/events/envelope';
import { TOPICS } from '@aegis/contracts/topics';
import { isPermanent } from '@aegis/postgres/errors';
import { withBatchSpans } from '@aegis/runtime/tracing';
import type { DeliveredDecision } from '../../usecases/intents/apply-decided.ts';

export const CONSUMER_GROUP = 'gateway';

interface AgentCreated {
  readonly organizationId: string;
  readonly agentId: string;
}

export interface ConsumerDeps {
  readonly bus: Pick<Bus, 'subscribe'>;
  /** Both are handed what stands in one batch, and must bear repetition. */
  applyDecided(decided: readonly DeliveredDecision[]): Promise<void>;
  rememberAgents(agents: readonly AgentCreated[]): Promise<void>;
}

/** Follows what policy decides and which agents there are; all other events of these topics are none of ours. */
export function startConsumer({ bus, applyDecided, rememberAgents }: ConsumerDeps): Promise<Subscription> {
  return bus.subscribe({
    group: CONSUMER_GROUP,
    topics: [TOPICS.decisions, TOPICS.registry],
    isPermanent: (error) => error instanceof UnreadableEventError || isPermanent(error),
    handle: (batch) =>
      withBatchSpans(batch, 'gateway consume', async () => {
        const { decided, agents } = sort(batch);
        await Promise.all([applyDecided(decided), rememberAgents(agents)]);
      }),
  });
}

function sort(batch: readonly Delivery[]): { decided: DeliveredDecision[]; agents: AgentCreated[] } {
  const decided: DeliveredDecision[] = [];
  const agents: AgentCreated[] = [];
  for (const delivery of batch) {
    const event = decodeEvent(delivery);
    if (event?.type === 'intent.decided') decided.push({ organizationId: event.organizationId, data: event.data });
    if (event?.type === 'agent.created') {
      agents.push({ organizationId: event.organizationId, agentId: event.data.agentId });
    }
  }
  return { decided, agents };
}
