import { globalGroup, providerId, subscriptionId } from './layout.ts';

const dayMs = 86_400_000;

export interface SeededAssessment {
  readonly key: string;
  readonly title: string;
  readonly severity: 'High' | 'Medium' | 'Low';
  readonly resourceId: string;
  code: 'Healthy' | 'Unhealthy' | 'NotApplicable';
}

export interface SeededJob {
  readonly id: string;
  readonly vault: string;
  readonly item: string;
  readonly startedAt: number;
  status: 'Completed' | 'Failed' | 'InProgress';
}

export interface SeededCertificate {
  readonly vault: string;
  readonly name: string;
  readonly enabled: boolean;
  expiresAt: number;
}

export interface SeededAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal';
  readonly roleId: string;
  readonly scope: string;
}

/** Built-in roles, by their ids (learn.microsoft.com, “Azure built-in roles”). */
export const roles: readonly { readonly id: string; readonly name: string }[] = [
  { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', name: 'Owner' },
  { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' },
  { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', name: 'Reader' },
];

const group = 'rg-stamps-production';
const vaultType = 'Microsoft.RecoveryServices/vaults';
const subscription = `/subscriptions/${subscriptionId}`;
const guid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** What maintenance finds in the emulated subscription, seeded so that there is something of each kind. */
export class Upkeep {
  /** Where the key vaults are: each on a host of its own in Azure, all on one here. */
  vaultUrl = '';
  readonly keyVaults = ['kv-stamps-eastus', 'kv-stamps-westus'];
  readonly backupVaults = [
    providerId(globalGroup, vaultType, 'rsv-stamps-eastus'),
    providerId('rg-stamps-dr', vaultType, 'rsv-stamps-westus'),
  ];
  /** Of resources that the emulator has no more of than this. */
  readonly others: { id: string; type: string; location: string; provisioningState: string }[];
  readonly assessments: SeededAssessment[];
  readonly jobs: SeededJob[];
  readonly certificates: SeededCertificate[];
  readonly assignments: SeededAssignment[];

  constructor(now: number) {
    const storage = (name: string) => providerId(group, 'Microsoft.Storage/storageAccounts', name);
    this.others = [
      {
        id: providerId(group, 'Microsoft.Cache/redis', 'redis-stamps-eastus'),
        type: 'Microsoft.Cache/redis',
        location: 'eastus',
        provisioningState: 'Failed',
      },
      {
        id: storage('stcellretail'),
        type: 'Microsoft.Storage/storageAccounts',
        location: 'eastus',
        provisioningState: 'Succeeded',
      },
    ];
    this.assessments = [
      {
        key: guid(101),
        title: 'Storage accounts should restrict network access',
        severity: 'Medium',
        resourceId: storage('stcellretail'),
        code: 'Unhealthy',
      },
      {
        key: guid(102),
        title: 'MFA should be enabled on accounts with owner permissions',
        severity: 'High',
        resourceId: subscription,
        code: 'Unhealthy',
      },
      {
        key: guid(103),
        title: 'Key vaults should have soft delete enabled',
        severity: 'High',
        resourceId: providerId(group, 'Microsoft.KeyVault/vaults', 'kv-stamps-eastus'),
        code: 'Healthy',
      },
    ];
    const [east = '', west = ''] = this.backupVaults;
    const job = (n: number, vault: string, item: string, daysAgo: number, status: SeededJob['status']): SeededJob => ({
      id: guid(200 + n),
      vault,
      item,
      startedAt: now - daysAgo * dayMs,
      status,
    });
    this.jobs = [
      job(1, east, 'vm-jumpbox', 1.2, 'Completed'),
      job(2, east, 'sqldb-banking', 2.4, 'Failed'),
      job(3, west, 'sqldb-banking-dr', 0.1, 'InProgress'),
      job(4, west, 'sqldb-retail-dr', 3.3, 'Failed'),
      job(5, west, 'sqldb-healthcare-dr', 20, 'Failed'),
    ];
    this.certificates = [
      { vault: 'kv-stamps-eastus', name: 'wildcard-stamps-example', enabled: true, expiresAt: now + 12 * dayMs },
      { vault: 'kv-stamps-eastus', name: 'api-stamps-example', enabled: true, expiresAt: now + 200 * dayMs },
      { vault: 'kv-stamps-westus', name: 'dr-stamps-example', enabled: true, expiresAt: now - dayMs },
      ...['kv-stamps-eastus', 'kv-stamps-westus'].map((vault) => ({
        ...{ vault, name: 'gateway-stamps-example', enabled: true },
        expiresAt: now + 90 * dayMs,
      })),
      { vault: 'kv-stamps-westus', name: 'old-stamps-example', enabled: false, expiresAt: now + 3 * dayMs },
    ];
    const assignment = (
      n: number,
      type: SeededAssignment['principalType'],
      role: string,
      scope: string,
    ): SeededAssignment => ({
      id: guid(300 + n),
      principalId: guid(400 + n),
      principalType: type,
      roleId: roles.find(({ name }) => name === role)?.id ?? '',
      scope,
    });
    this.assignments = [
      assignment(1, 'ServicePrincipal', 'Contributor', subscription),
      assignment(2, 'Group', 'Reader', '/providers/Microsoft.Management/managementGroups/mg-company'),
      assignment(3, 'User', 'Owner', subscription),
      assignment(4, 'User', 'Contributor', `${subscription}/resourceGroups/${group}`),
    ];
  }

  /** The certificate that a region's gateway shows. */
  gatewayCertificate(region: string): SeededCertificate | undefined {
    return this.certificates.find(({ vault, name }) => vault === `kv-stamps-${region}` && /^gateway-/.test(name));
  }

  /** Somebody is given a role. */
  grant(principalId: string, role: string, scope = subscription): void {
    const roleId = roles.find(({ name }) => name === role)?.id ?? '';
    const id = guid(300 + this.assignments.length + 1);
    this.assignments.push({ id, principalId, principalType: 'User', roleId, scope });
  }
}
