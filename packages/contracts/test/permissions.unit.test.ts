import { describe, expect, it } from 'vitest';
import {
  AGENT_KEY_PERMISSIONS,
  HUMAN_ONLY,
  PERMISSIONS,
  permissionsOf,
  ROLE_PERMISSIONS,
  ROLES,
} from '../src/permissions.ts';
import { PROBLEMS } from '../src/problems.ts';

describe('permissions', () => {
  it('of several roles are the union of each', () => {
    const both = permissionsOf(['viewer', 'finance']);
    expect([...both].toSorted()).toEqual(
      [...new Set([...ROLE_PERMISSIONS.viewer, ...ROLE_PERMISSIONS.finance])].toSorted(),
    );
  });

  it('to answer approvals never reach an agent, a viewer, an auditor or a developer', () => {
    const holders = ROLES.filter((role) => permissionsOf([role]).has('approvals:respond'));
    expect(holders).toEqual(['owner', 'admin', 'finance']);
    expect(AGENT_KEY_PERMISSIONS.filter((permission) => HUMAN_ONLY.has(permission))).toEqual([]);
  });

  it('are each held by some role', () => {
    expect(PERMISSIONS.filter((permission) => !ROLES.some((role) => permissionsOf([role]).has(permission)))).toEqual(
      [],
    );
  });
});

describe('problems', () => {
  it('have an HTTP status of failure and a title', () => {
    for (const { status, title } of Object.values(PROBLEMS)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).not.toBe('');
    }
  });
});
