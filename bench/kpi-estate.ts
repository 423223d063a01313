/** An estate file of so many cells in two regions. */
export function estateOf(count: number): string {
  const cell = (n: number) =>
    `      - { name: cell-${n}, role: active, requestsPerSecondPerReplica: 50, mostTenants: 100 }`;
  const half = Math.ceil(count / 2);
  const of = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => cell(from + n)).join('\n');
  return `version: 1
subscriptionId: 00000000-0000-4000-8000-00000000cafe
logsWorkspaceId: 00000000-0000-4000-8000-0000000010c5
tenants: { endpoint: 'https://cosmos.example.com', database: globaldb, container: tenants }
regions:
  - name: eastus
    resourceGroup: rg-stamps-production
    cells:
${of(0, half)}
  - name: westus
    resourceGroup: rg-stamps-dr
    cells:
${of(half, count)}
`;
}
