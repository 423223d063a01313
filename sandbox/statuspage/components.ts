/** The parts of the service as the sandbox's public page names them, and what of the estate each stands for. */
export const components = [
  { id: 'bnk7c1d2e3f4', name: 'Banking', of: 'cell-banking' },
  { id: 'rtl8a9b0c1d2', name: 'Retail', of: 'cell-retail' },
  { id: 'hlt5e6f7a8b9', name: 'Healthcare', of: 'cell-healthcare' },
  { id: 'eus1f2e3d4c5', name: 'East US', of: 'eastus' },
  { id: 'wus6b7a8f9e0', name: 'West US', of: 'westus' },
  { id: 'sgn0d1c2b3a4', name: 'Sign-in', of: undefined },
] as const;

/** The component of a cell or a region; a cell without one belongs to its region's. */
export function componentOf(name: string): string | undefined {
  return components.find(({ of }) => of === name)?.id;
}
