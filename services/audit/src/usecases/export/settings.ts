import type { Actor } from '@aegis/contracts/actor';
import { canonicalJson, digestOf } from '@aegis/contracts/canonical-json';
import { type Changes, changesBetween } from '@aegis/contracts/events/changes';
import type { AuditSettings } from '@aegis/contracts/http/audit-settings';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { NextSalt } from '../../domain/entry.ts';
import { insertSettings, latestSettings, type SettingsVersion } from '../../store/audit-settings.ts';
import { appendWith } from '../append-entries.ts';
import { ownEntry } from '../record-own-event.ts';

export function readSettings(database: Database, organizationId: string): Promise<SettingsVersion> {
  return database.read({ organizationId }, (tx) => latestSettings(tx, organizationId));
}

/**
 * Replaces the settings; the same settings again change nothing. The log says what changed, field by field, in the same
 * transaction: there is no version that it does not tell of.
 *
 * @throws ProblemError `wrong_state` when somebody else changed them at the same time
 */
export async function putSettings(
  { database, nextSalt, clock }: { database: Database; nextSalt: NextSalt; clock: Clock },
  organizationId: string,
  actor: Actor,
  settings: AuditSettings,
): Promise<SettingsVersion> {
  const { value } = await appendWith(database, { organizationId }, async (tx) => {
    const before = await latestSettings(tx, organizationId);
    if (canonicalJson(before.settings) === canonicalJson(settings)) return { value: before, entries: [] };
    const version = before.version + 1;
    const isOurs = await insertSettings(tx, organizationId, version, settings);
    if (!isOurs) throw new ProblemError('wrong_state', 'the settings were changed at the same time: read them again');
    const entry = ownEntry(nextSalt, {
      type: 'audit_settings.updated',
      organizationId,
      subject: organizationId,
      actor,
      time: clock.now(),
      causationId: null,
      data: {
        version,
        beforeSha256: before.version === 0 ? null : digestOf(before.settings),
        afterSha256: digestOf(settings),
        changes: changesOf(before.settings, settings),
      },
    });
    return { value: await latestSettings(tx, organizationId), entries: [entry] };
  });
  return value;
}

function changesOf(before: AuditSettings, settings: AuditSettings): Changes {
  const { controlMatrix = null, euAiAct = null, rbi = null, sox = null, retention = null } = settings;
  const after = { controlMatrix, euAiAct, rbi, sox, retention } as Partial<AuditSettings>;
  return changesBetween<Partial<AuditSettings>>(before, after);
}
