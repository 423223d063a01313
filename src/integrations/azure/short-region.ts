/** `East US` → `eastus`: Azure writes its regions now one way, now the other. */
export function shortRegion(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
