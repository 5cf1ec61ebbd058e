import type { Actor } from '@aegis/contracts/actor';
import { canonicalJson, digestOf } from '@aegis/contracts/canonical-json';
import { changesBetween } from '@aegis/contracts/events/changes';
import type { AuditSettings } from '@aegis/contracts/http/audit-settings';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { NextSalt } from '../../domain/entry.ts';
import { insertSettings, latestSettings, type SettingsVersion } from '../../store/audit-settings.ts';
import { recordOwnEvent } from '../record-own-event.ts';

export function readSettings(database: Database, organizationId: string): Promise<SettingsVersion> {
  return database.read({ organizationId }, (tx) => latestSettings(tx, organizationId));
}

/**
 * Replaces the settings; the same settings again change nothing. The log says what changed, field by field.
 *
 * @throws ProblemError `wrong_state` when somebody else changed them at the same time
 */
export async function putSettings(
  { database, nextSalt, clock }: { database: Database; nextSalt: NextSalt; clock: Clock },
  organizationId: string,
  actor: Actor,
  settings: AuditSettings,
): Promise<SettingsVersion> {
  const before = await readSettings(database, organizationId);
  if (canonicalJson(before.settings) === canonicalJson(settings)) return before;
  const version = before.version + 1;
  const isOurs = await database.tx({ organizationId }, (tx) => insertSettings(tx, organizationId, version, settings));
  if (!isOurs) throw new ProblemError('wrong_state', 'the settings were changed at the same time: read them again');
  const { controlMatrix = null, euAiAct = null, rbi = null, sox = null, retention = null } = settings;
  const { settings: old } = before;
  await recordOwnEvent(database, nextSalt, {
    type: 'audit_settings.updated',
    organizationId,
    subject: organizationId,
    actor,
    time: clock.now(),
    causationId: null,
    data: {
      version,
      beforeSha256: before.version === 0 ? null : digestOf(old),
      afterSha256: digestOf(settings),
      changes: changesBetween<Partial<AuditSettings>>(old, {
        controlMatrix,
        euAiAct,
        rbi,
        sox,
        retention,
      } as Partial<AuditSettings>),
    },
  });
  return readSettings(database, organizationId);
}
