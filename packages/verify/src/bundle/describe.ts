import { LIMITS } from '../format/export/statements.ts';
import { COUNTED_AS, type Reconciliation } from '../format/export/reconciliation.ts';
import type { Manifest } from '../format/export/manifest.ts';
import { quantity } from '../format/quantity.ts';
import type { BundleReport } from './check-bundle.ts';

/** What a report means, in plain words; the first line is the verdict. */
export function describeReport(report: BundleReport): string {
  const { faults } = report;
  if (faults.length > 0) {
    const lines = faults.map(({ place, what }) => `  ${place}: ${what}`);
    return [`NOT VERIFIED: ${quantity(faults.length, 'fault')}`, ...lines, ''].join('\n');
  }
  return [
    'VERIFIED',
    '',
    'Proved:',
    ...bullets(proved(report)),
    '',
    'Not proved:',
    ...bullets(notProved(report)),
    '',
  ].join('\n');
}

/** What holds where there are no faults. */
export function proved({ manifest, checkpoint, isSigned, priorSize, entries }: BundleReport): string[] {
  if (!manifest || !checkpoint) return [];
  const { range, query, control_totals: totals, reconciliation } = manifest;
  const span = range.begin === range.end ? 'no entries' : `the entries ${range.begin} to ${range.end - 1}`;
  return [
    `These are ${span} of the log ${checkpoint.origin}, which had ${checkpoint.size} when its key signed it: none is missing, added, moved or changed (${entries} checked).`,
    `They are those recorded ${timesOf(query)}, as the neighbouring entries show.`,
    `The file of records holds what the entries say, byte for byte, in the columns of ${manifest.profile_version}, and the control totals are right (${quantity(totals.rows, 'row')}).`,
    ...(totals.erased > 0
      ? [
          `In ${quantity(totals.erased, 'entry', 'entries')} personal values were erased since; what remains is unchanged.`,
        ]
      : []),
    ...(reconciliation ? [logSideOf(reconciliation)] : []),
    ...(isSigned ? [`The manifest is the one that was signed for the export ${manifest.export_id}.`] : []),
    ...(priorSize === null
      ? []
      : [
          `The log begins with the ${quantity(priorSize, 'entry that was', 'entries that were')} signed before, unchanged.`,
        ]),
  ];
}

/** What does not follow, though there are no faults. */
export function notProved({ manifest, isSigned, priorSize, untrustedKey }: BundleReport): string[] {
  return [
    ...(isSigned ? [] : ['The signature of the manifest was not checked: give its key with --jwk.']),
    ...(untrustedKey === null
      ? []
      : [
          `That ${untrustedKey}, which also signed the log and which you did not give, is a key of it: get it the way you got the others.`,
        ]),
    ...(priorSize === null ? ['No earlier checkpoint was compared: give one with --from-checkpoint.'] : []),
    ...(manifest && manifest.control_totals.withheld > 0
      ? [
          `${quantity(manifest.control_totals.withheld, 'entry is withheld; that it lies', 'entries are withheld; that they lie')} outside the filter is the word of the signer.`,
        ]
      : []),
    ...(manifest ? laterOf(manifest) : []),
    ...(manifest ? [operationalSideOf(manifest.reconciliation ?? null)] : []),
    ...LIMITS,
  ];
}

/** Where no end was asked for, only whoever signed the manifest knows how far the log went when the export was asked for. */
function laterOf({ query, range, log }: Manifest): string[] {
  const later = query.to === null ? log.size - range.end : 0;
  if (later === 0) return [];
  return [
    `The log has ${quantity(later, 'entry', 'entries')} behind these; that they came after the export was asked for is the word of the signer.`,
  ];
}

/** What was counted again of the comparison with the operational database. */
function logSideOf({ period, log }: Reconciliation): string {
  const counts = COUNTED_AS.map((as) => `${log[as].count} ${as}`).join(', ');
  return `Of the intents created ${timesOf(period)}, the entries hold ${counts}: that is what the manifest sets against the operational database, and the differences it tells are the right ones.`;
}

/** What only whoever signed the manifest knows of the operational database. */
function operationalSideOf(reconciliation: Reconciliation | null): string {
  if (reconciliation === null)
    return 'The log was not compared with the operational database: the gaps in the manifest say why.';
  const { operational, log, deltas, differences } = reconciliation;
  const parts = COUNTED_AS.filter((as) => operational[as].set_digest !== log[as].set_digest);
  if (parts.length === 0 && differences.count === 0)
    return 'The service says that the operational database held the very same intents and amounts; nothing in the bundle proves what that database held.';
  const told = parts.map((as) => `${operational[as].count} ${as} against ${log[as].count} (${deltas[as].count})`);
  return `THE OPERATIONAL DATABASE AND THE LOG DO NOT AGREE, the service says: ${told.join(', ')}; ${quantity(differences.count, 'intent is', 'intents are')} named in the manifest.`;
}

function timesOf({ from, to }: { readonly from: string | null; readonly to: string | null }): string {
  if (from === null) return to === null ? 'up to the last of them' : `before ${to}`;
  return to === null ? `from ${from} on, up to the last of them` : `from ${from} on and before ${to}`;
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `  - ${line}`);
}
