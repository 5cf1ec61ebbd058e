/** Topics that carry events. The first three are keyed by agent id, the registry by the id of what changed. */
export const TOPICS = {
  intents: 'aegis.intents',
  decisions: 'aegis.decisions',
  approvals: 'aegis.approvals',
  registry: 'aegis.registry',
} as const;

export type Topic = (typeof TOPICS)[keyof typeof TOPICS];
